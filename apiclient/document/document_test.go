package document_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/document"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/engine/enginetest"
)

func site(t *testing.T) *engine.Engine {
	t.Helper()
	e, err := engine.Open(t.Context(), engine.Config{Dir: enginetest.Dir(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// lived returns a site on which somebody has changed something of everything.
func lived(t *testing.T) *engine.Engine {
	t.Helper()
	e, ctx := site(t), t.Context()
	must(e.CreateRole(ctx, apiclient.Role{Name: "Board member", Priority: 7, Registration: "pending", Capabilities: []string{"read", "edit_posts"}}))(t)
	must(e.CreateRole(ctx, apiclient.Role{Name: "Aide", Capabilities: []string{"read"}}))(t)
	must(e.UpdateRole(ctx, "um_aide", apiclient.RoleUpdate{Settings: map[string]apiclient.Value{"can_edit_everyone": apiclient.Text("1"), "can_edit_roles": apiclient.List("um_board-member")}}))(t)
	must(e.UpdateRole(ctx, "subscriber", apiclient.RoleUpdate{Registration: new("checkmail")}))(t)
	f := apiclient.Field{Key: "colour", Label: "Colour <b>", Type: apiclient.FieldSelect, Choices: apiclient.Choices("Red", "Green"), Required: true}
	must(e.CreateField(ctx, f))(t)
	must(e.UpdateField(ctx, "first_name", apiclient.FieldUpdate{Label: new("Given name"), Attributes: map[string]string{"max_chars": "30"}}))(t)
	must(e.CreateZap(ctx, apiclient.NewZap{Name: "New", Kind: apiclient.ZapTrigger, Event: apiclient.TriggerRegistration, Status: apiclient.ZapRunning, Fields: []string{"colour", "user_email"}}))(t)
	must(e.CreateZap(ctx, apiclient.NewZap{Name: "New", Kind: apiclient.ZapTrigger, Event: apiclient.TriggerLogin, Fields: []string{"user_email"}}))(t)
	must(e.CreateZap(ctx, apiclient.NewZap{Name: "In", Kind: apiclient.ZapAction, Status: apiclient.ZapRunning, Fields: []string{"colour"}}))(t)
	must(e.ChangeSettings(ctx, map[string]string{"umdeck_loop_limit": "3", "default_role": "um_aide"}))(t)
	must(e.CreateForm(ctx, apiclient.NewForm{Title: "Join us", Mode: apiclient.FormRegister}))(t)
	for _, form := range must(e.Forms(ctx))(t) {
		if form.Mode == apiclient.FormProfile {
			must(e.UpdateForm(ctx, form.ID, apiclient.FormUpdate{Title: new("Me"), Fields: []apiclient.FormField{{Field: apiclient.Field{Key: "colour"}}}}))(t)
		}
	}
	return e
}

func encoded(t *testing.T, api apiclient.API) string {
	t.Helper()
	d, notes, err := document.Of(t.Context(), api)
	if err != nil || len(notes) > 0 {
		t.Fatalf("notes %q, %v", notes, err)
	}
	return string(must(d.Encode())(t))
}

// read reads a document into a site and returns its plan.
func read(t *testing.T, api apiclient.API, text string) (plan document.Plan, err error) {
	t.Helper()
	d, err := document.Decode(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	if plan, err = document.PlanOf(t.Context(), api, d); err != nil {
		return nil, err
	}
	n := 0
	err = plan.Apply(t.Context(), api, func(document.Step) { n++ })
	if err == nil && n != len(plan) {
		t.Errorf("%d of %d steps were done", n, len(plan))
	}
	return plan, err
}

// TestRoundTrip moves a site into another: afterwards it has the same document, and
// reading it again changes nothing.
func TestRoundTrip(t *testing.T) {
	want := encoded(t, lived(t))
	for _, part := range []string{"Board member", `"slug": "subscriber"`, "checkmail", "Colour <b>", "Given name", `"umdeck_loop_limit": "3"`, "Join us", `"title": "Me"`} {
		if !strings.Contains(want, part) {
			t.Errorf("the document has no %s:\n%s", part, want)
		}
	}
	other := site(t)
	plan, err := read(t, other, want)
	if err != nil {
		t.Fatal(err)
	}
	if plan.Changes() == 0 || plan.Changes() == len(plan) {
		t.Errorf("%d of %d steps change something", plan.Changes(), len(plan))
	}
	if diff := cmp.Diff(want, encoded(t, other)); diff != "" {
		t.Errorf("the other site (-want +got):\n%s", diff)
	}
	again, err := read(t, other, want)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range again {
		if s.Action != document.Same {
			t.Errorf("again: the %s %s is %s", s.Noun, s.Name, s.Action)
		}
	}
}

// TestChange reads a document over things that are there and differ.
func TestChange(t *testing.T) {
	e := lived(t)
	want := encoded(t, e)
	must(e.UpdateRole(t.Context(), "um_board-member", apiclient.RoleUpdate{Priority: new(1), Capabilities: []string{"read"}}))(t)
	must(e.UpdateField(t.Context(), "colour", apiclient.FieldUpdate{Label: new("Color"), Choices: apiclient.Choices("Red"), Attributes: map[string]string{"required": ""}}))(t)
	must(e.ChangeSettings(t.Context(), map[string]string{"umdeck_loop_limit": "9"}))(t)
	for _, z := range must(e.Zaps(t.Context(), apiclient.ZapQuery{}))(t) {
		stopped := apiclient.ZapStopped
		must(e.UpdateZap(t.Context(), z.ID, apiclient.ZapUpdate{Status: &stopped}))(t)
	}
	for _, f := range must(e.Forms(t.Context()))(t) {
		if f.Title == "Me" {
			must(e.UpdateForm(t.Context(), f.ID, apiclient.FormUpdate{Title: new("You"), Fields: []apiclient.FormField{}}))(t)
		}
	}
	plan, err := read(t, e, want)
	if err != nil {
		t.Fatal(err)
	}
	if plan.Changes() != 7 {
		t.Errorf("%d steps change something; want 7: %+v", plan.Changes(), plan)
	}
	if diff := cmp.Diff(want, encoded(t, e)); diff != "" {
		t.Errorf("the site (-want +got):\n%s", diff)
	}
}

func TestRefuse(t *testing.T) {
	e := lived(t)
	before := encoded(t, e)
	for text, c := range map[string]struct {
		kind apiclient.Kind
		want string
	}{
		``:                             {apiclient.Invalid, "no JSON object"},
		`[]`:                           {apiclient.Invalid, "no JSON object"},
		`{}`:                           {apiclient.Invalid, "no umdeck_site"},
		`{"umdeck_site":2}`:            {apiclient.Invalid, "version 2"},
		`{"umdeck_site":1,"users":[]}`: {apiclient.Invalid, "no site has"},
		`{"umdeck_site":1} {}`:         {apiclient.Invalid, "no JSON object"},
		`{"umdeck_site":1,"settings":{"no_such":"1"}}`:                                       {apiclient.Invalid, "no setting no_such"},
		`{"umdeck_site":1,"settings":{"umdeck_loop_limit":"many"}}`:                          {apiclient.Invalid, "whole number"},
		`{"umdeck_site":1,"roles":[{"slug":"king","name":"King"}]}`:                          {apiclient.Conflict, "king"},
		`{"umdeck_site":1,"roles":[{"slug":"a","name":"A"},{"slug":"a","name":"A"}]}`:        {apiclient.Invalid, "twice"},
		`{"umdeck_site":1,"fields":[{"key":"colour","label":"Colour","type":"text"}]}`:       {apiclient.Conflict, "never changes"},
		`{"umdeck_site":1,"fields":[{"key":"session_tokens","label":"X","type":"text"}]}`:    {apiclient.Invalid, ""},
		`{"umdeck_site":1,"zaps":[{"name":"X","kind":"trigger","event":"no_such"}]}`:         {apiclient.Invalid, ""},
		`{"umdeck_site":1,"forms":[{"title":"X","mode":"none"}]}`:                            {apiclient.Invalid, "mode"},
		`{"umdeck_site":1,"zaps":[{"name":"X","kind":"action"}],"settings":{"no_such":"1"}}`: {apiclient.Invalid, "no_such"},
	} {
		if _, err := read(t, e, text); err == nil || apiclient.KindOf(err) != c.kind || !strings.Contains(apiclient.MessageOf(err), c.want) {
			t.Errorf("%s: %v; want the kind %v and %q", text, err, c.kind, c.want)
		}
	}
	if diff := cmp.Diff(before, encoded(t, e)); diff != "" {
		t.Errorf("what was refused left something behind (-before +after):\n%s", diff)
	}
	if _, err := read(t, apiclient.ReadOnly(e), `{"umdeck_site":1,"zaps":[{"name":"X","kind":"action"}]}`); apiclient.KindOf(err) != apiclient.Forbidden {
		t.Errorf("read-only: %v; want Forbidden", err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(`{"umdeck_site":1,"settings":{"a":"b"},"roles":[{"slug":"a","name":"A"}],"fields":[{"key":"k"}],"forms":[{"mode":"register"}],"zaps":[{"name":"X"}]}`)
	f.Add(`{"umdeck_site":1}`)
	f.Fuzz(func(t *testing.T, text string) {
		d, err := document.Decode(strings.NewReader(text))
		if err != nil {
			if apiclient.KindOf(err) != apiclient.Invalid {
				t.Errorf("%v is of the kind %v", err, apiclient.KindOf(err))
			}
			return
		}
		once, err := d.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := document.Decode(strings.NewReader(string(once)))
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, once)
		}
		if twice, err := again.Encode(); err != nil || string(twice) != string(once) {
			t.Errorf("written again it is another document: %v\n%s\n%s", err, once, twice)
		}
	})
}
