package wire_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

var kim = apiclient.User{
	ID: 4, Login: "kim", Email: "kim@example.com", DisplayName: "Kim & Co <3", Nicename: "kim", URL: "https://kim.example.com/?a=1&b=2",
	Status: apiclient.StatusApproved, Roles: []apiclient.RoleSlug{"subscriber"}, Registered: time.Date(2026, 11, 21, 16, 47, 20, 0, time.UTC),
	Fields: map[string]apiclient.Value{"first_name": apiclient.Text("Kim"), "last_name": apiclient.Text("A & B"), "nickname": apiclient.Text("kimmy"), "description": apiclient.Text("1 < 2")},
}

// TestRestUserRoundTrip reads an item as a client does: it is the user that it was
// made of, its status apart, which WordPress does not show.
func TestRestUserRoundTrip(t *testing.T) {
	text, err := json.Marshal(wire.RestView{Context: "edit", Roles: true}.User(kim))
	if err != nil {
		t.Fatal(err)
	}
	var row wire.WordPressUser
	if err := json.Unmarshal(text, &row); err != nil {
		t.Fatal(err)
	}
	got, err := row.User(true)
	want := kim
	want.Status = apiclient.StatusUnknown
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// TestRestUserContexts shows in each context what the schema says.
func TestRestUserContexts(t *testing.T) {
	var schema struct {
		Properties map[string]struct{ Context []string }
	}
	route := wire.RestRoutes()[2]
	text, err := json.Marshal(route.Schema())
	if err == nil {
		err = json.Unmarshal(text, &schema)
	}
	if err != nil || len(schema.Properties) != 19 {
		t.Fatalf("%d fields, %v", len(schema.Properties), err)
	}
	for _, context := range []string{"view", "embed", "edit"} {
		item := wire.RestView{Context: context, Roles: true}.User(kim)
		for name, field := range schema.Properties {
			if got := item.Has(name); got != slices.Contains(field.Context, context) {
				t.Errorf("%s shows %s: %v", context, name, got)
			}
		}
	}
	if item := (wire.RestView{Context: "edit"}).User(kim); item.Has("roles") {
		t.Error("roles are shown to who may not see them")
	}
}

func TestRestFields(t *testing.T) {
	item := wire.RestObject{{Name: "id", Value: 1}, {Name: "avatar_urls", Value: wire.RestObject{{Name: "24", Value: "x"}, {Name: "48", Value: "y"}}}, {Name: "meta", Value: wire.RestObject{}}}
	for _, c := range []struct {
		fields any
		want   string
	}{
		{nil, `{"id":1,"avatar_urls":{"24":"x","48":"y"},"meta":[]}`},
		{"", `{"id":1,"avatar_urls":{"24":"x","48":"y"},"meta":[]}`},
		{"id", `{"id":1}`},
		{" id , meta", `{"id":1,"meta":[]}`},
		{[]any{"avatar_urls.48"}, `{"avatar_urls":{"48":"y"}}`},
		{"avatar_urls", `{"avatar_urls":{"24":"x","48":"y"}}`},
		{"nonsense", `[]`},
		{"id.x", `[]`},
	} {
		text, err := json.Marshal(wire.ReadRestFields(c.fields).Cut(item))
		if err != nil || string(text) != c.want {
			t.Errorf("_fields=%v gives %s, %v; want %s", c.fields, text, err, c.want)
		}
	}
}

func TestRestError(t *testing.T) {
	for _, c := range []struct {
		err  *wire.RestError
		want string
	}{
		{wire.RestErrorf(404, "rest_no_route", "No <b>route</b>"), `{"code":"rest_no_route","message":"No <b>route</b>","data":{"status":404}}`},
		{&wire.RestError{Code: "existing_user_login", Message: "m"}, `{"code":"existing_user_login","message":"m","data":null}`},
		{wire.InvalidRestParam("url", "m", nil), `{"code":"rest_invalid_param","message":"Invalid parameter(s): url","data":{"status":400,"params":{"url":"m"},"details":{"url":{"code":"rest_invalid_param","message":"m","data":{"status":400}}}}}`},
	} {
		text, err := c.err.MarshalJSON()
		if err != nil || string(text) != c.want {
			t.Errorf("got %s, %v\nwant %s", text, err, c.want)
		}
	}
}

// TestRestPassword writes what a client reads.
func TestRestPassword(t *testing.T) {
	p := apiclient.Password{UUID: "6a0f7d3e-0000-4000-8000-000000000000", User: 4, Login: "kim", Name: "zapier", Created: time.Date(2026, 11, 21, 16, 30, 21, 0, time.UTC)}
	v := wire.RestView{Home: "https://example.com", Context: "edit"}
	text, err := json.Marshal(v.Password(p, apiclient.NewSecret("abcd EFGH")))
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"uuid":"` + p.UUID + `","app_id":"","name":"zapier","created":"2026-11-21T16:30:21","last_used":null,"last_ip":null,"password":"abcd EFGH"}`; string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	var row wire.WordPressPassword
	if err := json.Unmarshal(text, &row); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p, row.ApplicationPassword(4, "kim")); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	if got, want := v.PasswordURL(p), "https://example.com/wp-json/wp/v2/users/4/application-passwords/"+p.UUID; got != want {
		t.Errorf("it is at %s; want %s", got, want)
	}
}
