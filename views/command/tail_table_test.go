package command_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/views/command"
)

// past is a site whose log has two entries.
type past struct{ apiclient.API }

var tailed = []apiclient.LogEntry{
	{Seq: 1, At: time.Date(2026, 11, 21, 23, 59, 59, 0, time.UTC), Kind: apiclient.LogQueued, Delivery: &apiclient.Delivery{
		ID: 1234567, Event: apiclient.TriggerRegistration, Login: "山田 太郎", State: apiclient.DeliveryDue, URL: "https://hooks.zapier.com/hooks/catch/1/8f2c1a",
	}},
	{Seq: 2, At: time.Date(2026, 11, 22, 0, 0, 1, 0, time.UTC), Kind: apiclient.LogAttempt, Delivery: &apiclient.Delivery{
		ID: 1234567, Event: apiclient.TriggerRegistration, Login: "山田 太郎", State: apiclient.DeliveryDead, URL: "https://hooks.zapier.com/hooks/catch/1/8f2c1a",
	}, Attempt: &apiclient.Attempt{Number: 1, Code: 413, Error: "answered 413 Request Entity Too Large", Duration: 1250 * time.Millisecond}},
}

func (past) Close() error { return nil }

func (past) LogSpan(context.Context, time.Time) (apiclient.LogSpan, error) {
	return apiclient.LogSpan{Last: 2}, nil
}

func (past) Watch(ctx context.Context, _ int64, fn func([]apiclient.LogEntry) error) error {
	if err := fn(tailed); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// TestTailTable: a row of a tail says when to the second, and on a narrow terminal rather
// where to than which number and how long.
func TestTailTable(t *testing.T) {
	for _, c := range []struct {
		width string
		most  int
		heads []string
	}{
		{"60", 60, []string{"LOGGED", "EVENT", "STATE", "CODE"}},
		{"80", 80, []string{"LOGGED", "EVENT", "STATE", "CODE", "TARGET"}},
		{"100", 100, []string{"LOGGED", "EVENT", "STATE", "TRY", "CODE", "USER", "TARGET"}},
		{"120", 120, []string{"LOGGED", "ID", "EVENT", "STATE", "TRY", "CODE", "MS", "USER", "TARGET"}},
		{"160", 160, []string{"LOGGED", "ID", "EVENT", "STATE", "TRY", "CODE", "MS", "USER", "TARGET", "ERROR"}},
	} {
		t.Run(c.width, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			root := command.New(command.Config{
				Open:   func(context.Context, command.Target) (apiclient.API, error) { return past{}, nil },
				Stdout: &stdout, Stderr: &stderr, Terminal: true,
				Getenv: func(key string) string { return map[string]string{"COLUMNS": c.width, "TERM": "dumb"}[key] },
			})
			if code := command.Run(t.Context(), root, []string{"deliveries", "tail", "--no-follow", "--since", "0"}); code != command.Done {
				t.Fatalf("exit code %d: %s", code, &stderr)
			}
			lines := strings.Split(strings.TrimSuffix(stdout.String(), "\n"), "\n")
			if diff := cmp.Diff(c.heads, strings.Fields(lines[0])); diff != "" {
				t.Errorf("the columns (-want +got):\n%s", diff)
			}
			if len(lines) != 3 || !strings.HasPrefix(lines[1], "11-21 23:59:59  ") || !strings.HasPrefix(lines[2], "11-22 00:00:01  ") {
				t.Errorf("the rows are\n%s", &stdout)
			}
			for _, line := range lines {
				if n := theme.Width(line); n > c.most {
					t.Errorf("%d cells: %q", n, line)
				}
			}
		})
	}
}
