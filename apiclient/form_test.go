package apiclient_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

func predefined(key string) (apiclient.Field, bool) {
	for _, f := range apiclient.PredefinedFields() {
		if f.Key == key {
			return f, true
		}
	}
	return apiclient.Field{}, false
}

func resolve(t *testing.T, f apiclient.Form) apiclient.Form {
	t.Helper()
	f, err := f.Resolve(predefined)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func formKeys(f apiclient.Form) (keys []string) {
	for _, x := range f.Fields {
		keys = append(keys, x.Key)
	}
	return keys
}

func TestCoreForms(t *testing.T) {
	want := map[apiclient.FormMode][]string{
		apiclient.FormRegister: {"user_login", "first_name", "last_name", "user_email", "user_password"},
		apiclient.FormLogin:    {"username", "user_password"},
		apiclient.FormProfile:  nil,
	}
	for _, f := range apiclient.CoreForms() {
		f = resolve(t, f)
		if err := f.Check(); err != nil {
			t.Errorf("%s: %v", f.Mode, err)
		}
		if diff := cmp.Diff(want[f.Mode], formKeys(f)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", f.Mode, diff)
		}
		if diff := cmp.Diff([]apiclient.FormRow{{Columns: []int{1}}}, f.Rows); diff != "" {
			t.Errorf("%s (-want +got):\n%s", f.Mode, diff)
		}
	}
}

func field(key string, place ...int) apiclient.FormField {
	x := apiclient.FormField{Field: apiclient.Field{Key: key}}
	for i, p := range []*int{&x.Row, &x.SubRow, &x.Column, &x.Position} {
		if i < len(place) {
			*p = place[i]
		}
	}
	return x
}

func TestFormLayout(t *testing.T) {
	f := resolve(t, apiclient.NewForm{
		Title: "A", Mode: apiclient.FormProfile,
		Rows: []apiclient.FormRow{{}, {Heading: "More", Columns: []int{2, 1}}},
		Fields: []apiclient.FormField{
			field("country"), field("skype", 2, 1, 2, 7), field("gender", 2, 1, 2, 3), field("first_name", 1), field("viber", 2, 1),
		},
	}.Form())
	if err := f.Check(); err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		name string
		form apiclient.Form
		want string
	}{
		{"as given", f, "first_name viber gender skype country"},
		{"at the end of a column", f.With(field("twitter", 2, 1, 1)), "first_name viber twitter gender skype country"},
		{"before another", f.With(field("twitter", 2, 1, 2, 4)), "first_name viber gender twitter skype country"},
		{"moved up", f.With(field("country", 1, 1, 1, 1)), "country first_name viber gender skype"},
		{"taken away", f.Without("gender"), "first_name viber skype country"},
	}
	for _, s := range steps {
		if got := strings.Join(formKeys(s.form), " "); got != s.want {
			t.Errorf("%s: got %s, want %s", s.name, got, s.want)
		}
		for i, x := range s.form.Fields {
			if x.Position != i+1 {
				t.Errorf("%s: %s has position %d, want %d", s.name, x.Key, x.Position, i+1)
			}
		}
	}
}

func TestFormCheck(t *testing.T) {
	register := apiclient.NewForm{Title: "A", Mode: apiclient.FormRegister}.Form()
	profile := apiclient.NewForm{Title: "A", Mode: apiclient.FormProfile}.Form()
	login := apiclient.NewForm{Title: "A", Mode: apiclient.FormLogin}.Form()
	rows := func(f apiclient.Form, rows ...apiclient.FormRow) apiclient.Form { f.Rows = rows; return f }
	tests := []struct {
		name string
		form apiclient.Form
		want string // part of the message; empty: fine
	}{
		{"register", register, ""},
		{"register without login", register.Without("user_login"), ""},
		{"register without both", register.Without("user_login").Without("user_email"), "asks for user_login or user_email"},
		{"login without password", login.Without("user_password"), "asks for username and user_password"},
		{"restricted in a profile", profile.With(field("user_email")), "cannot change user_email"},
		{"unknown", profile.With(field("shoe_size")), `no field "shoe_size"`},
		{"column of the account", profile.With(field("account_status")), "No form asks for account_status"},
		{"kept by the site", register.With(field("user_registered")), "keeps user_registered by itself"},
		{"row too far", profile.With(field("skype", 2, 1)), "the form has 1"},
		{"sub-row too far", profile.With(field("skype", 1, 2)), "sub-row 2 of row 1"},
		{"column too far", profile.With(field("skype", 1, 1, 2)), "column 2 of row 1"},
		{"four columns", rows(profile, apiclient.FormRow{Columns: []int{4}}), "1 to 3 columns"},
		{"heading", rows(profile, apiclient.FormRow{Heading: "a\x1bb", Columns: []int{1}}), "control character"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := tt.form.Resolve(predefined)
			if err == nil {
				err = f.Check()
			}
			switch {
			case tt.want == "" && err != nil:
				t.Error(err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want) || apiclient.KindOf(err) != apiclient.Invalid):
				t.Errorf("got %v, want Invalid with %q", err, tt.want)
			}
		})
	}
	t.Run("twice", func(t *testing.T) {
		f := profile.With(field("skype"))
		f.Fields = append(f.Fields, f.Fields[0])
		if err := resolve(t, f).Check(); err == nil || !strings.Contains(err.Error(), "twice") {
			t.Errorf("got %v", err)
		}
	})
}

func TestFormUpdate(t *testing.T) {
	f := resolve(t, apiclient.CoreForms()[0])
	title := " Join "
	got, err := apiclient.FormUpdate{Title: &title, Settings: apiclient.FormSettings{"role": "um_member", "use_custom_settings": "1"}}.Apply(f)
	if err != nil {
		t.Fatal(err)
	}
	unused := got
	unused.Settings = apiclient.FormSettings{"primary_btn_word": "Go", "use_gdpr": "1"}
	if unused.Setting("primary_btn_word") != "Register" || !unused.On("use_gdpr") {
		t.Error("a setting counts only while use_custom_settings is on, the agreement always")
	}
	if got.Title != "Join" || got.Setting("role") != "um_member" || !got.On("use_custom_settings") || got.Setting("primary_btn_word") != "Register" {
		t.Errorf("got %+v", got)
	}
	back, err := apiclient.FormUpdate{Settings: apiclient.FormSettings{"role": "", "use_custom_settings": ""}}.Apply(got)
	if err != nil || back.Settings != nil {
		t.Errorf("back at the defaults: %v, %v", back.Settings, err)
	}
	if f.Settings != nil {
		t.Errorf("the form that was given changed: %v", f.Settings)
	}
	for name, u := range map[string]apiclient.FormUpdate{
		"title":   {Title: new(string)},
		"no on":   {Settings: apiclient.FormSettings{"use_gdpr": "perhaps"}},
		"setting": {Settings: apiclient.FormSettings{"after_login": "0"}},
		"control": {Settings: apiclient.FormSettings{"role": "a\x00"}},
	} {
		if _, err := u.Apply(f); apiclient.KindOf(err) != apiclient.Invalid {
			t.Errorf("%s: got %v, want Invalid", name, err)
		}
	}
}
