package sink_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/delivery"
	"umdeck/apiclient/engine/delivery/sink"
	"umdeck/apiclient/engine/outbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T, cfg sink.Config) *sink.Sink {
	t.Helper()
	s, err := sink.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// ask posts to the handler without a socket. code is 0 when it closes the connection.
func ask(ctx context.Context, s *sink.Sink, method, path string, body io.Reader) (code int, head http.Header) {
	defer func() {
		if p := recover(); p != nil && p != http.ErrAbortHandler { //nolint:errorlint // a panic value is compared, not an error
			panic(p)
		}
	}()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequestWithContext(ctx, method, path, body))
	return w.Code, w.Header()
}

// story returns the first n answers of a target, and how long each took.
func story(t *testing.T, seed uint64, path string, n int) (codes []int, took []time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, sink.Config{Seed: seed})
		for range n {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			begin := time.Now()
			code, _ := ask(ctx, s, http.MethodPost, path, strings.NewReader("{}"))
			cancel()
			codes, took = append(codes, code), append(took, time.Since(begin))
		}
	})
	return codes, took
}

func tally(codes []int) map[int]int {
	m := map[int]int{}
	for _, c := range codes {
		m[c]++
	}
	return m
}

func TestCharacters(t *testing.T) {
	const n = 400
	for _, test := range []struct {
		character sink.Character
		want      map[int]int   // answers by status
		slowest   time.Duration // at most
	}{
		{sink.OK, map[int]int{200: n}, 0},
		{sink.Gone, map[int]int{200: 40, 410: n - 40}, 0},
		{sink.Silent, map[int]int{0: n}, 20 * time.Second}, // all that the client waits
		{sink.Slow, map[int]int{200: n}, 4 * time.Second},
		{sink.Throttled, map[int]int{200: 3, 429: n - 3}, 0},
	} {
		codes, took := story(t, 1, "/"+string(test.character)+"/a", n)
		if diff := cmp.Diff(test.want, tally(codes)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.character, diff)
		}
		if d := slices.Max(took); d > test.slowest || d < test.slowest/2 {
			t.Errorf("%s took up to %v, want %v", test.character, d, test.slowest)
		}
	}
}

func TestCharactersOfChance(t *testing.T) {
	const n = 400
	for c, slowest := range map[sink.Character]time.Duration{sink.Flaky: 0, sink.Mixed: 20 * time.Second} {
		codes, took := story(t, 1, "/"+string(c)+"/a", n)
		got := tally(codes)
		for _, code := range []int{0, 200, 500, 502, 503} {
			if got[code] == 0 {
				t.Errorf("%s never answered %d: %v", c, code, got)
			}
		}
		if got[200] < n*2/3 {
			t.Errorf("%s is hardly ever well: %v", c, got)
		}
		if d := slices.Max(took); d != slowest {
			t.Errorf("%s took up to %v, want %v", c, d, slowest)
		}
	}
}

func TestSameSeedSameStory(t *testing.T) {
	first, firstTook := story(t, 7, "/mixed/a", 100)
	again, againTook := story(t, 7, "/mixed/a", 100)
	if !cmp.Equal(first, again) || !cmp.Equal(firstTook, againTook) {
		t.Error("the same seed tells another story")
	}
	for name, other := range map[string]func() ([]int, []time.Duration){
		"seed": func() ([]int, []time.Duration) { return story(t, 8, "/mixed/a", 100) },
		"path": func() ([]int, []time.Duration) { return story(t, 7, "/mixed/b", 100) },
	} {
		if codes, _ := other(); cmp.Equal(first, codes) {
			t.Errorf("another %s tells the same story", name)
		}
	}
}

func TestThrottledComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, sink.Config{})
		for range 3 {
			for n := range 5 {
				code, head := ask(t.Context(), s, http.MethodPost, "/throttled/a", http.NoBody)
				if want := map[bool]int{true: 200, false: 429}[n < 3]; code != want {
					t.Errorf("request %d: %d, want %d", n+1, code, want)
				}
				if after := head.Get("Retry-After"); (after == "5") != (code == 429) {
					t.Errorf("request %d: %d with Retry-After %q", n+1, code, after)
				}
			}
			<-time.After(5 * time.Second)
		}
	})
}

func TestWhatIsNoWebhook(t *testing.T) {
	s := open(t, sink.Config{})
	for _, test := range []struct {
		method, path string
		body         io.Reader
		want         int
	}{
		{http.MethodGet, "/ok/a", http.NoBody, 405},
		{http.MethodPost, "/", http.NoBody, 404},
		{http.MethodPost, "/okay/a", http.NoBody, 404},
		{http.MethodPost, "/ok", http.NoBody, 200},
		{http.MethodPost, "/ok/a", io.LimitReader(zeros{}, 10<<20), 200},
		{http.MethodPost, "/ok/a", io.LimitReader(zeros{}, 10<<20+1), 413},
	} {
		if code, _ := ask(t.Context(), s, test.method, test.path, test.body); code != test.want {
			t.Errorf("%s %s: %d, want %d", test.method, test.path, code, test.want)
		}
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// TestMemory asks for more paths than are told apart.
func TestMemory(t *testing.T) {
	s := open(t, sink.Config{})
	for n := range 3000 {
		ask(t.Context(), s, http.MethodPost, "/ok/"+strings.Repeat("x", n%50)+string(rune('a'+n%26))+strings.Repeat("y", n/50), http.NoBody)
	}
	total := 0
	list := s.Counts()
	for _, c := range list {
		total += c.Answers[200]
	}
	if len(list) > 1001 || total != 3000 {
		t.Errorf("%d targets with %d answers", len(list), total)
	}
}

// source has one hook to each target, by the item's number.
type source []string

func (s source) Hook(_ context.Context, i outbox.Item) (delivery.Hook, error) {
	return delivery.Hook{
		URL: s[i.ID], Body: []byte(`{"id":1}`), WebhookID: "msg_1",
		Secrets: []apiclient.Secret{apiclient.NewSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")},
	}, nil
}

// TestDeliveries posts to a sink that runs, with the sender that the engine uses.
func TestDeliveries(t *testing.T) {
	s := open(t, sink.Config{Seed: 1})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	targets := source{s.Target(sink.OK, "a"), s.Target(sink.Silent, "a"), s.Target(sink.Throttled, "a"), s.URL() + "/nowhere"}
	sender, err := delivery.New(delivery.Config{
		Source: targets, FirstByte: 200 * time.Millisecond,
		Guard: delivery.Guard{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []outbox.Verdict{outbox.Done, outbox.Retry, outbox.Done, outbox.Retry}
	for id := range targets {
		if r := sender.Send(t.Context(), outbox.Item{ID: outbox.ID(id)}); r.Verdict != want[id] {
			t.Errorf("%s: %+v", targets[id], r)
		}
	}
	for range 2 {
		sender.Send(t.Context(), outbox.Item{ID: 2})
	}
	if r := sender.Send(t.Context(), outbox.Item{ID: 2}); r.Verdict != outbox.Wait || r.After < time.Second || r.After > 5*time.Second {
		t.Errorf("throttled: %+v", r)
	}
	sender.Close()
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Run: %v", err)
	}
	wantCounts := []sink.Count{
		{Path: "/nowhere", Answers: map[int]int{404: 1}},
		{Path: "/ok/a", Answers: map[int]int{200: 1}},
		{Path: "/silent/a", Answers: map[int]int{}, Hung: 1},
		{Path: "/throttled/a", Answers: map[int]int{200: 3, 429: 1}},
	}
	if diff := cmp.Diff(wantCounts, s.Counts()); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}
