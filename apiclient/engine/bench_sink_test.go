package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"umdeck/apiclient"
)

// portion returns how much of a benchmark's full size is run: BENCH_PORTION of it, such
// as 0.1, or all of it.
func portion(b *testing.B, full int) int {
	b.Helper()
	text := os.Getenv("BENCH_PORTION")
	if text == "" {
		return full
	}
	p, err := strconv.ParseFloat(text, 64)
	if err != nil {
		b.Fatal(err)
	}
	return max(1, int(p*float64(full)))
}

// A hookID names a delivery by what both ends of it know.
type hookID struct {
	event apiclient.EventID
	path  string
}

// A clocked sink is a receiver that answers at once, but for paths that begin with
// /hang, which hang until the client gives up, and /down, which are 503 for a while. It
// writes down when each hook came first.
type clocked struct {
	url  string
	down atomic.Bool

	mu      sync.Mutex // guards what follows
	came    map[hookID]time.Time
	first   time.Time // when the first one of all came
	last    time.Time
	repeats int
	want    int
	all     chan struct{} // closed when want have come
}

func newClocked(tb testing.TB) *clocked {
	tb.Helper()
	s := &clocked{came: map[hookID]time.Time{}}
	srv := httptest.NewServer(s)
	tb.Cleanup(srv.Close)
	s.url = srv.URL
	return s
}

func (s *clocked) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	switch {
	case strings.HasPrefix(r.URL.Path, "/hang"):
		<-r.Context().Done()
		return
	case strings.HasPrefix(r.URL.Path, "/down") && s.down.Load():
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	now := time.Now()
	var has struct{ ID apiclient.EventID }
	if err := json.Unmarshal(body, &has); err != nil {
		panic(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := hookID{has.ID, r.URL.Path}
	if _, again := s.came[id]; again {
		s.repeats++
		return
	}
	s.came[id] = now
	if s.first.IsZero() {
		s.first = now
	}
	s.last = now
	if s.want > 0 && len(s.came) >= s.want {
		s.want = 0
		close(s.all)
	}
}

// expect forgets what came and returns a channel that is closed when n others have.
func (s *clocked) expect(n int) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.came, s.first, s.last, s.repeats = make(map[hookID]time.Time, n), time.Time{}, time.Time{}, 0
	s.want, s.all = n, make(chan struct{})
	return s.all
}

// since returns how long after its event each hook came, the shortest first.
func (s *clocked) since(began map[apiclient.EventID]time.Time) []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []time.Duration
	for id, at := range s.came {
		if b, ok := began[id.event]; ok {
			list = append(list, at.Sub(b))
		}
	}
	slices.Sort(list)
	return list
}

// quantile returns the value below which that part of a sorted list is.
func quantile(sorted []time.Duration, part float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(int(part*float64(len(sorted))), len(sorted)-1)]
}

// reportMS reports a quantile of durations in milliseconds.
func reportMS(b *testing.B, list []time.Duration, part float64, unit string) {
	b.Helper()
	b.ReportMetric(float64(quantile(list, part).Microseconds())/1000, unit)
}

// bare is the limit beside which a rate is printed: n posts of a hook's size by a loop
// of net/http alone, from so many goroutines, at most so many a second (0: as fast as
// they go). It returns the posts a second and how long each took, the shortest first.
func bare(b *testing.B, s *clocked, n, loops int, rate float64) (float64, []time.Duration) {
	b.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: loops}
	defer transport.CloseIdleConnections()
	body := bytes.Repeat([]byte(" "), 150)
	var (
		next atomic.Int64
		all  sync.WaitGroup
	)
	took := make([]time.Duration, n)
	begin := time.Now()
	done := s.expect(n)
	for range loops {
		all.Go(func() {
			for {
				i := int(next.Add(1))
				if i > n {
					return
				}
				from := time.Now()
				if rate > 0 {
					from = begin.Add(time.Duration(float64(i) / rate * float64(time.Second)))
					await(b.Context(), from)
				}
				text := append(slices.Clip(body), `{"id":`+strconv.Itoa(i)+`}`...)
				req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, s.url+"/bare", bytes.NewReader(text))
				if err != nil {
					b.Error(err)
					return
				}
				resp, err := transport.RoundTrip(req)
				if err != nil {
					b.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close()
				took[i-1] = time.Since(from)
			}
		})
	}
	all.Wait()
	<-done
	slices.Sort(took)
	return float64(n) / time.Since(begin).Seconds(), took
}

// await waits until a moment, or until ctx ends.
func await(ctx context.Context, t time.Time) {
	timer := time.NewTimer(time.Until(t))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
