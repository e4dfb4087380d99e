package engine_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/engine"
)

func formsOf(t *testing.T, e *engine.Engine) map[apiclient.FormMode]apiclient.Form {
	t.Helper()
	list, err := e.Forms(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	by := map[apiclient.FormMode]apiclient.Form{}
	for _, f := range list {
		if f.Core {
			by[f.Mode] = f
		}
	}
	return by
}

func keysOf(f apiclient.Form) []string {
	keys := []string{}
	for _, x := range f.Fields {
		keys = append(keys, x.Key)
	}
	return keys
}

// TestCoreForms opens a folder twice: its core forms are made once.
func TestCoreForms(t *testing.T) {
	dir := t.TempDir()
	var first map[apiclient.FormMode]apiclient.Form
	for range 2 {
		e, err := engine.Open(t.Context(), placed(t, engine.Config{Dir: dir}))
		if err != nil {
			t.Fatal(err)
		}
		got := formsOf(t, e)
		want := map[apiclient.FormMode][]string{
			apiclient.FormRegister: {"user_login", "first_name", "last_name", "user_email", "user_password"},
			apiclient.FormLogin:    {"username", "user_password"},
			apiclient.FormProfile:  {},
		}
		for mode, keys := range want {
			if diff := cmp.Diff(keys, keysOf(got[mode])); diff != "" {
				t.Errorf("%s (-want +got):\n%s", mode, diff)
			}
			err := e.DeleteForm(t.Context(), got[mode].ID)
			if apiclient.KindOf(err) != apiclient.Conflict {
				t.Errorf("a core form is deleted: %v, want Conflict", err)
			}
		}
		if first != nil {
			if diff := cmp.Diff(first, got); diff != "" {
				t.Errorf("opened again (-first +second):\n%s", diff)
			}
		}
		first = got
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// label returns the labels that a field has in the catalogue and in two forms.
func label(t *testing.T, e *engine.Engine, key string, forms ...apiclient.FormID) (labels []string) {
	t.Helper()
	fields, err := e.Fields(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range fields {
		if f.Key == key {
			labels = append(labels, f.Label)
		}
	}
	for _, id := range forms {
		f, err := e.Form(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if x, ok := f.Field(key); ok {
			labels = append(labels, x.Label)
		}
	}
	return labels
}

// TestCopies changes a field of the site's own through one form: the catalogue
// follows, another form does not until it is told to.
func TestCopies(t *testing.T) {
	ctx, e := t.Context(), open(t, t.TempDir())
	if _, err := e.CreateField(ctx, apiclient.Field{Key: "town", Label: "Town", Type: apiclient.FieldText}); err != nil {
		t.Fatal(err)
	}
	var ids []apiclient.FormID
	for _, title := range []string{"One", "Two"} {
		f, err := e.CreateForm(ctx, apiclient.NewForm{
			Title: title, Mode: apiclient.FormProfile,
			Fields: []apiclient.FormField{{Field: apiclient.Field{Key: "town"}}, {Field: apiclient.Field{Key: "skype"}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, f.ID)
	}
	relabel := func(id apiclient.FormID, key, text string) {
		t.Helper()
		f, err := e.Form(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		x, _ := f.Field(key)
		x.Label = text
		if _, err := e.UpdateForm(ctx, id, apiclient.FormUpdate{Fields: f.With(x).Fields, Since: f.Updated}); err != nil {
			t.Fatal(err)
		}
	}
	check := func(step, key string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, label(t, e, key, ids...)); diff != "" {
			t.Errorf("%s: catalogue, one, two (-want +got):\n%s", step, diff)
		}
	}
	check("at first", "town", "Town", "Town", "Town")
	relabel(ids[0], "town", "City")
	check("changed in one", "town", "City", "City", "Town")
	title := "Zwei"
	if _, err := e.UpdateForm(ctx, ids[1], apiclient.FormUpdate{Title: &title}); err != nil {
		t.Fatal(err)
	}
	check("two is changed elsewhere", "town", "City", "City", "Town")
	two, err := e.Form(ctx, ids[1])
	if err != nil {
		t.Fatal(err)
	}
	x, _ := two.Field("town")
	x.Field = apiclient.Field{Key: "town"}
	if _, err := e.UpdateForm(ctx, ids[1], apiclient.FormUpdate{Fields: two.With(x).Fields}); err != nil {
		t.Fatal(err)
	}
	check("two takes the catalogue's", "town", "City", "City", "City")
	check("predefined", "skype", "Skype ID", "Skype ID", "Skype ID")
	relabel(ids[0], "skype", "Skype")
	check("predefined, changed in one", "skype", "Skype ID", "Skype", "Skype ID")
	if err := e.DeleteField(ctx, "town"); err != nil {
		t.Fatal(err)
	}
	check("deleted from the catalogue", "town")
	f, err := e.Form(ctx, ids[0])
	if err != nil || f.Fields[0].Position != 1 || len(f.Fields) != 1 {
		t.Errorf("form after the deletion: %+v, %v", f.Fields, err)
	}
}

// TestStaleForm makes two changes from the same form: the second is told.
func TestStaleForm(t *testing.T) {
	ctx, e := t.Context(), open(t, t.TempDir())
	f := formsOf(t, e)[apiclient.FormRegister]
	for i, want := range []apiclient.Kind{apiclient.Internal, apiclient.Conflict} {
		title := []string{"A", "B"}[i]
		_, err := e.UpdateForm(ctx, f.ID, apiclient.FormUpdate{Title: &title, Since: f.Updated})
		if (err == nil) != (i == 0) || apiclient.KindOf(err) != want {
			t.Errorf("change %d: %v", i+1, err)
		}
	}
}

func TestPieces(t *testing.T) {
	ctx, e := t.Context(), open(t, t.TempDir())
	piece := func(t apiclient.CoreType) apiclient.FormField {
		return apiclient.FormField{Field: apiclient.Field{Core: t}}
	}
	f, err := e.CreateForm(ctx, apiclient.NewForm{
		Title: "Pieces", Mode: apiclient.FormProfile,
		Fields: []apiclient.FormField{piece(apiclient.CoreDivider), piece(apiclient.CoreDivider), piece(apiclient.CoreBlock)},
	})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, x := range f.Fields {
		if seen[x.Key] || apiclient.CheckKey(x.Key) != nil {
			t.Errorf("key %q is not good", x.Key)
		}
		seen[x.Key] = true
	}
	again, err := e.UpdateForm(ctx, f.ID, apiclient.FormUpdate{Fields: append(f.Fields, piece(apiclient.CoreSpacing))})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(keysOf(f), keysOf(again)[:3]); diff != "" {
		t.Errorf("keys changed (-was +is):\n%s", diff)
	}
}
