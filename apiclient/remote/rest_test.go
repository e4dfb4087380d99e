package remote_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"umdeck/apiclient/engine"
	"umdeck/apiclient/engine/enginetest"
	"umdeck/apiclient/remote/remotetest"
	"umdeck/apiclient/server"
)

// A restSite is a site that the requests of the table are sent to. What answers
// name, such as the number of a user, it knows by the words that rows save them
// under.
type restSite struct {
	url       string
	passwords map[string]string // application passwords by login
	words     map[string]string
}

// A restAnswer is what came back, with words in place of what is the site's own.
type restAnswer struct {
	status int
	header http.Header
	body   string
	data   any
}

// ask sends a row's request.
func (s *restSite) ask(t *testing.T, row restRow) restAnswer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), row.method, s.url+s.fill(row.path), strings.NewReader(s.fill(row.body)))
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case row.kind != "":
		r.Header.Set("Content-Type", row.kind)
	case strings.HasPrefix(row.body, "{") || strings.HasPrefix(row.body, "["):
		r.Header.Set("Content-Type", "application/json")
	case row.body != "":
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range row.header {
		r.Header.Set(name, value)
	}
	switch row.as {
	case "":
	case "wrong":
		r.SetBasicAuth("admin", "AAAA BBBB CCCC DDDD EEEE FFFF")
	default:
		r.SetBasicAuth(row.as, s.passwords[row.as])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatalf("%s: %v", row.name, err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := restAnswer{status: resp.StatusCode, header: resp.Header, body: string(body)}
	if len(body) > 0 {
		if err := json.Unmarshal(body, &a.data); err != nil {
			t.Errorf("%s: the answer is no JSON: %v: %.300s", row.name, err, body)
		}
	}
	for word, path := range row.save {
		s.words[word] = s.member(t, row, a, path)
	}
	if login := row.savePassword; login != "" {
		s.passwords[login] = s.member(t, row, a, "password")
	}
	a.data = s.anonymous(a.data)
	return a
}

// fill puts what the site has in place of {words}.
func (s *restSite) fill(text string) string {
	for word, value := range s.words {
		text = strings.ReplaceAll(text, "{"+word+"}", value)
	}
	return text
}

// member returns a member of an answer, such as previous.id, as text.
func (s *restSite) member(t *testing.T, row restRow, a restAnswer, path string) string {
	t.Helper()
	v := a.data
	for name := range strings.SplitSeq(path, ".") {
		o, ok := v.(map[string]any)
		if !ok || o[name] == nil {
			t.Fatalf("%s: the answer has no %s: %d %.300s", row.name, path, a.status, a.body)
		}
		v = o[name]
	}
	if n, ok := v.(float64); ok {
		return strconv.FormatInt(int64(n), 10)
	}
	text, _ := v.(string)
	return text
}

// anonymous puts words in place of what differs between two sites: their address,
// the numbers of users, and identifiers.
func (s *restSite) anonymous(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if n, ok := member.(float64); ok && name == "id" {
				if word := s.word(strconv.FormatInt(int64(n), 10)); word != "" {
					v[name] = word
					continue
				}
			}
			v[name] = s.anonymous(member)
		}
	case []any:
		for i := range v {
			v[i] = s.anonymous(v[i])
		}
	case string:
		return s.nameless(v)
	}
	return v
}

// nameless replaces what is the site's own in a text: longer values first, so that
// none is a part of another.
func (s *restSite) nameless(text string) string {
	text = strings.ReplaceAll(text, s.url, "{home}")
	words := slices.Collect(maps.Keys(s.words))
	slices.SortFunc(words, func(a, b string) int { return len(s.words[b]) - len(s.words[a]) })
	for _, word := range words {
		value := s.words[word]
		text = strings.ReplaceAll(text, "/users/"+value, "/users/{"+word+"}")
		if len(value) > 20 {
			text = strings.ReplaceAll(text, value, "{"+word+"}")
		}
	}
	return text
}

func (s *restSite) word(value string) string {
	for word, v := range s.words {
		if v == value {
			return "{" + word + "}"
		}
	}
	return ""
}

// newRestSite prepares a site: its administrator is the same on each.
func newRestSite(t *testing.T, url, password string) *restSite {
	t.Helper()
	s := &restSite{url: url, passwords: map[string]string{"admin": password, "admin@example.com": password}, words: map[string]string{"admin": "1"}}
	for _, row := range []restRow{
		{name: "the administrator's address", as: "admin", method: "POST", path: "/wp-json/wp/v2/users/1", body: "email=admin@example.com&url=https://admin.example.com/"},
	} {
		if a := s.ask(t, row); a.status != 200 {
			t.Fatalf("%s: %d %s", row.name, a.status, a.body)
		}
	}
	return s
}

// onUmdeck is an engine that is served.
func onUmdeck(t *testing.T) *restSite {
	t.Helper()
	url, e := serveUmdeck(t, nil)
	_, password, err := e.CreatePassword(t.Context(), 1, "umdeck")
	if err != nil {
		t.Fatal(err)
	}
	return newRestSite(t, url, password.Reveal())
}

// serveUmdeck serves an engine; around changes the handler, nil: as it is.
func serveUmdeck(t *testing.T, around func(http.Handler) http.Handler) (string, *engine.Engine) {
	t.Helper()
	e, err := engine.Open(t.Context(), engine.Config{Dir: enginetest.Dir(t), AllowPrivateTargets: true})
	if err != nil {
		t.Fatal(err)
	}
	handler, err := server.New(server.Config{API: e, Authenticate: e.Authenticate})
	if err != nil {
		t.Fatal(err)
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := http.Handler(handler)
	if around != nil {
		h = around(h)
	}
	web := &http.Server{Handler: h} //nolint:gosec // its clients are the test's
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ran, answered := make(chan error, 1), make(chan error, 1)
	go func() { ran <- e.Run(ctx) }()
	go func() { answered <- web.Serve(listener) }()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		cancel()
		err := web.Close()
		if serve := <-answered; !errors.Is(serve, http.ErrServerClosed) {
			err = errors.Join(err, serve)
		}
		if err := errors.Join(err, <-ran, e.Close()); err != nil {
			t.Error(err)
		}
	})
	return "http://" + listener.Addr().String(), e
}

// onWordPress is a WordPress without its sample posts: umdeck has no posts.
func onWordPress(t *testing.T) (*restSite, *remotetest.Site) {
	t.Helper()
	site := sites.Site(t, remotetest.Options{})
	s := newRestSite(t, site.URL, site.Password.Reveal())
	for _, path := range []string{"/wp-json/wp/v2/posts/1", "/wp-json/wp/v2/pages/2", "/wp-json/wp/v2/pages/3"} {
		a := s.ask(t, restRow{name: "delete " + path, as: "admin", method: "DELETE", path: path + "?force=true"})
		if a.status != 200 && a.status != 404 { // another test may have done it
			t.Fatalf("delete %s: %d %s", path, a.status, a.body)
		}
	}
	return s, site
}

// TestREST sends the table's requests to umdeck alone.
func TestREST(t *testing.T) {
	site := onUmdeck(t)
	for _, row := range restRows() {
		t.Run(row.name, func(t *testing.T) {
			a := site.ask(t, row)
			row.check(t, a)
		})
	}
}

// check looks at status and code, which both sites must have.
func (row restRow) check(t *testing.T, a restAnswer) {
	t.Helper()
	want := row.status
	if want == 0 {
		want = http.StatusOK
	}
	o, _ := a.data.(map[string]any)
	code, _ := o["code"].(string)
	if a.status != want || code != row.code {
		t.Errorf("%s %s: %d %.600s\nwant %d %s", row.method, row.path, a.status, a.body, want, row.code)
	}
}
