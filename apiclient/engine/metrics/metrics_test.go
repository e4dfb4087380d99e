package metrics

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
)

func scrape(t *testing.T, m *Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	text, err := io.ReadAll(w.Result().Body)
	if err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %s %v", w.Code, text, err)
	}
	return string(text)
}

// TestScrape checks names by Prometheus' rules, and a number of each sort.
func TestScrape(t *testing.T) {
	full := Reading{
		Ready: true, OldestDue: 90 * time.Second, WriterLag: 2 * time.Second, DiskFree: 0.25, Engines: 2, Tails: 11, TailLag: 12, Sending: 5, Unrecorded: 6, Lanes: map[string]int{"open": 8},
		Deliveries: map[string]int64{"due": 3, "held": 1}, Ended: map[string]int64{"done": 7}, Mails: map[string]int64{"dead": 4},
	}
	m := New(Config{Version: "v1", Read: func(context.Context) (Reading, error) { return full, nil }})
	m.Attempt(Attempt{Kind: Hook, Result: "retry", Took: time.Second, Since: 1500 * time.Millisecond, First: true})
	m.Attempt(Attempt{Kind: Hook, Result: "done", Took: time.Second, Since: 7 * time.Second, Done: true})
	m.Attempt(Attempt{Kind: Mail, Result: "done", Took: time.Second, Done: true}) // nobody knows since when
	m.Pruned("attempts", 500)
	m.Commit(17, 3*time.Millisecond)
	text := scrape(t, m)
	for _, want := range []string{
		"umdeck_up 1", "umdeck_ready 1", "umdeck_oldest_due_seconds 90", "umdeck_writer_lag_seconds 2", "umdeck_disk_free_ratio 0.25", "umdeck_engines 2",
		"umdeck_tail_watchers 11", "umdeck_tail_lag_entries 12", "umdeck_writer_batch_changes_sum 17", "umdeck_writer_commit_duration_seconds_count 1", "umdeck_sending 5", "umdeck_unrecorded_results 6", `umdeck_lanes{state="open"} 8`,
		`umdeck_deliveries{state="due"} 3`, `umdeck_deliveries_ended_total{state="done"} 7`, `umdeck_mails{state="dead"} 4`,
		`umdeck_attempts_total{kind="delivery",result="retry"} 1`, `umdeck_attempt_duration_seconds_count{kind="mail"} 1`,
		`umdeck_first_attempt_delay_seconds_sum{kind="delivery"} 1.5`, `umdeck_first_attempt_delay_seconds_count{kind="delivery"} 1`,
		`umdeck_done_delay_seconds_sum{kind="delivery"} 7`, `umdeck_pruned_rows_total{table="attempts"} 500`,
		`umdeck_build_info{goversion="go`, `version="v1"} 1`, "go_goroutines ", "process_start_time_seconds ",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the scrape lacks %s", want)
		}
	}
	if strings.Contains(text, `umdeck_done_delay_seconds_count{kind="mail"}`) {
		t.Error("a delay was counted that nobody knows")
	}
	problems, err := testutil.GatherAndLint(m.registry)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "umdeck_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}

// TestScrapeInTrouble still tells what was counted.
func TestScrapeInTrouble(t *testing.T) {
	m := New(Config{Read: func(context.Context) (Reading, error) { return Reading{}, errors.New("no database") }})
	m.Attempt(Attempt{Kind: Hook, Result: "done"})
	text := scrape(t, m)
	if !strings.Contains(text, "umdeck_up 0") || !strings.Contains(text, `result="done"} 1`) || strings.Contains(text, "umdeck_ready") {
		t.Error(text)
	}
	m = New(Config{Read: func(context.Context) (Reading, error) { return Reading{DiskFree: -1}, nil }})
	if text := scrape(t, m); strings.Contains(text, "umdeck_disk_free_ratio") || !strings.Contains(text, "umdeck_ready 0") {
		t.Error(text)
	}
}
