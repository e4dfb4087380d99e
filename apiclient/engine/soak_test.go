package engine_test

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
)

// soakFor is the environment variable with the time that TestSoak takes, such as 30m; it
// sends 500 deliveries a second then.
const soakFor = "UMDECK_SOAK"

// A soaked engine is one with twenty subscribers, one of which fails always.
type soaked struct {
	*engine.Engine
	dir     string
	user    apiclient.UserID
	arrived atomic.Int64
	targets int
}

func newSoaked(t *testing.T) *soaked {
	t.Helper()
	s := &soaked{dir: t.TempDir(), targets: 20}
	sink := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
		if r.URL.Path == "/0" {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		s.arrived.Add(1)
	}))
	t.Cleanup(sink.Close)
	var err error
	if s.Engine, err = engine.Open(t.Context(), engine.Config{Dir: s.dir, AllowPrivateTargets: true}); err != nil {
		t.Fatal(err)
	}
	z := must(s.CreateZap(t.Context(), apitest.TriggerZap("Soak", apiclient.TriggerLogin, "user_email", "first_name")))(t)
	for n := range s.targets {
		if _, _, err := s.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: fmt.Sprintf("%s/%d", sink.URL, n)}); err != nil {
			t.Fatal(err)
		}
	}
	must(s.ChangeSettings(t.Context(), map[string]string{"umdeck_loop_limit": "0"}))(t)
	s.user = must(s.CreateUser(t.Context(), apitest.User("ada", apitest.Answer("first_name", "Ada"))))(t).ID
	return s
}

// size is how many bytes the database has on the disk.
func (s *soaked) size(t *testing.T) (bytes int64) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(s.dir, "umdeck.db*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		bytes += info.Size()
	}
	return bytes
}

// A mark is what an engine needs at a moment.
type mark struct {
	heap       uint64
	goroutines int
	bytes      int64
	deliveries int64
}

func (s *soaked) mark(t *testing.T, events int64) mark {
	t.Helper()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return mark{m.HeapAlloc, runtime.NumGoroutine(), s.size(t), events * int64(s.targets)}
}

// TestSoak sends for some seconds, or as long as the environment says, with one of twenty
// receivers failing: memory and goroutines stay as they are, the file grows by what a
// delivery needs, and is whole at the end.
func TestSoak(t *testing.T) {
	length, pace := 4*time.Second, 100*time.Millisecond // between events
	if text := os.Getenv(soakFor); text != "" {
		var err error
		if length, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
		pace = 40 * time.Millisecond
	}
	s := newSoaked(t)
	ctx, stop := context.WithCancel(t.Context())
	ran := make(chan error, 1)
	go func() { ran <- s.Run(ctx) }()
	events := int64(0)
	fire := func(until time.Duration) {
		ticks := time.NewTicker(pace)
		defer ticks.Stop()
		end := time.After(until)
		for {
			select {
			case <-end:
				return
			case <-ticks.C:
				must(s.FireTrigger(t.Context(), apiclient.TriggerLogin, s.user))(t)
				events++
			}
		}
	}
	fire(length / 4) // caches and pools have their sizes then
	first := s.mark(t, events)
	fire(length - length/4)
	want := events * int64(s.targets-1)
	late := time.After(2 * time.Minute)
	check := time.NewTicker(20 * time.Millisecond)
	defer check.Stop()
	for s.arrived.Load() < want {
		select {
		case <-check.C:
		case <-late:
			t.Fatalf("%d of %d have arrived", s.arrived.Load(), want)
		}
	}
	last := s.mark(t, events)
	h := health(t, s.Engine)
	t.Logf("%d deliveries: heap %d to %d KiB, goroutines %d to %d, file %d to %d KiB", last.deliveries, first.heap>>10, last.heap>>10, first.goroutines, last.goroutines, first.bytes>>10, last.bytes>>10)
	if last.heap > first.heap+64<<20 {
		t.Errorf("the heap has grown from %d to %d bytes", first.heap, last.heap)
	}
	if last.goroutines > first.goroutines+150 { // connections and workers come and go
		t.Errorf("%d goroutines have become %d", first.goroutines, last.goroutines)
	}
	const perDelivery, journal = 6 << 10, 80 << 20
	if grown := last.bytes - first.bytes; grown > (last.deliveries-first.deliveries)*perDelivery+journal {
		t.Errorf("%d deliveries took %d bytes", last.deliveries-first.deliveries, grown)
	}
	for _, p := range h.Problems {
		if !strings.Contains(p, "free; make room") { // that is this machine's
			t.Errorf("it is not well: %s", p)
		}
	}
	stop()
	if err := <-ran; err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	checkWhole(t, filepath.Join(s.dir, "umdeck.db"), want)
}

// checkWhole reads the database of an engine that has ended.
func checkWhole(t *testing.T, file string, done int64) {
	t.Helper()
	db := must(sql.Open("sqlite", file))(t)
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	var text string
	if err := db.QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&text); err != nil || text != "ok" {
		t.Errorf("the database is %s, %v", text, err)
	}
	var n int64
	if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM deliveries WHERE state = 'done'`).Scan(&n); err != nil || n != done {
		t.Errorf("%d deliveries are done, %v; want %d", n, err, done)
	}
}
