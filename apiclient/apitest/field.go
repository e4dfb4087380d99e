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
