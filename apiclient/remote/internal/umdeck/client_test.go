package umdeck

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"umdeck/apiclient"
	"umdeck/apiclient/remote/internal/link"
	"umdeck/apiclient/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func serve(t *testing.T, h http.HandlerFunc) *Client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	c := &Client{link: link.New(link.Config{Timeout: 5 * time.Second}), home: srv.URL, closed: make(chan struct{})}
	t.Cleanup(func() { _ = c.Close() }) // never fails
	return c
}

func writeJSON(t *testing.T, w http.ResponseWriter, status int, v any) {
	t.Helper()
	body, err := wire.Marshal(v)
	if err != nil {
		t.Error(err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may be gone
}

// TestErrors sends each kind of error over the wire: it is the same value here.
func TestErrors(t *testing.T) {
	for _, want := range []*apiclient.Error{
		{Kind: apiclient.Invalid, Message: "No.", Field: "user_email"},
		{Kind: apiclient.NotFound, Message: "There is no user 7."},
		{Kind: apiclient.Unauthorized, Message: "Who are you?"},
		{Kind: apiclient.Forbidden, Message: "Not you."},
		{Kind: apiclient.Conflict, Message: "Taken."},
		{Kind: apiclient.Unsupported, Message: "Not here."},
		{Kind: apiclient.Unavailable, Message: "Not now."},
		{Kind: apiclient.Internal, Message: "Oh."},
	} {
		t.Run(want.Kind.String(), func(t *testing.T) {
			c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				writeJSON(t, w, wire.StatusOf(want), wire.ErrorBodyOf(want))
			})
			_, err := c.UpdateUser(t.Context(), 7, apiclient.UserUpdate{})
			got, ok := errors.AsType[*apiclient.Error](err)
			if !ok {
				t.Fatalf("the error is %v", err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the error (-sent +got):\n%s", diff)
			}
		})
	}
}

// TestStrange answers what is no umdeck/v1.
func TestStrange(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		body   string
		want   string
	}{
		{"another shape", 200, `{"id":"seven"}`, "is not the JSON of umdeck/v1"},
		{"a list", 200, `[]`, "is not the JSON of umdeck/v1"},
		{"an error of WordPress", 404, `{"code":"rest_no_route","message":"x","data":{"status":404}}`, "status 404 and no error of umdeck/v1"},
		{"a page", 200, "<html><title>Hello</title></html>", `with a page, "Hello"`},
		{"half", 200, `{"id":`, "broken off"},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body) // the client may be gone
			})
			_, err := client.UpdateUser(t.Context(), 7, apiclient.UserUpdate{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v; want %q in it", err, c.want)
			}
		})
	}
}

// TestLost cuts the answers of a write and of a read: the write is sent once and
// its error says that it may be done, the read is sent again.
func TestLost(t *testing.T) {
	var mu sync.Mutex
	tries := map[string]int{}
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		tries[r.Method]++
		mu.Unlock()
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, "{") // the client may be gone
	})
	_, err := c.CreateZap(t.Context(), apiclient.NewZap{Name: "x"})
	if apiclient.KindOf(err) != apiclient.Unavailable || err == nil || !strings.Contains(err.Error(), "did not say whether it did CreateZap") {
		t.Errorf("the write fails with %v", err)
	}
	if _, err := c.Zaps(t.Context(), apiclient.ZapQuery{}); apiclient.KindOf(err) != apiclient.Unavailable {
		t.Errorf("the read fails with %v", err)
	}
	if diff := cmp.Diff(map[string]int{"POST": 1, "GET": 3}, tries); diff != "" {
		t.Errorf("tries (-want +got):\n%s", diff)
	}
}

// TestSafe looks at every endpoint that is not a GET: only PlanUsers may be repeated.
func TestSafe(t *testing.T) {
	c := &Client{home: "http://site.example"}
	plan, err := request(c, wire.PlanUsers, wire.UserAction{})
	if err != nil || !plan.Safe {
		t.Errorf("PlanUsers is safe: %t, %v; want true", plan.Safe, err)
	}
	do, err := request(c, wire.DoUsers, wire.UserAction{})
	if err != nil || do.Safe {
		t.Errorf("DoUsers is safe: %t, %v; want false", do.Safe, err)
	}
	if reflect.DeepEqual(plan.URL, do.URL) {
		t.Error("both have one address")
	}
}

// A feed is a log that a test grows, served as the server serves it.
type feed struct {
	t       *testing.T
	mu      sync.Mutex // guards the fields below
	entries int
	cutAt   map[int64]bool // the stream ends after the entry of that number, once
	ids     []string       // Last-Event-ID of each request
}

func (f *feed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.ids = append(f.ids, r.Header.Get(wire.LastEventID))
	f.mu.Unlock()
	w.Header().Set("Content-Type", wire.EventStream)
	after, again, err := wire.ParseLastEventID(r.Header.Get(wire.LastEventID))
	if err != nil || !again {
		after = 0
	}
	for seq := after + 1; ; seq++ {
		f.mu.Lock()
		known, cut := seq <= int64(f.entries), f.cutAt[seq]
		delete(f.cutAt, seq)
		f.mu.Unlock()
		if !known {
			break
		}
		if err := writeEntry(w, seq); err != nil {
			return
		}
		if cut {
			return
		}
	}
	if err := http.NewResponseController(w).Flush(); err != nil {
		f.t.Error(err)
	}
	<-r.Context().Done()
}

// TestWatch follows a log whose stream breaks twice: every entry comes once.
func TestWatch(t *testing.T) {
	f := &feed{t: t, entries: 6, cutAt: map[int64]bool{2: true, 4: true}}
	c := serve(t, f.ServeHTTP)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	var got []int64
	err := c.Watch(ctx, 0, func(list []apiclient.LogEntry) error {
		for _, e := range list {
			got = append(got, e.Seq)
		}
		if len(got) == 6 {
			cancel()
		}
		return nil
	})
	if err != nil {
		t.Errorf("Watch: %v; want nil when the context ends", err)
	}
	if diff := cmp.Diff([]int64{1, 2, 3, 4, 5, 6}, got); diff != "" {
		t.Errorf("the entries (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"0", "2", "4"}, f.ids); diff != "" {
		t.Errorf("resumed after (-want +got):\n%s", diff)
	}
}

// TestWatchEnds ends a watcher in each of the ways that there are.
func TestWatchEnds(t *testing.T) {
	f := &feed{t: t, entries: 1}
	t.Run("by the function", func(t *testing.T) {
		want := errors.New("enough")
		if err := serve(t, f.ServeHTTP).Watch(t.Context(), 0, func([]apiclient.LogEntry) error { return want }); !errors.Is(err, want) {
			t.Errorf("Watch: %v; want the function's error", err)
		}
	})
	t.Run("by Close", func(t *testing.T) {
		c := serve(t, f.ServeHTTP)
		err := c.Watch(t.Context(), 0, func([]apiclient.LogEntry) error { return c.Close() })
		if apiclient.KindOf(err) != apiclient.Unavailable || err == nil {
			t.Errorf("Watch: %v; want Unavailable", err)
		}
	})
	t.Run("by a refusal", func(t *testing.T) {
		c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			e := apiclient.Errorf(apiclient.Forbidden, "Not you.")
			writeJSON(t, w, wire.StatusOf(e), wire.ErrorBodyOf(e))
		})
		if err := c.Watch(t.Context(), 0, nil); apiclient.KindOf(err) != apiclient.Forbidden {
			t.Errorf("Watch: %v; want Forbidden", err)
		}
	})
	t.Run("by an error in the stream", func(t *testing.T) {
		c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			if err := wire.WriteStreamError(w, apiclient.Errorf(apiclient.NotFound, "The log is gone.")); err != nil {
				t.Error(err)
			}
		})
		if err := c.Watch(t.Context(), 0, func([]apiclient.LogEntry) error { return nil }); apiclient.KindOf(err) != apiclient.NotFound || fmt.Sprint(err) != "The log is gone." {
			t.Errorf("Watch: %v; want the error of the stream", err)
		}
	})
}
