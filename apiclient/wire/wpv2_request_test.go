package wire_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient/wire"
)

func readRest(t *testing.T, method, target, kind, body string) (*wire.RestRequest, error) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	return wire.ReadRestRequest(r, "/wp/v2/users")
}

// TestRestParams reads a parameter p as PHP would.
func TestRestParams(t *testing.T) {
	list := func(items ...any) []any { return items }
	for _, c := range []struct {
		name, method, target, kind, body string
		want                             any
	}{
		{"query", "GET", "/?p=1", "", "", "1"},
		{"nothing", "GET", "/?q=1", "", "", nil},
		{"without a value", "GET", "/?p", "", "", ""},
		{"the last of two", "GET", "/?p=1&p=2", "", "", "2"},
		{"a list", "GET", "/?p[]=1&p%5B%5D=2", "", "", list("1", "2")},
		{"a list with numbers", "GET", "/?p[5]=1&p[7]=2", "", "", list("1", "2")},
		{"an object", "GET", "/?p[a]=1&p[b]=2&p[a]=3", "", "", wire.RestObject{{Name: "a", Value: "3"}, {Name: "b", Value: "2"}}},
		{"a list that becomes an object", "GET", "/?p[]=1&p[b]=2", "", "", wire.RestObject{{Name: "0", Value: "1"}, {Name: "b", Value: "2"}}},
		{"a list after a text", "GET", "/?p=1&p[]=2", "", "", list("2")},
		{"a bracket that is not closed", "GET", "/?p%5B=1", "", "", "1"},
		{"a dot in the name", "GET", "/?x.p=1&p=2", "", "", "2"},
		{"plus and percent", "GET", "/?p=a+b%20c%", "", "", "a b c%"},
		{"form before query", "POST", "/?p=1", formType, "p=2", "2"},
		{"form of another method by _method", "POST", "/?_method=put", formType, "p=2", "2"},
		{"form of a GET", "GET", "/?p=1", formType, "p=2", "1"},
		{"form without a type", "PUT", "/", "", "p=2", "2"},
		{"POST without a type", "POST", "/", "", "p=2", nil},
		{"plain text", "POST", "/", "text/plain", "p=2", nil},
		{"JSON before query", "GET", "/?p=1", jsonType, `{"p":2}`, int64(2)},
		{"JSON null gives way", "POST", "/?p=1", jsonType, `{"p":null}`, "1"},
		{"JSON of all kinds", "POST", "/", jsonType, `{"p":[1,2.5,"x",true,null,{"a":[]}]}`, list(int64(1), 2.5, "x", true, nil, wire.RestObject{{Name: "a", Value: []any{}}})},
		{"the last of two in JSON", "POST", "/", jsonType, `{"p":1,"p":2}`, int64(2)},
		{"JSON that is a list", "POST", "/", jsonType, `["p"]`, nil},
		{"a vendor's JSON", "POST", "/", "application/vnd.x+json; charset=utf-8", `{"p":2}`, int64(2)},
		{"form by _method", "GET", "/?_method=post&p=1", formType, "p=2", "1"},
		{"multipart", "POST", "/", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"p[]\"\r\n\r\nx\r\n--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\nx\r\n--b--", list("x")},
		{"multipart that breaks off", "POST", "/", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"p\"\r\n\r\nx\r\n--b\r\n", "x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in, err := readRest(t, c.method, c.target, c.kind, c.body)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, in.Param("p")); diff != "" {
				t.Errorf("p (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRestRefusedBodies has what never reaches a parameter.
func TestRestRefusedBodies(t *testing.T) {
	for _, c := range []struct {
		name, method, target, kind, body string
		status                           int
		code                             string
	}{
		{"too large", "POST", "/", formType, strings.Repeat("x", wire.MaxBody+1), 413, "rest_content_too_large"},
		{"too many", "GET", "/?" + strings.Repeat("p[]=1&", 1001), "", "", 400, "rest_invalid_param"},
		{"too many in a form", "POST", "/", formType, strings.Repeat("p=1&", 1001), 400, "rest_invalid_param"},
		{"no UTF-8", "GET", "/?p=%ff", "", "", 400, "rest_invalid_param"},
		{"no UTF-8 in a part", "POST", "/", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"p\"\r\n\r\n\xff\r\n--b--", 400, "rest_invalid_param"},
		{"no JSON", "POST", "/", jsonType, `{"p"}`, 400, "rest_invalid_json"},
		{"two values", "POST", "/", jsonType, `{} {}`, 400, "rest_invalid_json"},
		{"deep", "POST", "/", jsonType, strings.Repeat("[", 100) + strings.Repeat("]", 100), 400, "rest_invalid_json"},
		{"wide", "POST", "/", jsonType, "{" + strings.Repeat(`"p":1,`, 3) + wide() + "}", 400, "rest_invalid_json"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in, err := readRest(t, c.method, c.target, c.kind, c.body)
			if err == nil {
				err = in.Clean(nil) // mistakes in JSON are told once there is a route
			}
			e, ok := errors.AsType[*wire.RestError](err)
			if !ok || e.HTTPStatus() != c.status || e.Code != c.code {
				t.Errorf("got %v; want %d %s", err, c.status, c.code)
			}
		})
	}
}

// wide are more members than are read.
func wide() string {
	var b strings.Builder
	for i := range 1100 {
		b.WriteString(`"m` + strings.Repeat("x", i) + `":1,`)
	}
	return strings.TrimSuffix(b.String(), ",")
}

func endpoint(t testing.TB, name string) wire.RestEndpoint {
	t.Helper()
	for _, r := range wire.RestRoutes() {
		for _, e := range r.Endpoints {
			if e.Name == name {
				return e
			}
		}
	}
	t.Fatalf("there is no endpoint %s", name)
	return wire.RestEndpoint{}
}

// TestRestClean has values that are cleaned; what is refused is compared with
// WordPress itself.
func TestRestClean(t *testing.T) {
	const create = "username=ada&email=ada@example.com&password=x&"
	for _, c := range []struct {
		endpoint, form, param string
		want                  any
	}{
		{wire.RestListUsers, "", "per_page", int64(10)},
		{wire.RestListUsers, "per_page=7e0", "per_page", int64(7)},
		{wire.RestListUsers, "page=+3+", "page", int64(3)},
		{wire.RestListUsers, "include=3,2 1", "include", []any{int64(3), int64(2), int64(1)}},
		{wire.RestListUsers, "include[]=3&include[]=2", "include", []any{int64(3), int64(2)}},
		{wire.RestListUsers, "include=", "include", []any{}},
		{wire.RestListUsers, "offset=99999999999999999999", "offset", int64(1<<63 - 1)},
		{wire.RestListUsers, "has_published_posts=TRUE", "has_published_posts", true},
		{wire.RestListUsers, "has_published_posts=post,page", "has_published_posts", []any{"post", "page"}},
		{wire.RestListUsers, "search=+a%0A%3Cb%3E+b", "search", "a b"},
		{wire.RestDeleteUser, "force=1&reassign=", "reassign", false},
		{wire.RestDeleteUser, "force=1&reassign=false", "reassign", false},
		{wire.RestDeleteUser, "force=1&reassign=7", "reassign", int64(7)},
		{wire.RestDeleteUser, "force=0&reassign=7", "force", false},
		{wire.RestCreateUser, create + "name=A+%26amp%3B+B%3Cbr%3E", "name", "A & B"},
		{wire.RestCreateUser, create + "name=100%2525+x", "name", "100 x"},
		{wire.RestCreateUser, create + "description=a%0A%26lt%3B", "description", "a\n<"},
		{wire.RestCreateUser, create + "url=example.com", "url", "http://example.com"},
		{wire.RestCreateUser, create + "url=+https://example.com/a%20b<>", "url", "https://example.com/a%20b"},
		{wire.RestCreateUser, create + "url=%0d%0ahttps://example.com/%250%250d%250aax", "url", "https://example.com/x"},
		{wire.RestCreateUser, create + "url=javascript:x", "url", ""},
		{wire.RestCreateUser, create + "url=/path", "url", "/path"},
		{wire.RestCreateUser, create + "roles=a,b", "roles", []any{"a", "b"}},
	} {
		t.Run(c.form, func(t *testing.T) {
			in, err := readRest(t, http.MethodPost, "/", formType, c.form)
			if err == nil {
				err = in.Clean(endpoint(t, c.endpoint).Args)
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, in.Param(c.param)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.param, diff)
			}
		})
	}
}

// TestRestPathWins has a user in the path and another one elsewhere.
func TestRestPathWins(t *testing.T) {
	in, err := readRest(t, http.MethodPost, "/?id=7", jsonType, `{"id":8}`)
	if err != nil {
		t.Fatal(err)
	}
	in.Path = wire.RestObject{{Name: "id", Value: "5"}}
	if err := in.Clean(endpoint(t, wire.RestUpdateUser).Args); err != nil {
		t.Fatal(err)
	}
	if got := in.Param("id"); got != int64(5) {
		t.Errorf("the id is %v; want the path's", got)
	}
}

// FuzzRestRequest reads queries, forms and JSON, and cleans them for each endpoint:
// values have their types afterwards, and errors are WordPress's.
func FuzzRestRequest(f *testing.F) {
	for _, c := range [][3]string{
		{"page=1&include[]=2&include=3,4&roles[a][b]=c", formType, "name=x&meta[persisted_preferences][_modified]=y"},
		{"_method=DELETE&force=true", formType, "reassign=%66alse&%=%"},
		{"orderby=include_slugs&slug=a,b&search=%F0%9F%91%A9", jsonType, `{"username":"a","email":"a@b.c","password":"\\","roles":["x",1,null],"meta":{"a":[]}}`},
		{"", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nx\r\n--b--"},
		{"per_page=9e99&offset=-1", jsonType, `{"per_page":1e400,"offset":-9223372036854775809}`},
	} {
		f.Add(c[0], c[1], c[2])
	}
	var endpoints []wire.RestEndpoint
	for _, r := range wire.RestRoutes() {
		endpoints = append(endpoints, r.Endpoints...)
	}
	f.Fuzz(func(t *testing.T, query, kind, body string) {
		for _, e := range endpoints {
			r := httptest.NewRequestWithContext(t.Context(), e.Methods[0], "/", strings.NewReader(body))
			r.URL.RawQuery = query
			r.Header.Set("Content-Type", kind)
			in, err := wire.ReadRestRequest(r, "/")
			if err == nil {
				err = in.Clean(e.Args)
			}
			if err != nil {
				checkRestError(t, err)
				continue
			}
			checkTypes(t, e, in)
		}
	})
}

func checkRestError(t *testing.T, err error) {
	t.Helper()
	e, ok := errors.AsType[*wire.RestError](err)
	if !ok || e.HTTPStatus() < 400 || e.HTTPStatus() >= 500 || e.Code == "" || e.Message == "" {
		t.Fatalf("the error is %#v", err)
	}
	text, err := e.MarshalJSON()
	if err != nil || !utf8.Valid(text) {
		t.Fatalf("the body of %v is %q, %v", e, text, err)
	}
	if back, ok := wire.ReadWordPressError(text); !ok || back.Code != e.Code {
		t.Fatalf("the body %s reads as %+v", text, back)
	}
}

func checkTypes(t *testing.T, e wire.RestEndpoint, in *wire.RestRequest) {
	t.Helper()
	for _, a := range e.Args {
		v := in.Param(a.Name)
		if v != nil && len(a.Types) == 1 && a.Clean != wire.CleanReassign && !hasType(a, v) {
			t.Fatalf("%s: %s is %#v, no %s", e.Name, a.Name, v, a.Types[0])
		}
	}
}

func hasType(a wire.RestArg, v any) bool {
	switch v := v.(type) {
	case int64:
		return a.Types[0] == "integer" && (a.Minimum == nil || v >= int64(*a.Minimum)) && (a.Maximum == nil || v <= int64(*a.Maximum))
	case bool:
		return a.Types[0] == "boolean"
	case string:
		return a.Types[0] == "string" && utf8.ValidString(v) || a.Types[0] == "object" && v == ""
	case []any:
		return a.Types[0] == "array" || a.Types[0] == "object"
	case wire.RestObject:
		return a.Types[0] == "object"
	}
	return false
}
