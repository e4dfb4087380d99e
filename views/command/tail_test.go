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
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/views/command"
)

// shared hands one open API to several commands, which may close it as they please.
type shared struct{ apiclient.API }

func (shared) Close() error { return nil }

// A house is an open instance on which several commands run, one after the other or
// at once, and a receiver that answers 202.
type house struct {
	api      apiclient.API
	receiver string
}

func newHouse(t *testing.T) house {
	t.Helper()
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // the sender's body; what becomes of it is the sender's affair
		w.WriteHeader(http.StatusAccepted)
	}))
	api, err := openEngine(t.Context(), command.Target{Dir: t.TempDir(), AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := api.Close(); err != nil {
			t.Error(err)
		}
		receiver.Close()
	})
	return house{api, receiver.URL}
}

// run runs a command line that must end with 0.
func (h house) run(ctx context.Context, t *testing.T, stdout io.Writer, args ...string) {
	t.Helper()
	var stderr bytes.Buffer
	root := command.New(command.Config{
		Open:   func(context.Context, command.Target) (apiclient.API, error) { return shared{h.api}, nil },
		Stdout: stdout, Stderr: &stderr,
	})
	if code := command.Run(ctx, root, args); code != command.Done {
		t.Errorf("umdeck %v ended with %d: %s", args, code, &stderr)
	}
}

// print runs a command line and returns what it prints.
func (h house) print(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	h.run(t.Context(), t, &out, args...)
	return out.String()
}

// login raises an event that a subscription to the receiver is told of.
func (h house) login(t *testing.T) {
	h.print(t, "triggers", "fire", "um_user_login", "--user", "admin")
}

// Tail follows a delivery from its making to its end, ends with its context, and goes
// on where it was left.
func TestTail(t *testing.T) {
	h := newHouse(t)
	h.print(t, "zaps", "create", "--name", "Logins", "--trigger", "um_user_login", "--fields", "user_login", "--status", "running")
	h.print(t, "subscriptions", "add", "--zap", "1", "--url", h.receiver)
	last := h.tailOne(t)
	if last.Code != http.StatusAccepted || last.Attempts != 1 || last.WebhookID == "" || last.Event != "um_user_login" || last.Seq == 0 {
		t.Errorf("the last row is %+v", last)
	}
	h.checkDelivery(t, last)
	if out, want := h.print(t, "deliveries", "tail", "--since", "0", "--limit", "2", "--columns", "event,state,code"),
		"EVENT                     STATE      CODE\num_user_login             due\num_user_login             done        202\n"; out != want {
		t.Errorf("the tail as a table is\n%s\nwant\n%s", out, want)
	}
	h.login(t)
	next := follow(t, strings.NewReader(h.print(t, "deliveries", "tail", "--since", jsonInt(last.Seq), "--output", "jsonl", "--limit", "1")), "due")
	if next.Seq <= last.Seq || next.ID != last.ID+1 || next.Kind != "queued" {
		t.Errorf("after row %d came %+v; want the next delivery as it was queued", last.Seq, next)
	}
}

// tailOne follows one delivery until it is done, and then ends the tail.
func (h house) tailOne(t *testing.T) tailRow {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	rows, lines := io.Pipe()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		h.run(ctx, t, lines, "deliveries", "tail", "--since", "0", "--output", "jsonl")
		_ = lines.Close() // a pipe's end never fails
	}()
	h.login(t)
	last := follow(t, rows, "done")
	cancel()
	if _, err := io.Copy(io.Discard, rows); err != nil {
		t.Fatal(err)
	}
	<-ended
	return last
}

// checkDelivery reads the delivery of a row in both forms.
func (h house) checkDelivery(t *testing.T, row tailRow) {
	t.Helper()
	out := h.print(t, "deliveries", "get", jsonInt(row.ID), "--output", "json")
	for _, part := range []string{`"body":{"id":`, `"log":[{"number":1,`, `"code":202`, `["webhook-id","` + row.WebhookID + `"]`, `"answer":""`} {
		if !strings.Contains(strings.ReplaceAll(out, "Webhook-Id", "webhook-id"), part) {
			t.Errorf("the delivery is %s; want %s in it", out, part)
		}
	}
	if out := h.print(t, "deliveries", "get", jsonInt(row.ID)); !strings.Contains(out, "\n\nTRY  AT") {
		t.Errorf("the delivery has no attempts: %s", out)
	}
}

// breaking is a log that breaks off after each of its entries, and is away for three
// tries in between.
type breaking struct {
	apiclient.API
	after []int64 // what was asked for
}

func (*breaking) Close() error { return nil }

// LogSpan is that of a site that cannot tell.
func (*breaking) LogSpan(context.Context, time.Time) (apiclient.LogSpan, error) {
	return apiclient.LogSpan{}, apiclient.Errorf(apiclient.NotFound, "There is no such route.")
}

func (b *breaking) Watch(_ context.Context, after int64, fn func([]apiclient.LogEntry) error) error {
	b.after = append(b.after, after)
	away := apiclient.Errorf(apiclient.Unavailable, "Nobody answers.")
	if len(b.after)%4 != 1 {
		return away
	}
	if err := fn(nil); err != nil {
		return err
	}
	d := apiclient.Delivery{ID: 7, State: apiclient.DeliveryDone}
	if err := fn([]apiclient.LogEntry{{Seq: max(after, 0) + 5, Kind: apiclient.LogState, Delivery: &d}}); err != nil {
		return err
	}
	return away
}

// A tail goes on where it was when the connection is back, and says both on stderr.
func TestTailOutlivesTheConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &breaking{}
		var stdout, stderr bytes.Buffer
		root := command.New(command.Config{
			Open:   func(context.Context, command.Target) (apiclient.API, error) { return api, nil },
			Stdout: &stdout, Stderr: &stderr,
		})
		code := command.Run(t.Context(), root, []string{"deliveries", "tail", "--limit", "3", "--output", "jsonl", "--columns", "seq,state"})
		if code != command.Done {
			t.Errorf("exit code %d", code)
		}
		if diff := cmp.Diff([]int64{-1, 5, 5, 5, 5, 10, 10, 10, 10}, api.after); diff != "" {
			t.Errorf("asked for what comes after (-want +got):\n%s", diff)
		}
		said := "The connection is lost: Nobody answers. Trying again until it is back.\nThe connection is back.\n"
		if diff := cmp.Diff(said+said, stderr.String()); diff != "" {
			t.Errorf("stderr (-want +got):\n%s", diff)
		}
		if n := strings.Count(stdout.String(), "\n"); n != 3 {
			t.Errorf("%d rows: %s", n, &stdout)
		}
	})
}

// flood is a log that gives many entries at once, and then waits.
type flood struct {
	apiclient.API
	entries int
}

func (flood) Close() error { return nil }

func (f flood) LogSpan(context.Context, time.Time) (apiclient.LogSpan, error) {
	return apiclient.LogSpan{Last: int64(f.entries)}, nil
}

func (f flood) Watch(ctx context.Context, after int64, fn func([]apiclient.LogEntry) error) error {
	if err := fn(nil); err != nil {
		return err
	}
	var list []apiclient.LogEntry
	for seq := after + 1; seq <= int64(f.entries); seq++ {
		list = append(list, apiclient.LogEntry{Seq: seq, Kind: apiclient.LogState, Delivery: &apiclient.Delivery{ID: 7, State: apiclient.DeliveryDone}})
	}
	if err := fn(list); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// A terminal is shown what a person can read, with an exact count of the rest; a file gets all.
func TestTailSamplesOnATerminalAlone(t *testing.T) {
	for _, c := range []struct {
		terminal bool
		rows     int
		said     string
	}{
		{true, 50, "Catching up, 500 behind.\n450 rows left out, because more than 50 came in a second; --output jsonl to a file has all.\n"},
		{false, 500, "Catching up, 500 behind.\n"},
	} {
		synctest.Test(t, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			root := command.New(command.Config{
				Open:   func(context.Context, command.Target) (apiclient.API, error) { return flood{entries: 500}, nil },
				Stdout: &stdout, Stderr: &stderr, Terminal: c.terminal,
			})
			if code := command.Run(t.Context(), root, []string{"deliveries", "tail", "--no-follow", "--since", "0", "--output", "jsonl", "--columns", "seq"}); code != command.Done {
				t.Errorf("exit code %d: %s", code, &stderr)
			}
			if n := strings.Count(stdout.String(), "\n"); n != c.rows {
				t.Errorf("%d rows; want %d", n, c.rows)
			}
			if diff := cmp.Diff(c.said, stderr.String()); diff != "" {
				t.Errorf("stderr (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTailRefusesWhatIsNoTime(t *testing.T) {
	var stderr bytes.Buffer
	root := command.New(command.Config{
		Open:   func(context.Context, command.Target) (apiclient.API, error) { return flood{}, nil },
		Stdout: io.Discard, Stderr: &stderr,
	})
	if code := command.Run(t.Context(), root, []string{"deliveries", "tail", "--since", "soon"}); code != command.Usage {
		t.Errorf("exit code %d: %s", code, &stderr)
	}
	if code := command.Run(t.Context(), root, []string{"deliveries", "tail", "--since", "-2"}); code != command.Usage {
		t.Errorf("exit code %d: %s", code, &stderr)
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
