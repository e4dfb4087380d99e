package apitest

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

func testFields(t *testing.T, s *subject) {
	s.need(t, apiclient.CanReadFieldSet)
	list := must(s.Fields(t.Context()))(t)
	for _, key := range []string{"user_login", "user_email", "first_name", "last_name", "description", "country", "birth_date"} {
		if !slices.ContainsFunc(list, func(f apiclient.Field) bool {
			return f.Key == key && f.Source == apiclient.FieldPredefined && f.Label != ""
		}) {
			t.Errorf("the predefined field %s is not in the catalogue", key)
		}
	}
	for i, f := range list {
		if i > 0 && list[i-1].Source == f.Source && list[i-1].Key >= f.Key || i > 0 && list[i-1].Source == apiclient.FieldCustom && f.Source == apiclient.FieldPredefined {
			t.Errorf("%s stands after %s; want the predefined by key, then the site's own by key", f.Key, list[i-1].Key)
		}
	}
	t.Run("own", s.testOwnFields)
}

// testOwnFields adds a field of each of the 15 types, stores an answer and
// removes the field again.
func (s *subject) testOwnFields(t *testing.T) {
	s.need(t, apiclient.CanWriteFields)
	for _, typ := range apiclient.FieldTypes() {
		t.Run(string(typ), func(t *testing.T) {
			f := apiclient.Field{Key: s.tag + "_" + string(typ), Label: "Own <" + string(typ) + ">", Type: typ, Required: typ == apiclient.FieldText}
			if typ.Many() || typ == apiclient.FieldSelect {
				f.Choices = apiclient.Choices("Red", "Green", "Light blue, pale")
			}
			made := must(s.CreateField(t.Context(), f))(t)
			f.Source = apiclient.FieldCustom
			if diff := cmp.Diff(f, made); diff != "" {
				t.Errorf("the new field (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(f, s.catalogue(t)[f.Key]); diff != "" {
				t.Errorf("the catalogue's field (-want +got):\n%s", diff)
			}
			_, err := s.CreateField(t.Context(), f)
			wantKind(t, "CreateField again", err, apiclient.Conflict)
		})
	}
	t.Run("answer", s.testOwnAnswer)
	t.Run("attributes", s.testAttributes)
	t.Run("update", s.testUpdateField)
	t.Run("predefined", s.testUpdatePredefined)
	t.Run("refuse", s.testRefuseField)
	t.Run("delete", s.testDeleteField)
}

func (s *subject) testOwnAnswer(t *testing.T) {
	s.need(t, apiclient.CanCreateUsers, apiclient.CanReadFields)
	key := s.tag + "_multiselect"
	u := s.user(t, "own", AnswerValue(key, apiclient.List("Green", "Light blue, pale")))
	if got := must(s.User(t.Context(), u.ID))(t).Value(key); !got.Equal(apiclient.List("Green", "Light blue, pale")) {
		t.Errorf("the answer is %#v; want the list of two", got)
	}
	if s.can(apiclient.CanFilterFields) {
		for value, want := range map[string]string{"green": "own", "Light blue, pale": "own", "Red": ""} {
			p := must(s.Users(t.Context(), apiclient.UserQuery{Filter: apiclient.AllOf(s.mine(), leaf(key, apiclient.Equals, value))}))(t)
			if got := s.names(p.Users); got != want {
				t.Errorf("%s in the list finds %q; want %q", value, got, want)
			}
		}
	}
	_, err := s.CreateUser(t.Context(), User(s.login("own2"), Answer(s.tag+"_select", "Purple")))
	wantKind(t, "an answer that is no option", err, apiclient.Invalid)
}

// testAttributes makes a field of each core type that holds an answer with every
// attribute that it has.
func (s *subject) testAttributes(t *testing.T) {
	for _, core := range apiclient.CoreTypes() {
		if !core.Holds() || core == apiclient.CorePassword {
			continue
		}
		t.Run(string(core), func(t *testing.T) {
			f := apiclient.Field{Key: s.tag + "_core_" + string(core), Label: "Own", Type: core.API(), Core: core}
			if core == apiclient.CoreRadio || core == apiclient.CoreCheckbox {
				f.Choices = []apiclient.Choice{{Value: "r", Label: "Red"}, {Value: "Green", Label: "Green"}}
			}
			for _, a := range f.Attributes() {
				if err := f.SetAttribute(a.Name, attributeValue(a)); err != nil {
					t.Fatal(err)
				}
			}
			made := must(s.CreateField(t.Context(), f))(t)
			f.Source = apiclient.FieldCustom
			if core == f.Type.Core() {
				f.Core = ""
			}
			if diff := cmp.Diff(f, made); diff != "" {
				t.Errorf("the new field (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(f, s.catalogue(t)[f.Key]); diff != "" {
				t.Errorf("the catalogue's field (-want +got):\n%s", diff)
			}
		})
	}
}

// attributeValue returns a value of the attribute that goes with those of the others.
func attributeValue(a apiclient.Attribute) string {
	switch a.Name {
	case "range_start":
		return "2026-01-31"
	case "range_end":
		return "2026-12-31"
	case "number":
		return "10"
	case "required", "account_only", "private_use", "html", "pretty_format":
		return "1"
	case "editable":
		return "0"
	case "validate":
		return "unique_value"
	case "custom_dropdown_options_source":
		return "um_a_function"
	}
	if a.Choices != nil {
		return a.Choices[0]
	}
	return "7" // which numbers, texts, lists and days of the week take
}

func (s *subject) testUpdateField(t *testing.T) {
	key := s.tag + "_update"
	f := must(s.CreateField(t.Context(), apiclient.Field{Key: key, Label: "Before", Type: apiclient.FieldSelect, Choices: apiclient.Choices("A", "B"), Required: true}))(t)
	label := "After <x>"
	got := must(s.UpdateField(t.Context(), key, apiclient.FieldUpdate{
		Label: &label, Choices: apiclient.Choices("B", "C"),
		Attributes: map[string]string{"required": "", "help": "Choose & be happy", "public": "-3", "roles": "subscriber,um_member", "conditional_action": "show", "conditional_field": "country", "conditional_operator": "equals to", "conditional_value": "Spain"},
	}))(t)
	f.Label, f.Choices, f.Required, f.Help, f.Privacy = label, apiclient.Choices("B", "C"), false, "Choose & be happy", apiclient.PrivacyOwnerRoles
	f.Roles = []apiclient.RoleSlug{"subscriber", "um_member"}
	f.Conditions = []apiclient.Condition{{Action: apiclient.ConditionShow, Field: "country", Operator: apiclient.OpEquals, Value: "Spain"}}
	if diff := cmp.Diff(f, got); diff != "" {
		t.Errorf("the changed field (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(f, s.catalogue(t)[key]); diff != "" {
		t.Errorf("the catalogue's field (-want +got):\n%s", diff)
	}
	for name, u := range map[string]apiclient.FieldUpdate{
		"no attribute":          {Attributes: map[string]string{"rainbow": "1"}},
		"another type's":        {Attributes: map[string]string{"min_chars": "1"}},
		"a value that is none":  {Attributes: map[string]string{"visibility": "sometimes"}},
		"half a condition":      {Attributes: map[string]string{"conditional_field1": "gender"}},
		"no options":            {Choices: []apiclient.Choice{}},
		"one wrong among right": {Attributes: map[string]string{"help": "new", "crop": "1"}},
	} {
		_, err := s.UpdateField(t.Context(), key, u)
		wantKind(t, name, err, apiclient.Invalid)
	}
	if diff := cmp.Diff(f, s.catalogue(t)[key]); diff != "" {
		t.Errorf("the field after updates that were refused (-want +got):\n%s", diff)
	}
	_, err := s.UpdateField(t.Context(), s.tag+"_nothing", apiclient.FieldUpdate{})
	wantKind(t, "UpdateField of none", err, apiclient.NotFound)
}

// testUpdatePredefined changes a predefined field, which the site's own then replaces,
// and takes the change away.
func (s *subject) testUpdatePredefined(t *testing.T) {
	const key = "mobile_number"
	was := s.catalogue(t)[key]
	label := "Mobile " + s.tag
	got := must(s.UpdateField(t.Context(), key, apiclient.FieldUpdate{Label: &label}))(t)
	if got.Label != label || got.Source != apiclient.FieldCustom || got.Validate != was.Validate {
		t.Errorf("the changed field is %+v; want its own label, custom, with the rule of before", got)
	}
	if diff := cmp.Diff(got, s.catalogue(t)[key]); diff != "" {
		t.Errorf("the catalogue's field (-want +got):\n%s", diff)
	}
	if err := s.DeleteField(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(was, s.catalogue(t)[key]); diff != "" {
		t.Errorf("after the change was taken away (-want +got):\n%s", diff)
	}
	for _, key := range []string{"user_email", "user_password", "role", "user_registered"} {
		_, err := s.UpdateField(t.Context(), key, apiclient.FieldUpdate{Label: &label})
		wantKind(t, "UpdateField of "+key, err, apiclient.Conflict)
	}
}

func (s *subject) testRefuseField(t *testing.T) {
	ok := apiclient.Field{Key: s.tag + "_ok", Label: "OK", Type: apiclient.FieldText}
	with := func(change func(*apiclient.Field)) apiclient.Field {
		f := ok
		change(&f)
		return f
	}
	for _, c := range []struct {
		name  string
		field apiclient.Field
		kind  apiclient.Kind
	}{
		{"nothing", apiclient.Field{}, apiclient.Invalid},
		{"no label", with(func(f *apiclient.Field) { f.Label = "" }), apiclient.Invalid},
		{"no type", with(func(f *apiclient.Field) { f.Type = "" }), apiclient.Invalid},
		{"a type that is none", with(func(f *apiclient.Field) { f.Type = "rainbow" }), apiclient.Invalid},
		{"a password", with(func(f *apiclient.Field) { f.Type = apiclient.FieldPassword }), apiclient.Invalid},
		{"a barred key", with(func(f *apiclient.Field) { f.Key = "wp_capabilities" }), apiclient.Invalid},
		{"a key of digits", with(func(f *apiclient.Field) { f.Key = "12345" }), apiclient.Invalid},
		{"a key with a space", with(func(f *apiclient.Field) { f.Key = "a key" }), apiclient.Invalid},
		{"a select without options", with(func(f *apiclient.Field) { f.Type = apiclient.FieldSelect }), apiclient.Invalid},
		{"a text with options", with(func(f *apiclient.Field) { f.Choices = apiclient.Choices("A") }), apiclient.Invalid},
		{"a predefined key", with(func(f *apiclient.Field) { f.Key = "first_name" }), apiclient.Conflict},
		{"a column of the account", with(func(f *apiclient.Field) { f.Key = "user_email" }), apiclient.Conflict},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := s.CreateField(t.Context(), c.field)
			wantKind(t, "CreateField", err, c.kind)
		})
	}
}

func (s *subject) testDeleteField(t *testing.T) {
	key := s.tag + "_text"
	zap := apiclient.ZapID(0)
	if s.can(apiclient.CanWriteZaps) {
		zap = s.zap(t, ActionZap("Field", "first_name", key)).ID
	}
	if err := s.DeleteField(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	if _, there := s.catalogue(t)[key]; there {
		t.Errorf("%s is in the catalogue after it was deleted", key)
	}
	if zap != 0 {
		if got := must(s.Zap(t.Context(), zap))(t).Fields; !slices.Equal(got, []string{"first_name"}) {
			t.Errorf("the zap has the fields %v; want first_name alone", got)
		}
	}
	wantKind(t, "DeleteField again", s.DeleteField(t.Context(), key), apiclient.NotFound)
	wantKind(t, "DeleteField of a predefined one", s.DeleteField(t.Context(), "first_name"), apiclient.Conflict)
}
