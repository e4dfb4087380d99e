package views_test

import (
	"testing"

	"umdeck/apiclient"
)

// partners makes a form with two columns, one of whose copies differs from the catalogue.
func partners(s *stage) {
	s.t.Helper()
	s.field(apiclient.Field{Key: "shirt", Label: "Shirt Size", Type: apiclient.FieldSelect, Choices: apiclient.Choices("S", "M", "L")})
	key := func(key string, column int) apiclient.FormField {
		return apiclient.FormField{Field: apiclient.Field{Key: key}, Row: 1, Column: column}
	}
	f, err := s.api.CreateForm(s.ctx, apiclient.NewForm{
		Title: "Partners", Mode: apiclient.FormProfile, Rows: []apiclient.FormRow{{Heading: "Who you are", Columns: []int{2}}, {}},
		Fields: []apiclient.FormField{key("first_name", 1), key("last_name", 2), key("country", 1), key("shirt", 2)},
	})
	must(s.t, err)
	x, _ := f.Field("country")
	x.Label, x.Required = "Where you live", true
	_, err = s.api.UpdateForm(s.ctx, f.ID, apiclient.FormUpdate{Fields: f.With(x).Fields})
	must(s.t, err)
}

func (s *stage) formKeys(id apiclient.FormID) (keys string) {
	s.t.Helper()
	f, err := s.api.Form(s.ctx, id)
	must(s.t, err)
	for _, x := range f.Fields {
		keys += x.Key + " "
	}
	return keys
}

func TestFormsScreen(t *testing.T) {
	in(t, play{start: "forms?filter=title:Partners", seed: partners}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("rows 1-4 of 4")
		s.WaitText("1 difference from the catalogue")
		press("j")            // country: by column, then by position
		s.WaitText("Country") // the catalogue's label, beside the form's
		press("=")
		s.WaitText("country is what the catalogue says.")
		s.WaitGone("1 difference")
		press("u")
		s.WaitText("1 difference from the catalogue")
		press("x")
		s.WaitText("country is out of")
		s.WaitText("rows 1-3 of 3") // the next change is one of the form as it is now
		if got := s.formKeys(4); got != "first_name last_name shirt " {
			t.Errorf("fields %s", got)
		}
		press("+")
		s.WaitText("Add to “Partners”")
		press("skype" + enter)
		s.WaitText("skype is in")
		press("d")
		s.WaitText("Delete “Partners”")
	})
}

func TestFormsReadOnly(t *testing.T) {
	in(t, play{readOnly: true, start: "forms"}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("Default Registration")
		press("x")
		s.WaitText("read-only")
		if got := s.formKeys(1); got != "user_login first_name last_name user_email user_password " {
			t.Errorf("fields %s", got)
		}
	})
}

func TestGoldenForms(t *testing.T) {
	for name, size := range map[string][2]int{"120x36": {120, 36}, "80x24": {80, 24}} {
		t.Run(name, func(t *testing.T) {
			s := raise(t, play{still: true, w: size[0], h: size[1], start: "forms?filter=title:Partners", seed: partners})
			s.WaitText("rows 1-4 of 4")
			s.Keys("j")
			s.WaitGone("loading")
			s.Golden("forms-" + name)
			s.Keys(enter)
			s.WaitText("As members see it")
			s.Golden("form-" + name)
		})
	}
}
