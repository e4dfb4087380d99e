package server_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/server"
)

func TestReadiness(t *testing.T) {
	r := start(t, server.Config{})
	r.do(t, ask{path: "/healthz"}).want(t, 200, `{"ready":true,"problems":[]}`)
	r.do(t, ask{path: "/readyz"}).want(t, 200, `{"ready":true,"problems":[]}`)
	r.mu.Lock()
	r.health = apiclient.Health{Problems: []string{"The disk is full.", "A delivery is overdue."}}
	r.mu.Unlock()
	r.do(t, ask{path: "/readyz"}).want(t, 503, `{"ready":false,"problems":["The disk is full.","A delivery is overdue."]}`)
	r.do(t, ask{path: "/healthz"}).want(t, 200, `{"ready":true,"problems":[]}`)
	r.mu.Lock()
	r.fail = errors.New("secret cause")
	r.mu.Unlock()
	r.do(t, ask{path: "/readyz"}).want(t, 503, `{"ready":false,"problems":["How the site does cannot be found out: internal error; the log has the cause"]}`)
	r.do(t, ask{path: "/readyz", method: "POST"}).want(t, 404, `{"code":"umdeck_not_found","message":"There is nothing at this address; /wp-json/ tells what this site offers.","data":{"status":404}}`)
}

// TestReadinessAtTheEnd asks while another request holds up the end of the server.
func TestReadinessAtTheEnd(t *testing.T) {
	site := newSite()
	s, err := server.New(server.Config{API: site, Authenticate: login})
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	defer end()
	served := make(chan error, 1)
	listener := listen(t, "tcp", "127.0.0.1:0")
	go func() { served <- s.Serve(ctx, listener) }()
	dial := func(begin string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", listener.Addr().String())
		if err == nil {
			_, err = io.WriteString(conn, begin)
		}
		return conn, err
	}

	site.mu.Lock() // the site does not answer
	early := must(dial("GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))(t)
	defer early.Close()
	<-site.asked
	end()
	for err == nil { // until nobody listens any more
		var conn net.Conn
		if conn, err = dial(""); err == nil {
			_ = conn.Close()
		}
	}
	late := httptest.NewRecorder() // a request that was read and not answered yet
	s.ServeHTTP(late, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/readyz", nil))
	if late.Code != 503 || !strings.Contains(late.Body.String(), "This umdeck is ending") {
		t.Errorf("at the end it is %d %s", late.Code, late.Body)
	}
	site.mu.Unlock()
	if got := string(must(io.ReadAll(early))(t)); !strings.Contains(got, "200 OK") {
		t.Errorf("who asked before it got %s", got)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}

// TestWhoReadsMetrics: a program on this machine that asks for itself, and who may manage
// the site.
func TestWhoReadsMetrics(t *testing.T) {
	numbers := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("umdeck_up 1\n")) })
	tests := []struct {
		name, remote, host, header, user string
		proxied                          bool
		want                             int
	}{
		{name: "Prometheus", want: 200},
		{name: "by name", host: "localhost:8420", want: 200},
		{name: "IPv6", remote: "[::1]:1234", host: "[::1]:8420", want: 200},
		{name: "mapped", remote: "[::ffff:127.0.0.1]:1234", want: 200},
		{name: "from elsewhere", remote: "192.0.2.1:1234", want: 401},
		{name: "no address", remote: "@", want: 401},
		{name: "through a proxy that says so", header: "X-Forwarded-For", want: 401},
		{name: "through another", header: "Forwarded", want: 401},
		{name: "through a third", header: "Via", want: 401},
		{name: "behind a proxy", proxied: true, want: 401},
		{name: "a page in a browser", host: "rebound.example.com:8420", want: 401},
		{name: "an address of the network", host: "192.0.2.7:8420", want: 401},
		{name: "an administrator", remote: "192.0.2.1:1234", user: "admin", want: 200},
		{name: "an editor", remote: "192.0.2.1:1234", user: "editor", want: 403},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			s, err := server.New(server.Config{API: newSite(), Authenticate: login, Metrics: numbers, BehindProxy: c.proxied})
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:8420/metrics", nil)
			r.RemoteAddr = "127.0.0.1:1234"
			if c.remote != "" {
				r.RemoteAddr = c.remote
			}
			if c.host != "" {
				r.Host = c.host
			}
			if c.header != "" {
				r.Header.Set(c.header, "198.51.100.7")
			}
			if c.user != "" {
				r.SetBasicAuth(c.user, "secret")
			}
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if w.Code != c.want || (w.Body.String() == "umdeck_up 1\n") != (c.want == 200) {
				t.Errorf("%d %s; want %d", w.Code, w.Body, c.want)
			}
		})
	}
}

// TestAccessLog: a line for each request with its id, and nothing that only the caller
// may know.
func TestAccessLog(t *testing.T) {
	log := &lockedBuffer{}
	s, err := server.New(server.Config{
		API: newSite(), Authenticate: login, Now: func() time.Time { return registered },
		Logger: slog.New(slog.NewTextHandler(log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/wp-json/umdeck/v1/site?status=hidden", "/healthz", "/readyz"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		r.RemoteAddr = "192.0.2.1:1234"
		r.Header.Set("X-Request-Id", "id-1")
		r.SetBasicAuth("admin", "secret")
		s.ServeHTTP(httptest.NewRecorder(), r)
	}
	got := log.String()
	for _, want := range []string{`level=INFO msg=request id=id-1 method=GET path=/wp-json/umdeck/v1/site status=400 bytes=`, `duration=0s address=192.0.2.1 user=admin`} {
		if !strings.Contains(got, want) {
			t.Errorf("the log lacks %s:\n%s", want, got)
		}
	}
	if strings.Contains(got, "hidden") || strings.Contains(got, "secret") || strings.Count(got, "msg=request") != 1 {
		t.Errorf("the log says too much:\n%s", got)
	}
}

// must returns v, or ends the test.
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
