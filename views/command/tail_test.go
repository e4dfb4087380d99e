package command_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/views/command"
)

// shared hands one open API to several commands, which may close it as they please.
type shared struct{ apiclient.API }

func (shared) Close() error { return nil }

// Tail follows a delivery from its making to its end, goes on where it was left, and
// ends with its context.
func TestTail(t *testing.T) {
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // the sender's body; what becomes of it is the sender's affair
		w.WriteHeader(http.StatusAccepted)
	}))
	defer receiver.Close()
	api, err := openEngine(t.Context(), command.Target{Dir: t.TempDir(), AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := api.Close(); err != nil {
			t.Error(err)
		}
	}()
	run := func(ctx context.Context, stdout io.Writer, args ...string) command.Exit {
		var stderr bytes.Buffer
		root := command.New(command.Config{
			Open:   func(context.Context, command.Target) (apiclient.API, error) { return shared{api}, nil },
			Stdout: stdout, Stderr: &stderr,
		})
		code := command.Run(ctx, root, args)
		if code != command.Done {
			t.Errorf("umdeck %v ended with %d: %s", args, code, &stderr)
		}
		return code
	}
	run(t.Context(), io.Discard, "zaps", "create", "--name", "Logins", "--trigger", "um_user_login", "--fields", "user_login", "--status", "running")
	run(t.Context(), io.Discard, "subscriptions", "add", "--zap", "1", "--url", receiver.URL)

	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	rows, lines := io.Pipe()
	ended := make(chan command.Exit, 1)
	go func() {
		ended <- run(ctx, lines, "deliveries", "tail", "--since", "0", "--output", "jsonl")
		_ = lines.Close() // a pipe's end never fails
	}()
	run(t.Context(), io.Discard, "triggers", "fire", "um_user_login", "--user", "admin")
	last := follow(t, rows, "done")
	cancel()
	if _, err := io.Copy(io.Discard, rows); err != nil {
		t.Fatal(err)
	}
	if code := <-ended; code != command.Done {
		t.Errorf("the tail ended with %d when its context did; want 0", code)
	}
	if last.Code != http.StatusAccepted || last.Attempts != 1 || last.WebhookID == "" || last.Event != "um_user_login" || last.Seq == 0 {
		t.Errorf("the last row is %+v", last)
	}
	run(t.Context(), io.Discard, "triggers", "fire", "um_user_login", "--user", "admin")
	var out bytes.Buffer
	run(t.Context(), &out, "deliveries", "tail", "--since", json.Number(jsonInt(last.Seq)).String(), "--output", "jsonl", "--limit", "1")
	next := follow(t, &out, "due")
	if next.Seq <= last.Seq || next.ID != last.ID+1 || next.Kind != "queued" {
		t.Errorf("after row %d came %+v; want the next delivery as it was queued", last.Seq, next)
	}
}

func jsonInt(n int64) string {
	b, _ := json.Marshal(n) // a number always encodes
	return string(b)
}

type tailRow struct {
	ID        int64
	WebhookID string `json:"webhook_id"`
	Event     string
	State     string
	Kind      string
	Attempts  int
	Code      int
	Seq       int64
}

// follow reads rows until one is in the state.
func follow(t *testing.T, in io.Reader, state string) tailRow {
	t.Helper()
	scan := bufio.NewScanner(in)
	seen := []string{}
	for scan.Scan() {
		var row tailRow
		if err := json.Unmarshal(scan.Bytes(), &row); err != nil {
			t.Fatalf("%v: %s", err, scan.Bytes())
		}
		if seen = append(seen, row.Kind+" "+row.State); row.State == state {
			return row
		}
	}
	t.Fatalf("no row is %s: %s, %v", state, strings.Join(seen, ", "), scan.Err())
	return tailRow{}
}
