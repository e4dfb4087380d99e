package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"umdeck/apiclient"
	"umdeck/apiclient/server"
	"umdeck/apiclient/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A rig is a server on 127.0.0.1 over a site by hand.
type rig struct {
	*site
	url string
	log *lockedBuffer
	now func(time.Duration) // moves the clock of the server
}

// start serves cfg until the test ends. API, Authenticate and Logger have defaults.
func start(t *testing.T, cfg server.Config) *rig {
	t.Helper()
	r := &rig{site: newSite(), log: &lockedBuffer{}}
	if cfg.API == nil {
		cfg.API = r.site
	}
	if cfg.Authenticate == nil && cfg.Trust == nil {
		cfg.Authenticate = login
	}
	var mu sync.Mutex
	now := registered
	cfg.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	r.now = func(d time.Duration) { mu.Lock(); defer mu.Unlock(); now = now.Add(d) }
	cfg.Logger = slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s, err := server.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	r.url = serve(t, s)
	return r
}

// serve runs a server until the test ends, and returns its URL.
func serve(t *testing.T, s *server.Server) string {
	t.Helper()
	var lc net.ListenConfig
	listener, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Serve: %v", err)
		}
		http.DefaultClient.CloseIdleConnections()
	})
	return "http://" + listener.Addr().String()
}

type lockedBuffer struct {
	mu sync.Mutex // guards b
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// An ask is a request; its zero value is GET / without credentials.
type ask struct {
	method, path string
	user         string // logs in with the password "secret"
	password     string // instead of "secret"
	kind, body   string
	header       map[string]string
}

type answer struct {
	status int
	header http.Header
	body   string
}

func (r *rig) do(t *testing.T, a ask) answer {
	t.Helper()
	if a.method == "" {
		a.method = http.MethodGet
	}
	req, err := http.NewRequestWithContext(t.Context(), a.method, r.url+a.path, strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	if a.kind != "" {
		req.Header.Set("Content-Type", a.kind)
	}
	if a.user != "" {
		if a.password == "" {
			a.password = "secret"
		}
		req.SetBasicAuth(a.user, a.password)
	}
	for k, v := range a.header {
		req.Header.Set(k, v)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(body)}
}

// want checks status and body to the letter.
func (a answer) want(t *testing.T, status int, body string) {
	t.Helper()
	if a.status != status || a.body != body {
		t.Errorf("got  %d %s\nwant %d %s", a.status, a.body, status, body)
	}
}

const jsonType = "application/json"

func TestIndex(t *testing.T) {
	r := start(t, server.Config{})
	for _, path := range []string{"/wp-json/", "/wp-json"} {
		r.do(t, ask{path: path + "?_fields=name,description,url,home,gmt_offset,timezone_string,namespaces,authentication"}).want(t, 200, `{"name":"Test &amp; Söhne","description":"","url":"`+r.url+`","home":"`+r.url+
			`","gmt_offset":"0","timezone_string":"UTC","namespaces":["wp/v2","umdeck/v1"],"authentication":{"application-passwords":{"endpoints":{"authorization":"`+r.url+`/wp-admin/authorize-application.php"}}}`+
			`,"_links":{"help":[{"href":"https://developer.wordpress.org/rest-api/"}]}}`)
	}
	r = start(t, server.Config{SiteName: "Other", URL: "https://example.com/"})
	got := r.do(t, ask{path: "/wp-json/"})
	if !strings.Contains(got.body, `"name":"Other"`) || !strings.Contains(got.body, `"home":"https://example.com"`) {
		t.Errorf("the index is %s", got.body)
	}
}

func TestAbsent(t *testing.T) {
	r := start(t, server.Config{})
	for path, want := range map[string]string{
		"/":                            "nothing at this address",
		"/register":                    "nothing at this address",
		"/metrics":                     "nothing at this address", // nobody gave any
		"/wp-json/umdeck/v1/nonsense":  "umdeck/v1 has no GET /nonsense",
		"/wp-json/umdeck/v1/users/do":  "", // a user whose id is no number
		"/wp-json/umdeck/v1/users/1/x": "umdeck/v1 has no GET /users/1/x",
	} {
		got := r.do(t, ask{path: path, user: "admin"})
		if want == "" {
			got.want(t, 400, `{"code":"umdeck_invalid","message":"The parameter id is \"do\"; use a whole number.","data":{"status":400,"field":"id"}}`)
			continue
		}
		if got.status != 404 || !strings.Contains(got.body, want) || !strings.Contains(got.body, `"code":"umdeck_not_found"`) {
			t.Errorf("%s: %d %s; want 404 with %q", path, got.status, got.body, want)
		}
	}
}

func TestHeaders(t *testing.T) {
	r := start(t, server.Config{})
	got := r.do(t, ask{path: "/wp-json/"})
	for name, want := range map[string]string{
		"Content-Type": "application/json; charset=UTF-8", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
	} {
		if got.header.Get(name) != want {
			t.Errorf("%s is %q; want %q", name, got.header.Get(name), want)
		}
	}
	if id := got.header.Get("X-Request-Id"); len(id) != 16 {
		t.Errorf("the request's id is %q", id)
	}
	if id := r.do(t, ask{path: "/wp-json/", header: map[string]string{"X-Request-Id": "abc-1"}}).header.Get("X-Request-Id"); id != "abc-1" {
		t.Errorf("the client's id became %q", id)
	}
	if id := r.do(t, ask{path: "/wp-json/", header: map[string]string{"X-Request-Id": "a b"}}).header.Get("X-Request-Id"); id == "a b" {
		t.Error("an id with a space was believed")
	}
}

func TestLogin(t *testing.T) {
	r := start(t, server.Config{})
	users := wire.Root + "/users"
	got := r.do(t, ask{path: users})
	got.want(t, 401, `{"code":"umdeck_unauthorized","message":"You are not logged in; send a user name and an application password with HTTP Basic authentication.","data":{"status":401}}`)
	if got.header.Get("WWW-Authenticate") == "" {
		t.Error("401 without WWW-Authenticate")
	}
	r.do(t, ask{path: users, user: "admin", password: "hunter2"}).want(t, 401, `{"code":"umdeck_unauthorized","message":"The user name or the application password is wrong.","data":{"status":401}}`)
	r.do(t, ask{path: users, user: "ada"}).want(t, 403, `{"code":"umdeck_forbidden","message":"ada has no right to do this: it needs the WordPress capability list_users; ask an administrator for a role that has it.","data":{"status":403}}`)
	r.do(t, ask{path: users, user: "broken"}).want(t, 500, `{"code":"umdeck_internal","message":"internal error; the log has the cause","data":{"status":500}}`)
	if got := r.do(t, ask{path: users, user: "helper"}); got.status != 200 {
		t.Errorf("helper: %d %s", got.status, got.body)
	}
	log := r.log.String()
	for _, want := range []string{"login refused", "user=admin", "no database"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log has no %q:\n%s", want, log)
		}
	}
	if strings.Contains(log, "hunter2") || strings.Contains(log, "secret") {
		t.Errorf("a password is in the log:\n%s", log)
	}
}

func TestFailedLoginsAreLimited(t *testing.T) {
	r := start(t, server.Config{})
	bad := ask{path: wire.Root + "/site", user: "admin", password: "wrong"}
	for i := range 10 {
		if got := r.do(t, bad); got.status != 401 {
			t.Fatalf("try %d: %d %s", i, got.status, got.body)
		}
	}
	good := ask{path: wire.Root + "/site", user: "admin"}
	got := r.do(t, good)
	got.want(t, 429, `{"code":"umdeck_unavailable","message":"Too many logins from this address have failed; try again in 6 s.","data":{"status":429}}`)
	if got.header.Get("Retry-After") != "6" {
		t.Errorf("Retry-After is %q", got.header.Get("Retry-After"))
	}
	zapier(t, r, "um_zapier_auth_test", "", "").want(t, 429, `{"success":false,"data":"Too many logins from this address have failed; try again in 6 s."}`)
	r.now(7 * time.Second)
	if got := r.do(t, good); got.status != 200 {
		t.Errorf("after the wait: %d %s", got.status, got.body)
	}
	r.do(t, bad)
	if got := r.do(t, bad); got.status != 429 {
		t.Errorf("one wait paid for more than one failure: %d", got.status)
	}
}

func TestProxiedAddresses(t *testing.T) {
	r := start(t, server.Config{BehindProxy: true})
	bad := ask{path: wire.Root + "/site", user: "admin", password: "wrong"}
	for range 11 {
		bad.header = map[string]string{"X-Forwarded-For": "10.0.0.1, 2001:db8::1"}
		r.do(t, bad)
	}
	for address, want := range map[string]int{
		"2001:db8::2": 429, "10.0.0.1, 2001:db8:0:0:5::": 429, "2001:db8:1::1": 401, "192.0.2.1": 401, "junk": 401, "::ffff:192.0.2.1": 401,
	} {
		bad.header["X-Forwarded-For"] = address
		if got := r.do(t, bad); got.status != want {
			t.Errorf("%s: %d, want %d", address, got.status, want)
		}
	}
	r = start(t, server.Config{})
	for i := range 11 {
		bad.header["X-Forwarded-For"] = "192.0.2." + string(rune('1'+i))
		if got := r.do(t, bad); i == 10 && got.status != 429 {
			t.Errorf("without a proxy the header was believed: %d", got.status)
		}
	}
}

func TestTrust(t *testing.T) {
	r := start(t, server.Config{Trust: &apiclient.Actor{Login: "root"}})
	if got := r.do(t, ask{path: wire.Root + "/users/2"}); got.status != 200 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	zapier(t, r, "um_get_fields", jsonType, `{"get_fields":4}`)
	want := []apiclient.Actor{{Login: "root", Origin: apiclient.OriginConsole}, {Login: "root", Origin: apiclient.OriginAPI}}
	if diff := cmp.Diff(want, r.actors); diff != "" {
		t.Errorf("who acted (-want +got):\n%s", diff)
	}
	if _, err := server.New(server.Config{API: r.site}); err == nil {
		t.Error("a server that asks for no credentials and trusts nobody was made")
	}
	if _, err := server.New(server.Config{API: r.site, Authenticate: login, Trust: &apiclient.Actor{}}); err == nil {
		t.Error("a server that both asks and trusts was made")
	}
}

func TestOtherWebsites(t *testing.T) {
	r := start(t, server.Config{})
	for _, header := range []map[string]string{{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}} {
		got := r.do(t, ask{method: "POST", path: wire.Root + "/subscriptions/1/test", user: "admin", header: header})
		if got.status != 403 {
			t.Errorf("%v: %d %s", header, got.status, got.body)
		}
	}
}

func TestPanic(t *testing.T) {
	r := start(t, server.Config{})
	got := r.do(t, ask{path: wire.Root + "/events", user: "admin"}) // the site has no such method
	got.want(t, 500, `{"code":"umdeck_internal","message":"internal error; the log has the cause","data":{"status":500}}`)
	if log := r.log.String(); !strings.Contains(log, "panic") || !strings.Contains(log, "v1_log.go") || !strings.Contains(log, got.header.Get("X-Request-Id")) {
		t.Errorf("the log says:\n%s", log)
	}
}

func TestErrorsAreLoggedOnce(t *testing.T) {
	r := start(t, server.Config{})
	r.fail = &apiclient.Error{Kind: apiclient.Unavailable, Message: "The disk is full; make room.", Err: io.ErrShortWrite}
	got := r.do(t, ask{path: wire.Root + "/users", user: "admin"})
	got.want(t, 503, `{"code":"umdeck_unavailable","message":"The disk is full; make room.","data":{"status":503}}`)
	zapier(t, r, "um_account_roles", "", "").want(t, 503, `{"success":false,"data":"The disk is full; make room."}`)
	log := r.log.String()
	if strings.Count(log, "request failed") != 2 || !strings.Contains(log, "short write") {
		t.Errorf("the log says:\n%s", log)
	}
}

func TestSiteForCaller(t *testing.T) {
	r := start(t, server.Config{})
	var got wire.SiteAnswer
	if err := json.Unmarshal([]byte(r.do(t, ask{path: wire.Root + "/site", user: "helper"}).body), &got); err != nil {
		t.Fatal(err)
	}
	if got.User != "helper" {
		t.Errorf("the user is %q", got.User)
	}
	d := got.Domain()
	for capability, want := range map[apiclient.Capability]string{
		apiclient.CanListUsers: "", apiclient.CanEditUsers: "", apiclient.CanDeleteUsers: "", apiclient.CanReadZaps: "",
		apiclient.CanSendMail:  "No mail server is set.",
		apiclient.CanSetRoles:  "helper has no right to do this: it needs the WordPress capability promote_users; ask an administrator for a role that has it.",
		apiclient.CanWriteZaps: "helper has no right to do this: it needs the WordPress capability manage_options; ask an administrator for a role that has it.",
	} {
		if _, why := d.Can(capability); why != want {
			t.Errorf("%s: %q, want %q", capability, why, want)
		}
	}
	got = wire.SiteAnswer{}
	if err := json.Unmarshal([]byte(r.do(t, ask{path: wire.Root + "/site", user: "admin"}).body), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]apiclient.Capability{apiclient.CanSendMail, apiclient.CanReadHashes}, slices.Sorted(maps.Keys(got.Missing))); diff != "" {
		t.Errorf("an administrator misses (-want +got):\n%s", diff)
	}
}

func TestEndpoints(t *testing.T) {
	r := start(t, server.Config{})
	r.do(t, ask{path: wire.Root + "/users/2", user: "admin"}).want(t, 200,
		`{"id":2,"login":"ada","email":"ada@example.com","status":"awaiting_admin_review","roles":["subscriber"],"display_name":"","url":"","registered":"2026-11-21T17:00:00Z","fields":{"first_name":"Ada"}}`)
	r.do(t, ask{path: wire.Root + "/users/find?ref=ADA", user: "admin"}).want(t, 200,
		`{"id":2,"login":"ada","email":"ada@example.com","status":"awaiting_admin_review","roles":["subscriber"],"display_name":"","url":"","registered":"2026-11-21T17:00:00Z","fields":{"first_name":"Ada"}}`)
	r.do(t, ask{path: wire.Root + "/users/99", user: "admin"}).want(t, 404, `{"code":"umdeck_not_found","message":"There is no user 99.","data":{"status":404}}`)
	r.do(t, ask{path: wire.Root + `/users?filter={"field":"nonsense","op":"empty"}`, user: "admin"}).want(t, 400, `{"code":"umdeck_invalid","message":"There is no column nonsense.","data":{"status":400,"field":"filter"}}`)
	r.do(t, ask{method: "POST", path: wire.Root + "/users", user: "admin", kind: jsonType, body: `{"login":"bob","email":"bob@example.com","password":"p","fields":{"first_name":"Bob"}}`}).want(t, 201,
		`{"id":101,"login":"bob","email":"bob@example.com","status":"","roles":[],"display_name":"","url":"","registered":"2026-11-21T17:00:00Z","fields":{"first_name":"Bob"}}`)
	if n := r.made[0]; n.Password.Reveal() != "p" {
		t.Errorf("the password came as %q", n.Password.Reveal())
	}
	r.do(t, ask{method: "POST", path: wire.Root + "/users/do", user: "admin", kind: jsonType, body: `{"action":"delete","users":[1,2]}`}).want(t, 200,
		`[{"user":1,"login":"admin","from":"","to":"","error":{"kind":"conflict","message":"You cannot delete yourself."}},{"user":2,"login":"ada","from":"","to":""}]`)
	r.do(t, ask{method: "POST", path: wire.Root + "/subscriptions", user: "admin", kind: jsonType, body: `{"zap":5,"url":"https://example.com/h"}`}).want(t, 200,
		`{"subscription":{"id":102,"zap":5,"zap_name":"","url":"https://example.com/h","state":"active","signing":"whsec_secret","strict":false,"rate":0,"failures":0,"done":0,"dead":0,"waiting":0},"added":true}`)
	r.do(t, ask{path: wire.Root + "/subscriptions?zap=5", user: "admin"}).want(t, 200,
		`[{"id":102,"zap":5,"zap_name":"","url":"https://example.com/h","state":"active","strict":false,"rate":0,"failures":0,"done":0,"dead":0,"waiting":0}]`)
	r.do(t, ask{method: "DELETE", path: wire.Root + "/subscriptions/102", user: "admin"}).want(t, 200, `{}`)
	r.do(t, ask{path: wire.Root + "/zaps/5/sample", user: "admin"}).want(t, 200,
		`{"id":5,"um_zap_name":"New User Registration","um_zap_id":5,"user_id":0,"user_email":"test@example.com","first_name":"sample value","last_name":"sample value"}`)
	for _, a := range r.actors[:1] {
		if want := (apiclient.Actor{ID: 1, Login: "admin", Origin: apiclient.OriginConsole}); a != want {
			t.Errorf("%+v acted; want %+v", a, want)
		}
	}
}

func TestRightsAreNotGained(t *testing.T) {
	r := start(t, server.Config{})
	for name, a := range map[string]ask{
		"roles need promote_users":         {method: "PATCH", path: "/users/2", body: `{"roles":["subscriber"]}`},
		"the password of an administrator": {method: "PATCH", path: "/users/1", body: `{"password":"mine"}`},
		"the address of an administrator":  {method: "PATCH", path: "/users/1", body: `{"email":"me@example.com"}`},
		"delete an administrator":          {method: "POST", path: "/users/do", body: `{"action":"delete","users":[2,1]}`},
		"give a role":                      {method: "POST", path: "/users/do", body: `{"action":"role","users":[2],"role":"administrator"}`},
		"log in as an administrator":       {method: "POST", path: "/passwords", body: `{"user":1,"name":"x"}`},
		"create":                           {method: "POST", path: "/users", body: `{"login":"x"}`},
	} {
		t.Run(name, func(t *testing.T) {
			a.user, a.kind, a.path = "helper", jsonType, wire.Root+a.path
			if got := r.do(t, a); got.status != 403 {
				t.Errorf("%d %s; want 403", got.status, got.body)
			}
		})
	}
	if len(r.edits)+len(r.acts)+len(r.made) != 0 {
		t.Errorf("something was done: %v %v %v", r.edits, r.acts, r.made)
	}
	for _, a := range []ask{
		{method: "PATCH", path: "/users/2", body: `{"email":"new@example.com"}`},
		{method: "POST", path: "/users/do", body: `{"action":"delete","users":[2,999]}`},
	} {
		a.user, a.kind, a.path = "helper", jsonType, wire.Root+a.path
		if got := r.do(t, a); got.status != 200 {
			t.Errorf("%s: %d %s; want 200", a.body, got.status, got.body)
		}
	}
}

func TestOpenAPI(t *testing.T) {
	r := start(t, server.Config{})
	got := r.do(t, ask{path: wire.Root + "/openapi.json"})
	var doc struct {
		Paths map[string]map[string]struct {
			ID    string `json:"operationId"`
			Needs string `json:"x-capability"`
		}
	}
	if err := json.Unmarshal([]byte(got.body), &doc); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, ops := range doc.Paths {
		n += len(ops)
	}
	if n != len(wire.Routes()) {
		t.Errorf("the document has %d operations; there are %d routes", n, len(wire.Routes()))
	}
	for _, route := range wire.Routes() {
		op := doc.Paths[route.Path][strings.ToLower(route.Method)]
		if op.ID != route.Name || op.Needs != route.Needs {
			t.Errorf("%s %s is %+v", route.Method, route.Path, op)
		}
		// Each route is served, and asks for credentials before anything else.
		path := wire.Root + strings.NewReplacer("{id}", "1", "{key}", "k", "{uuid}", "u", "{trigger}", "t").Replace(route.Path)
		if got := r.do(t, ask{method: route.Method, path: path}); got.status != 401 {
			t.Errorf("%s %s: %d %s; want 401", route.Method, path, got.status, got.body)
		}
	}
}
