package apiclient_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

// sampleOf returns a value that the attribute takes.
func sampleOf(a apiclient.Attribute) string {
	switch {
	case a.Choices != nil:
		return a.Choices[len(a.Choices)-1]
	case a.Name == "editable":
		return "0"
	case a.Name == "range_start" || a.Name == "range_end":
		return "2026-11-21"
	}
	return "1"
}

func TestAttributesBothWays(t *testing.T) {
	seen := map[string]bool{}
	for _, core := range apiclient.CoreTypes() {
		blank := apiclient.Field{Type: core.API(), Core: core}
		full := blank
		for _, a := range blank.Attributes() {
			if a.Value != "" || a.Name == "" || a.Help == "" {
				t.Errorf("%s: the blank attribute %+v", core, a)
			}
			seen[a.Name] = true
			if err := full.SetAttribute(a.Name, sampleOf(a)); err != nil {
				t.Errorf("%s %s: %v", core, a.Name, err)
			}
		}
		for _, a := range full.Attributes() {
			if a.Value != sampleOf(a) {
				t.Errorf("%s: %s is %q; want %q", core, a.Name, a.Value, sampleOf(a))
			}
			if err := full.SetAttribute(a.Name, ""); err != nil {
				t.Errorf("%s: clearing %s: %v", core, a.Name, err)
			}
		}
		if diff := gocmp.Diff(blank, full); diff != "" {
			t.Errorf("%s after it was set and cleared (-want +got):\n%s", core, diff)
		}
	}
	for name := range strings.FieldsSeq(`title placeholder help icon default required editable visibility public roles validate custom_validate
		min_chars max_chars max_words html height min max custom_dropdown_options_source parent_dropdown_relationship min_selections max_selections
		number allowed_types max_size crop min_width min_height ratio range years years_x range_start range_end disabled_weekdays format format_custom
		pretty_format intervals force_good_pass force_confirm_pass label_confirm_pass url_text url_target url_rel required_perm required_opt
		account_only private_use advanced match color conditional_action conditional_field4 conditional_operator1 conditional_value2`) {
		if !seen[name] {
			t.Errorf("no field has the attribute %s", name)
		}
	}
}

func TestSetAttributeRefuses(t *testing.T) {
	f := apiclient.Field{Type: apiclient.FieldText}
	for name, value := range map[string]string{
		"rainbow": "1", "min_chars": "few", "max_chars": "-1", "visibility": "some", "public": "7", "required": "perhaps", "stars": "5",
		"min": "1", "title": "a\nb", "help": "a\x1bb", "icon": "\xff", "validate": "rainbow", "conditional_operator": "is",
		"placeholder": strings.Repeat("x", 70_000),
	} {
		before := f
		err := f.SetAttribute(name, value)
		if apiclient.KindOf(err) != apiclient.Invalid {
			t.Errorf("%s = %.20q: %v; want invalid", name, value, err)
		}
		f = before
	}
	d := apiclient.Field{Type: apiclient.FieldDate}
	for _, value := range []string{"0", "8", "Sunday", "1,9"} {
		if err := d.SetAttribute("disabled_weekdays", value); err == nil {
			t.Errorf("disabled_weekdays = %s is taken", value)
		}
	}
}

func TestAttributesDoNotShare(t *testing.T) {
	f := apiclient.Field{Type: apiclient.FieldText, Conditions: []apiclient.Condition{{apiclient.ConditionShow, "a", apiclient.OpEquals, "1"}}}
	g := f
	if err := g.SetAttribute("conditional_value", "2"); err != nil || f.Conditions[0].Value != "1" {
		t.Errorf("a change of the copy changes the field to %v, %v", f.Conditions, err)
	}
}

func TestCheckNewAttributes(t *testing.T) {
	ten, one := 10, 1
	ok := apiclient.Field{Key: "k", Label: "K", Type: apiclient.FieldText}
	for _, c := range []struct {
		field string // at fault
		set   func(*apiclient.Field)
	}{
		{"", func(f *apiclient.Field) { f.MinChars, f.Title, f.Privacy = 3, "T", apiclient.PrivacyOwner }},
		{"", func(f *apiclient.Field) { f.Core = apiclient.CoreYouTube }},
		{"", func(f *apiclient.Field) { f.Type, f.OptionsSource = apiclient.FieldSelect, "countries" }},
		{"core", func(f *apiclient.Field) { f.Core = "rainbow" }},
		{"core", func(f *apiclient.Field) { f.Core = apiclient.CoreRating }},
		{"validate", func(f *apiclient.Field) { f.Validate = "rainbow" }},
		{"validate", func(f *apiclient.Field) { f.Type, f.Validate = apiclient.FieldEmail, "numeric" }},
		{"min", func(f *apiclient.Field) { f.Min = &one }},
		{"min", func(f *apiclient.Field) { f.Type, f.Min, f.Max = apiclient.FieldNumber, &ten, &one }},
		{"min_chars", func(f *apiclient.Field) { f.MinChars = -1 }},
		{"min_chars", func(f *apiclient.Field) { f.MinChars, f.MaxChars = 9, 3 }},
		{"html", func(f *apiclient.Field) { f.HTML = true }},
		{"visibility", func(f *apiclient.Field) { f.Visibility = "some" }},
		{"number", func(f *apiclient.Field) { f.Type, f.Core, f.Stars = apiclient.FieldNumber, apiclient.CoreRating, 7 }},
		{"range_start", func(f *apiclient.Field) {
			f.Type, f.Dates = apiclient.FieldDate, apiclient.DateRules{Range: "date_range", Start: "2026-02-01", End: "2026-01-01"}
		}},
		{"years", func(f *apiclient.Field) { f.Type, f.Dates = apiclient.FieldDate, apiclient.DateRules{YearsX: "past"} }},
		{"conditional_action", func(f *apiclient.Field) { f.Conditions = []apiclient.Condition{{"", "a", apiclient.OpEmpty, ""}} }},
		{"conditional_field", func(f *apiclient.Field) {
			f.Conditions = []apiclient.Condition{{apiclient.ConditionShow, "k", apiclient.OpEmpty, ""}}
		}},
		{"conditional_operator", func(f *apiclient.Field) {
			f.Conditions = []apiclient.Condition{{apiclient.ConditionShow, "a", "is", ""}}
		}},
		{"conditions", func(f *apiclient.Field) { f.Conditions = make([]apiclient.Condition, 6) }},
	} {
		f := ok
		c.set(&f)
		err := f.CheckNew()
		if c.field == "" {
			if err != nil {
				t.Errorf("%+v: %v", f, err)
			}
			continue
		}
		e, _ := errors.AsType[*apiclient.Error](err)
		if e == nil || e.Kind != apiclient.Invalid || e.Field != c.field {
			t.Errorf("%+v: %v; want it invalid about %s", f, err, c.field)
		}
	}
}

// FuzzSetAttribute: a value that is taken is read back as one that is taken and the same.
func FuzzSetAttribute(f *testing.F) {
	for _, s := range []string{"", "1", "0", "2026/11/21", "a,b", "1,7", "show", "-3", "99999999999999999999"} {
		f.Add(uint8(3), uint8(9), s)
	}
	types := apiclient.CoreTypes()
	f.Fuzz(func(t *testing.T, n, m uint8, value string) {
		core := types[int(n)%len(types)]
		field := apiclient.Field{Type: core.API(), Core: core}
		list := field.Attributes()
		name := list[int(m)%len(list)].Name
		if field.SetAttribute(name, value) != nil {
			return
		}
		read := func(f apiclient.Field) string {
			list := f.Attributes()
			return list[slices.IndexFunc(list, func(a apiclient.Attribute) bool { return a.Name == name })].Value
		}
		once := read(field)
		if err := field.SetAttribute(name, once); err != nil || read(field) != once {
			t.Errorf("%s of %s: %q is read as %q, and that as %q, %v", name, core, value, once, read(field), err)
		}
	})
}
