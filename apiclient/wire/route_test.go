package wire_test

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

func TestEachMethodHasOneRoute(t *testing.T) {
	var want, got []string
	for m := range reflect.TypeFor[apiclient.API]().Methods() {
		if m.Name != "Close" {
			want = append(want, m.Name)
		}
	}
	patterns := map[string]string{}
	for _, r := range wire.Routes() {
		got = append(got, r.Name)
		if other, twice := patterns[r.Pattern()]; twice {
			t.Errorf("%s and %s share the pattern %s", r.Name, other, r.Pattern())
		}
		patterns[r.Pattern()] = r.Name
		if r.Needs == "" && r.Name != "Site" {
			t.Errorf("%s needs no capability", r.Name)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("routes are not the methods of API (-methods +routes):\n%s", diff)
	}
}

// serve sends a call to a server that decodes it, and returns what it read.
func serve[In, Out any](t *testing.T, e wire.Endpoint[In, Out], in In) In {
	t.Helper()
	call, err := e.Call(in)
	if err != nil {
		t.Fatal(err)
	}
	var got In
	mux := http.NewServeMux()
	served := false
	mux.HandleFunc(e.Pattern(), func(_ http.ResponseWriter, r *http.Request) {
		served = true
		if got, err = e.Decode(r); err != nil {
			t.Errorf("%s: %v", e.Name, err)
		}
	})
	address := call.Path
	if len(call.Query) > 0 {
		address += "?" + call.Query.Encode()
	}
	r := httptest.NewRequestWithContext(t.Context(), call.Method, address, bytes.NewReader(call.Body))
	if call.Body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	mux.ServeHTTP(httptest.NewRecorder(), r)
	if !served {
		t.Errorf("%s: nothing serves %s %s", e.Name, call.Method, address)
	}
	return got
}

func TestRequests(t *testing.T) {
	query := wire.UsersRequestOf(apiclient.UserQuery{
		Filter: apiclient.AllOf(apiclient.FieldIs("status", "approved"), apiclient.FieldIs("first_name", "Zoë & Søn?#%")),
		Sort:   apiclient.Sort{Column: "registered", Desc: true}, After: "abc-_", Limit: 7, WithFields: true,
	})
	if diff := cmp.Diff(query, serve(t, wire.Users, query)); diff != "" {
		t.Errorf("Users (-want +got):\n%s", diff)
	}
	if got := serve(t, wire.Users, wire.UsersRequest{}); !reflect.DeepEqual(got, wire.UsersRequest{}) {
		t.Errorf("the empty request came as %+v", got)
	}
	for _, key := range []string{"a.b-c_D", "ü/../x", "100%", "a b+c", "users"} {
		if got := serve(t, wire.DeleteField, wire.FieldRef{Key: key}); got.Key != key {
			t.Errorf("the key %q came as %q", key, got.Key)
		}
	}
	email := "zoe@example.com"
	update := wire.UserUpdateOf(42, apiclient.UserUpdate{Email: &email, Fields: map[string]apiclient.Value{"a": apiclient.List("x")}})
	if diff := cmp.Diff(update, serve(t, wire.UpdateUser, update)); diff != "" {
		t.Errorf("UpdateUser (-want +got):\n%s", diff)
	}
	if got := serve(t, wire.TestSubscription, wire.SubscriptionRef{ID: 3}); got.ID != 3 {
		t.Errorf("TestSubscription came as %+v", got)
	}
	if got := serve(t, wire.Watch, wire.WatchRequest{After: -1}); got.After != -1 {
		t.Errorf("Watch came as %+v", got)
	}
	at := time.Date(2026, 5, 6, 7, 8, 9, 123e6, time.UTC)
	if got, err := serve(t, wire.GetLogSpan, wire.LogSpanRequestOf(at)).Moment(); err != nil || !got.Equal(at) {
		t.Errorf("LogSpan came as %s, %v", got, err)
	}
	if got, err := serve(t, wire.GetLogSpan, wire.LogSpanRequestOf(time.Time{})).Moment(); err != nil || !got.IsZero() {
		t.Errorf("LogSpan of the beginning came as %s, %v", got, err)
	}
	if got := serve(t, wire.SubscriptionHours, wire.SubscriptionHoursRequestOf(3, at)); got.ID != 3 {
		t.Errorf("SubscriptionHours came as %+v", got)
	} else if since, err := got.Moment(); err != nil || !since.Equal(at) {
		t.Errorf("SubscriptionHours came since %s, %v", since, err)
	}
	if _, err := (wire.LogSpanRequest{Since: "soon"}).Moment(); apiclient.KindOf(err) != apiclient.Invalid {
		t.Errorf("LogSpan since soon: %v; want Invalid", err)
	}
}

func TestCallsRefuseTextThatIsNotUTF8(t *testing.T) {
	bad := "Zo\xeb"
	for name, call := range map[string]func() (wire.Call, error){
		"first_name": func() (wire.Call, error) {
			return wire.CreateUser.Call(wire.NewUserOf(apiclient.NewUser{Fields: map[string]apiclient.Value{"first_name": apiclient.List("x", bad)}}))
		},
		"email": func() (wire.Call, error) {
			return wire.UpdateUser.Call(wire.UserUpdateOf(1, apiclient.UserUpdate{Email: &bad}))
		},
		"filter": func() (wire.Call, error) {
			return wire.CountUsers.Call(wire.CountRequest{Filter: wire.Filter(apiclient.FieldIs("a", bad))})
		},
		"path": func() (wire.Call, error) { return wire.DeleteField.Call(wire.FieldRef{Key: bad}) },
	} {
		_, err := call()
		if apiclient.KindOf(err) != apiclient.Invalid || !strings.Contains(err.Error(), "UTF-8") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRequestsRefused(t *testing.T) {
	deep := strings.Repeat(`{"not":`, 40) + `{"op":"empty","field":"a"}` + strings.Repeat("}", 40)
	for name, c := range map[string]struct {
		method, address, kind, body string
		status                      int
		want                        string // a part of the message
	}{
		"unknown parameter": {"GET", "/users?offset=3", "", "", 400, `"offset"`},
		"parameter twice":   {"GET", "/users?limit=3&limit=4", "", "", 400, "limit is there 2 times"},
		"no number":         {"GET", "/users?limit=many", "", "", 400, `"many"`},
		"no filter":         {"GET", "/users?filter=status:approved", "", "", 400, "tree in JSON"},
		"unknown operation": {"GET", "/users?filter=%7B%22field%22:%22a%22,%22op%22:%22regexp%22%7D", "", "", 400, "regexp"},
		"deep filter":       {"GET", "/users?filter=" + strings.NewReplacer(`"`, "%22", "{", "%7B", "}", "%7D").Replace(deep), "", "", 400, "too large"},
		"bad sort":          {"GET", "/users?sort=login:up", "", "", 400, `"up"`},
		"bad escape":        {"GET", "/users?sort=%zz", "", "", 400, "escape"},
		"not UTF-8":         {"GET", "/users?sort=%ff", "", "", 400, "UTF-8"},
		"no content type":   {"POST", "/users", "", `{}`, 415, "application/json"},
		"form":              {"POST", "/users", "application/x-www-form-urlencoded", "login=ada", 415, "application/json"},
		"latin 1":           {"POST", "/users", "application/json; charset=iso-8859-1", `{}`, 415, "application/json"},
		"empty":             {"POST", "/users", "application/json", ``, 400, "JSON"},
		"unknown member":    {"POST", "/users", "application/json", `{"log1n":"ada"}`, 400, "log1n"},
		"key twice":         {"POST", "/users", "application/json", `{"login":"ada","login":"bob"}`, 400, `"login" twice`},
		"two values":        {"POST", "/users", "application/json", `{"login":"ada"}{}`, 400, "more than one"},
		"wrong type":        {"POST", "/users", "application/json", `{"login":7}`, 400, "login"},
		"nested value":      {"POST", "/users", "application/json", `{"fields":{"a":{"b":1}}}`, 400, "JSON"},
		"bytes":             {"POST", "/users", "application/json", "{\"login\":\"\xff\"}", 400, "UTF-8"},
		"deep":              {"POST", "/users", "application/json", strings.Repeat("[", 100) + strings.Repeat("]", 100), 400, "deep"},
		"large":             {"POST", "/users", "application/json", `{"login":"` + strings.Repeat("a", wire.MaxBody) + `"}`, 413, "larger"},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), c.method, wire.Root+c.address, strings.NewReader(c.body))
			if c.kind != "" {
				r.Header.Set("Content-Type", c.kind)
			}
			var err error
			if c.method == "GET" {
				_, err = wire.Users.Decode(r)
			} else {
				_, err = wire.CreateUser.Decode(r)
			}
			if err == nil {
				t.Fatal("it was taken")
			}
			if apiclient.KindOf(err) != apiclient.Invalid || wire.StatusOf(err) != c.status || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, %d: %v; want %d with %q", apiclient.KindOf(err), wire.StatusOf(err), err, c.status, c.want)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	kinds := []apiclient.Kind{
		apiclient.Internal, apiclient.Invalid, apiclient.NotFound, apiclient.Unauthorized,
		apiclient.Forbidden, apiclient.Conflict, apiclient.Unsupported, apiclient.Unavailable,
	}
	for _, kind := range kinds {
		want := &apiclient.Error{Kind: kind, Message: "What & <why>.", Field: "email", Err: errors.New("SELECT secret")}
		status := wire.StatusOf(want)
		if back := wire.KindOfStatus(status); back != kind {
			t.Errorf("%v is %d, which is %v", kind, status, back)
		}
		text, err := wire.Marshal(wire.ErrorBodyOf(want))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte("SELECT")) {
			t.Errorf("the cause crossed: %s", text)
		}
		got, ok := wire.ReadError(status, text)
		if !ok || got.Kind != kind || got.Message != want.Message || got.Field != want.Field {
			t.Errorf("%v came back as %+v: %s", kind, got, text)
		}
	}
	text, _ := wire.Marshal(wire.ErrorBodyOf(errors.New("disk on fire")))
	if want := `{"code":"umdeck_internal","message":"internal error; the log has the cause","data":{"status":500}}`; string(text) != want {
		t.Errorf("got %s, want %s", text, want)
	}
	for _, body := range []string{``, `[]`, `<html>`, `{"code":"rest_no_route","message":"x","data":{"status":404}}`} {
		if _, ok := wire.ReadError(404, []byte(body)); ok {
			t.Errorf("%q was taken for an error of umdeck/v1", body)
		}
	}
}
