package remote_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/remote/remotetest"
)

func contextOf(t *testing.T) context.Context { return context.WithoutCancel(t.Context()) }

// A lossy way to a site loses the answer to one request, or the request itself.
type lossy struct {
	t    *testing.T
	site string

	mu     sync.Mutex // guards the fields below
	match  string     // a part of "METHOD /path?query" of the request; empty: lose nothing
	before bool       // lose the request, not the answer
	lost   int
}

func (l *lossy) lose(match string, before bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.match, l.before, l.lost = match, before, 0
}

func (l *lossy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	hit := l.match != "" && strings.Contains(r.Method+" "+r.URL.RequestURI(), l.match)
	before := l.before
	if hit {
		l.lost++
	}
	l.mu.Unlock()
	if hit && before {
		panic(http.ErrAbortHandler)
	}
	req, err := http.NewRequestWithContext(r.Context(), r.Method, l.site+r.URL.RequestURI(), r.Body)
	if err != nil {
		l.t.Error(err)
		return
	}
	req.Header = r.Header.Clone()
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		l.t.Error(err)
		return
	}
	defer func() { _ = resp.Body.Close() }() // only read
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		l.t.Error(err)
	}
	if hit {
		panic(http.ErrAbortHandler)
	}
	for name := range resp.Header {
		w.Header().Set(name, resp.Header.Get(name))
	}
	w.WriteHeader(resp.StatusCode)
	_, _ = w.Write(body) // the client may be gone
}

// TestLostAnswers loses the answer of each kind of write, once before and once
// after the site did it: nothing is sent twice, and what became of it is told.
func TestLostAnswers(t *testing.T) {
	site := *sites.Site(t, remotetest.Options{Users: 60})
	way := &lossy{t: t, site: site.URL}
	proxy := httptest.NewServer(way)
	t.Cleanup(proxy.Close)
	t.Cleanup(http.DefaultTransport.(*http.Transport).CloseIdleConnections)
	site.URL = proxy.URL
	api := connect(t, &site)
	u := register(t, api, apitest.User("lossy", apitest.AwaitingReview))
	do := func(a apiclient.Action, id apiclient.UserID) error {
		out, err := api.DoUsers(t.Context(), apiclient.UserAction{Action: a, Users: []apiclient.UserID{id}, Role: "author"})
		if err == nil && out[0].Err != nil {
			err = out[0].Err
		}
		return err
	}
	for _, c := range []struct {
		name, match, want string
		do                func() error
	}{
		{"approve", "um_update_user", "was not changed: the status is still", func() error { return do(apiclient.ActionApprove, u.ID) }},
		{"give a role", "POST /wp-json/wp/v2/users/", "was not made: the site has the old values", func() error { return do(apiclient.ActionRole, u.ID) }},
		{"change an address", "POST /wp-json/wp/v2/users/", "was not made: the site has the old values", func() error {
			email := "lossy-new@example.com"
			_, err := api.UpdateUser(t.Context(), u.ID, apiclient.UserUpdate{Email: &email})
			return err
		}},
		{"delete", "um_delete_user", "was not deleted: the account is still there", func() error { return do(apiclient.ActionDelete, u.ID) }},
		{"create", "um_register_user", "was not made: the site has none now", func() error {
			made, err := api.CreateUser(t.Context(), apitest.User("lossy-two"))
			if err == nil {
				removeLater(t, api, made.ID)
			}
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer way.lose("", false)
			way.lose(c.match, true)
			wantError(t, c.do(), apiclient.Unavailable, c.want)
			if way.lost != 1 {
				t.Errorf("the write was sent %d times; want once", way.lost)
			}
			way.lose(c.match, false)
			if err := c.do(); err != nil {
				t.Errorf("the answer is lost, but it was done: %v", err)
			}
			if way.lost != 1 {
				t.Errorf("the write was sent %d times; want once", way.lost)
			}
		})
	}
}
