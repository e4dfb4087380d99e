package command_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/engine/enginetest"
	"umdeck/apiclient/remote"
	"umdeck/apiclient/server"
	"umdeck/views/command"
)

// A tower is an instance that is served on a socket, and can be stopped and started.
type tower struct {
	t      *testing.T
	dir    string
	engine *engine.Engine
	stop   func()
}

func (w *tower) start() {
	w.t.Helper()
	e, err := engine.Open(w.t.Context(), engine.Config{Dir: w.dir, AllowPrivateTargets: true})
	if err != nil {
		w.t.Fatal(err)
	}
	s, err := server.New(server.Config{API: e, Trust: &apiclient.Actor{ID: 1, Login: "admin"}})
	if err != nil {
		w.t.Fatal(err)
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(w.t.Context(), "unix", filepath.Join(w.dir, "s"))
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(w.t.Context()))
	ran, served := make(chan error, 1), make(chan error, 1)
	go func() { ran <- e.Run(ctx) }()
	go func() { served <- s.Serve(ctx, listener) }()
	w.engine = e
	w.stop = func() {
		cancel()
		if err := errors.Join(<-served, <-ran, e.Close()); err != nil {
			w.t.Error(err)
		}
	}
}

// client returns a connection to whatever is on the socket.
func (w *tower) client() apiclient.API {
	w.t.Helper()
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", filepath.Join(w.dir, "s"))
	}}
	w.t.Cleanup(transport.CloseIdleConnections)
	api, err := remote.Open(w.t.Context(), remote.Config{URL: "http://umdeck.localhost", Transport: transport})
	if err != nil {
		w.t.Fatal(err)
	}
	return api
}

// login raises n events, and returns the number of the log's last entry once all are delivered.
func (w *tower) login(n int) {
	w.t.Helper()
	for range n {
		if _, err := w.engine.FireTrigger(w.t.Context(), apiclient.TriggerLogin, 1); err != nil {
			w.t.Fatal(err)
		}
	}
}

// rows returns the numbers of all entries that a tail shows.
func (w *tower) rows() (seqs []int64) {
	w.t.Helper()
	span, err := w.engine.LogSpan(w.t.Context(), time.Time{})
	if err != nil {
		w.t.Fatal(err)
	}
	end := errors.New("the end")
	err = w.engine.Watch(w.t.Context(), 0, func(list []apiclient.LogEntry) error {
		for _, e := range list {
			if e.Delivery != nil && e.Seq <= span.Last {
				seqs = append(seqs, e.Seq)
			}
			if e.Seq >= span.Last {
				return end
			}
		}
		return nil
	})
	if !errors.Is(err, end) {
		w.t.Fatal(err)
	}
	return seqs
}

// A sheaf gathers the rows that a tail writes.
type sheaf struct {
	mu   sync.Mutex // guards the rest
	text bytes.Buffer
	news chan struct{} // closed at the next write
}

func (s *sheaf) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.news)
	s.news = make(chan struct{})
	return s.text.Write(p)
}

func (s *sheaf) rows(t *testing.T) (seqs []int64) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	whole := s.text.String()
	whole = whole[:strings.LastIndexByte(whole, '\n')+1] // the last line may be half written
	for line := range strings.Lines(whole) {
		var row tailRow
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		seqs = append(seqs, row.Seq)
	}
	return seqs
}

func (s *sheaf) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// wait waits until something holds of what was written.
func (s *sheaf) wait(t *testing.T, what string, holds func() bool) {
	t.Helper()
	limit := time.NewTimer(30 * time.Second)
	defer limit.Stop()
	for {
		s.mu.Lock()
		news := s.news
		s.mu.Unlock()
		if holds() {
			return
		}
		select {
		case <-news:
		case <-limit.C:
			text := s.String()
			t.Fatalf("%s does not come; the end is %s", what, text[max(len(text)-500, 0):])
		}
	}
}

// waitFor waits until the row with that number, or a later one, was written.
func (s *sheaf) waitFor(t *testing.T, seq int64) {
	t.Helper()
	s.wait(t, "row "+jsonInt(seq), func() bool {
		seqs := s.rows(t)
		return len(seqs) > 0 && seqs[len(seqs)-1] >= seq
	})
}

// TestTailAcrossRestarts stops the server and its engine three times while a tail follows,
// and the tail itself once, and compares the rows with the log.
func TestTailAcrossRestarts(t *testing.T) {
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // what becomes of the body is the sender's affair
	}))
	defer receiver.Close()
	w := &tower{t: t, dir: enginetest.Dir(t)}
	w.start()
	zap, err := w.engine.CreateZap(t.Context(), apiclient.NewZap{Name: "Logins", Kind: apiclient.ZapTrigger, Event: apiclient.TriggerLogin, Status: apiclient.ZapRunning})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.engine.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: zap.ID, URL: receiver.URL}); err != nil {
		t.Fatal(err)
	}
	api := w.client()
	said := &sheaf{news: make(chan struct{})}
	tail := func(ctx context.Context, out io.Writer, since string) chan command.Exit {
		root := command.New(command.Config{
			Open:   func(context.Context, command.Target) (apiclient.API, error) { return shared{api}, nil },
			Stdout: out, Stderr: said,
		})
		ended := make(chan command.Exit, 1)
		go func() {
			ended <- command.Run(ctx, root, []string{"deliveries", "tail", "--output", "jsonl", "--since", since})
		}()
		return ended
	}
	rows := &sheaf{news: make(chan struct{})}
	ctx, cancel := context.WithCancel(t.Context())
	ended := tail(ctx, rows, "0")
	last := func() int64 { all := w.rows(); return all[len(all)-1] }
	for i := range 3 {
		w.login(5)
		rows.waitFor(t, last()-1)
		w.login(20) // some of them are on their way when it stops
		w.stop()
		if i == 0 { // for long enough that the tail finds nobody
			said.wait(t, "a word on stderr", func() bool { return strings.Contains(said.String(), "The connection is lost") })
		}
		w.start()
		w.login(5)  // while the tail waits to come back
		if i == 1 { // the tail ends, and another one goes on where it was
			cancel()
			if code := <-ended; code != command.Done {
				t.Errorf("the tail ended with %d: %s", code, said)
			}
			seqs := rows.rows(t)
			ctx, cancel = context.WithCancel(t.Context())
			ended = tail(ctx, rows, jsonInt(seqs[len(seqs)-1]))
		}
		rows.waitFor(t, last())
	}
	rows.waitFor(t, last())
	cancel()
	<-ended
	got := rows.rows(t)
	want := w.rows()
	if diff := cmp.Diff(want[:len(got)], got); diff != "" || len(got) < 3*30 {
		t.Errorf("%d rows of %d (-log +tail):\n%s", len(got), len(want), diff)
	}
	if !strings.Contains(said.String(), "The connection is lost") || !strings.Contains(said.String(), "The connection is back") {
		t.Errorf("stderr does not say what happened: %s", said)
	}
	whole := &sheaf{news: make(chan struct{})}
	root := command.New(command.Config{
		Open:   func(context.Context, command.Target) (apiclient.API, error) { return shared{api}, nil },
		Stdout: whole, Stderr: said,
	})
	if code := command.Run(t.Context(), root, []string{"deliveries", "tail", "--no-follow", "--since", "1h", "--output", "jsonl", "--filter", "target:127.0.0.1 user:admin since:1h"}); code != command.Done {
		t.Errorf("--no-follow ended with %d: %s", code, said)
	}
	all := whole.rows(t)
	if diff := cmp.Diff(w.rows()[:len(all)], all); diff != "" || len(all) < len(got) {
		t.Errorf("--no-follow of the last hour (-log +tail):\n%s", diff)
	}
	w.stop()
}
