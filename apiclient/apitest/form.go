package apitest

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

func testForms(t *testing.T, s *subject) {
	s.need(t, apiclient.CanReadForms)
	list := must(s.Forms(t.Context()))(t)
	core := map[apiclient.FormMode]int{}
	for i, f := range list {
		if f.Core {
			core[f.Mode]++
		}
		if diff := cmp.Diff(f, must(s.Form(t.Context(), f.ID))(t)); diff != "" {
			t.Errorf("form %d of the list and alone (-list +alone):\n%s", f.ID, diff)
		}
		order := slices.Index(apiclient.FormModes(), f.Mode)
		if before := list[max(0, i-1)]; i > 0 && (slices.Index(apiclient.FormModes(), before.Mode) > order || before.Mode == f.Mode && before.ID >= f.ID) {
			t.Errorf("form %d (%s) stands after %d (%s); want them by mode, then by id", f.ID, f.Mode, before.ID, before.Mode)
		}
	}
	if diff := cmp.Diff(map[apiclient.FormMode]int{apiclient.FormRegister: 1, apiclient.FormLogin: 1, apiclient.FormProfile: 1}, core); diff != "" {
		t.Errorf("core forms by mode (-want +got):\n%s", diff)
	}
	_, err := s.Form(t.Context(), 1<<40)
	wantKind(t, "Form that there is not", err, apiclient.NotFound)
	t.Run("write", s.testWriteForms)
	t.Run("refuse", s.testRefuseForms)
}

func formKey(key string) apiclient.FormField {
	return apiclient.FormField{Field: apiclient.Field{Key: key}}
}

// testWriteForms makes a form with rows and columns, changes it and deletes it.
func (s *subject) testWriteForms(t *testing.T) {
	s.need(t, apiclient.CanWriteForms)
	ctx := t.Context()
	skype := formKey("skype")
	skype.Row, skype.Column = 1, 2
	divider := apiclient.FormField{Field: apiclient.Field{Core: apiclient.CoreDivider}}
	f := must(s.CreateForm(ctx, apiclient.NewForm{
		Title: "Zoë <" + s.tag + ">", Mode: apiclient.FormProfile,
		Settings: apiclient.FormSettings{"use_custom_settings": "1", "primary_btn_word": "Save & go"},
		Rows:     []apiclient.FormRow{{Heading: "Names", Columns: []int{2}}, {}},
		Fields:   []apiclient.FormField{formKey("country"), skype, divider},
	}))(t)
	if got := keysOf(f); got[0] != "skype" || got[1] != "country" || len(got) != 3 {
		t.Errorf("fields %v; want skype, country and a divider", got)
	}
	if x, _ := f.Field("skype"); x.Label == "" || x.Type != apiclient.FieldText || x.Row != 1 || x.SubRow != 1 || x.Column != 2 || x.Position != 1 {
		t.Errorf("the copy of skype is not the catalogue's, or elsewhere: %+v", x)
	}
	if f.Setting("primary_btn_word") != "Save & go" || f.Setting("secondary_btn_word") != "Cancel" {
		t.Errorf("settings %v", f.Settings)
	}
	changed := s.changeForm(t, f)
	if err := s.DeleteForm(ctx, f.ID); err != nil {
		t.Fatal(err)
	}
	wantKind(t, "DeleteForm again", s.DeleteForm(ctx, changed.ID), apiclient.NotFound)
}

// changeForm changes what testWriteForms has made.
func (s *subject) changeForm(t *testing.T, f apiclient.Form) apiclient.Form {
	t.Helper()
	ctx := t.Context()
	x, _ := f.Field("country")
	x.Label, x.Required = "Where", true
	changed := must(s.UpdateForm(ctx, f.ID, apiclient.FormUpdate{
		Title: new(s.tag), Settings: apiclient.FormSettings{"primary_btn_word": ""},
		Fields: f.With(x).Without("skype").Fields, Since: f.Updated,
	}))(t)
	if changed.Title != s.tag || len(changed.Fields) != 2 || changed.Fields[0].Label != "Where" || !changed.Fields[0].Required || changed.Setting("primary_btn_word") != "Update Profile" {
		t.Errorf("after the change: %+v", changed)
	}
	if s.can(apiclient.CanReadFieldSet) {
		if got := s.catalogue(t)["country"]; got.Label == "Where" {
			t.Error("a predefined field of the catalogue follows a form's copy")
		} else if diffs := changed.Fields[0].Differences(got); len(diffs) != 2 {
			t.Errorf("the copy differs in %v; want label and required", diffs)
		}
	}
	_, err := s.UpdateForm(ctx, f.ID, apiclient.FormUpdate{Title: new("late"), Since: f.Updated})
	wantKind(t, "UpdateForm from an older form", err, apiclient.Conflict)
	if diff := cmp.Diff(changed, must(s.Form(ctx, f.ID))(t)); diff != "" {
		t.Errorf("the form and what the change returned (-returned +form):\n%s", diff)
	}
	return changed
}

func keysOf(f apiclient.Form) (keys []string) {
	for _, x := range f.Fields {
		keys = append(keys, x.Key)
	}
	return keys
}

func (s *subject) testRefuseForms(t *testing.T) {
	s.need(t, apiclient.CanWriteForms)
	profile := func(n apiclient.NewForm) apiclient.NewForm {
		n.Title, n.Mode = s.tag, apiclient.FormProfile
		return n
	}
	cases := []struct {
		name string
		form apiclient.NewForm
	}{
		{"no title", apiclient.NewForm{Mode: apiclient.FormProfile}},
		{"no mode", apiclient.NewForm{Title: s.tag}},
		{"no such field", profile(apiclient.NewForm{Fields: []apiclient.FormField{formKey(s.tag)}})},
		{"twice", profile(apiclient.NewForm{Fields: []apiclient.FormField{formKey("skype"), formKey("skype")}})},
		{"restricted", profile(apiclient.NewForm{Fields: []apiclient.FormField{formKey("user_email")}})},
		{"setting", profile(apiclient.NewForm{Settings: apiclient.FormSettings{"use_gdpr": "1"}})},
		{"role", profile(apiclient.NewForm{Settings: apiclient.FormSettings{"role": s.tag}})},
		{"columns", profile(apiclient.NewForm{Rows: []apiclient.FormRow{{Columns: []int{4}}}})},
		{"register without keys", apiclient.NewForm{Title: s.tag, Mode: apiclient.FormRegister, Fields: []apiclient.FormField{formKey("first_name")}}},
		{"login without password", apiclient.NewForm{Title: s.tag, Mode: apiclient.FormLogin, Fields: []apiclient.FormField{formKey("username")}}},
	}
	for _, c := range cases {
		_, err := s.CreateForm(t.Context(), c.form)
		wantKind(t, c.name, err, apiclient.Invalid)
	}
	for _, f := range must(s.Forms(t.Context()))(t) {
		if f.Title == s.tag {
			t.Errorf("form %d was refused and is there", f.ID)
		}
		if f.Core {
			wantKind(t, "DeleteForm of a core form", s.DeleteForm(t.Context(), f.ID), apiclient.Conflict)
		}
	}
}
