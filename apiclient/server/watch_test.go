package server_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/server"
	"umdeck/apiclient/wire"
)

// A stream is an answer that is still coming.
type stream struct {
	status int
	kind   string
	body   io.ReadCloser
}

// follow opens the log's stream.
func follow(t *testing.T, url, query, last string) stream {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+wire.Root+"/log"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth("admin", "secret")
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	return stream{resp.StatusCode, resp.Header.Get("Content-Type"), resp.Body}
}

func entries(from, n int) []apiclient.LogEntry {
	list := make([]apiclient.LogEntry, n)
	for i := range list {
		seq := int64(from + i)
		list[i] = apiclient.LogEntry{Seq: seq, At: registered, Kind: apiclient.LogEvent, Event: &apiclient.Event{ID: apiclient.EventID(seq), Login: "a\nb", At: registered}}
	}
	return list
}

func TestWatch(t *testing.T) {
	r := start(t, server.Config{})
	r.entries = make(chan []apiclient.LogEntry)
	resp := follow(t, r.url, "?after=3", "")
	if resp.status != 200 || resp.kind != "text/event-stream" {
		t.Fatalf("%d, %s", resp.status, resp.kind)
	}
	if got := <-r.watched; got != 3 {
		t.Errorf("watched after %d", got)
	}
	want := append(entries(4, 450), entries(500, 1)...) // more than one event of the stream holds
	go func() {
		r.entries <- want[:450]
		r.entries <- want[450:]
		close(r.entries) // Watch fails now
	}()
	var got []apiclient.LogEntry
	err := wire.ReadEntries(resp.body, nil, func(list []apiclient.LogEntry) error {
		got = append(got, list...)
		return nil
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the log (-want +got):\n%s", diff)
	}
	if apiclient.KindOf(err) != apiclient.Internal || err == nil || strings.Contains(err.Error(), "fire") {
		t.Errorf("the stream ended with %v; want an internal error without its cause", err)
	}
	if !strings.Contains(r.log.String(), "disk on fire") {
		t.Error("the cause is not in the log")
	}
}

func TestWatchResumes(t *testing.T) {
	r := start(t, server.Config{})
	follow(t, r.url, "?after=3", "17")
	if got := <-r.watched; got != 17 {
		t.Errorf("watched after %d; Last-Event-ID said 17", got)
	}
	follow(t, r.url, "?after=-1", "")
	if got := <-r.watched; got != -1 {
		t.Errorf("watched after %d", got)
	}
	for _, c := range [][2]string{{"?after=x", ""}, {"", "x"}, {"?since=3", ""}} {
		if resp := follow(t, r.url, c[0], c[1]); resp.status != 400 {
			t.Errorf("%v: %d; want 400", c, resp.status)
		}
	}
	resp := follow(t, r.url, "?after=-2", "")
	<-r.watched
	err := wire.ReadEntries(resp.body, nil, func([]apiclient.LogEntry) error { return nil })
	if apiclient.KindOf(err) != apiclient.Invalid {
		t.Errorf("after -2: %v", err)
	}
	resp = follow(t, r.url, "?after=-3", "")
	<-r.watched
	err = wire.ReadEntries(resp.body, nil, func([]apiclient.LogEntry) error { return nil })
	if apiclient.KindOf(err) != apiclient.Internal || err == nil || !strings.Contains(r.log.String(), "a defect") {
		t.Errorf("a panic: %v", err)
	}
}

func TestWatchHeartbeat(t *testing.T) {
	r := start(t, server.Config{Heartbeat: time.Millisecond})
	resp := follow(t, r.url, "", "")
	lines, stop := 0, io.EOF
	ctx, cancel := context.WithCancelCause(t.Context())
	err := wire.ReadEntries(resp.body, func() {
		if lines++; lines == 20 {
			cancel(stop)
			_ = resp.body.Close()
		}
	}, func([]apiclient.LogEntry) error { return nil })
	if lines < 20 || !errors.Is(context.Cause(ctx), stop) {
		t.Errorf("%d lines came: %v", lines, err)
	}
}

// TestServeEndsStreams: a stream ends with the server, cleanly and at once, while
// a request under way is let finish.
func TestServeEndsStreams(t *testing.T) {
	site := newSite()
	release := make(chan struct{})
	s, err := server.New(server.Config{API: slowSite{site, release}, Authenticate: login})
	if err != nil {
		t.Fatal(err)
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, listener) }()
	r := &rig{site: site, url: "http://" + listener.Addr().String()}
	resp := follow(t, r.url, "", "")
	<-site.watched
	slow := make(chan answer, 1)
	go func() { slow <- r.do(t, ask{path: wire.Root + "/fields", user: "admin"}) }()
	<-release // the request is in Fields
	cancel()
	if err := wire.ReadEntries(resp.body, nil, func([]apiclient.LogEntry) error { return nil }); err != nil {
		t.Errorf("the stream ended with %v", err)
	}
	select {
	case err := <-done:
		t.Errorf("Serve returned %v with a request under way", err)
	default:
	}
	release <- struct{}{}
	if got := <-slow; got.status != 200 {
		t.Errorf("the request under way got %d %s", got.status, got.body)
	}
	if err := <-done; err != nil {
		t.Errorf("Serve: %v", err)
	}
	http.DefaultClient.CloseIdleConnections()
}

// TestServeCutsOff: a request that does not finish within Grace is cut off.
func TestServeCutsOff(t *testing.T) {
	site := newSite()
	release := make(chan struct{})
	s, err := server.New(server.Config{API: slowSite{site, release}, Authenticate: login, Grace: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, listener) }()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+listener.Addr().String()+wire.Root+"/fields", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth("admin", "secret")
	failed := make(chan error, 1)
	go func() {
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			_ = resp.Body.Close()
		}
		failed <- err
	}()
	<-release
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Serve: %v", err)
	}
	if err := <-failed; err == nil {
		t.Error("the request was answered")
	}
	http.DefaultClient.CloseIdleConnections()
}

// slowSite says when Fields has begun, and waits there for another word.
type slowSite struct {
	*site
	release chan struct{}
}

func (s slowSite) Fields(ctx context.Context) ([]apiclient.Field, error) {
	s.release <- struct{}{}
	select {
	case <-s.release:
		return s.site.Fields(ctx)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
