package column

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"umdeck/apiclient"
)

// Forms returns the columns of forms.
func Forms() []Column[apiclient.Form] {
	type form = apiclient.Form
	return []Column[form]{
		number("id", "ID", "number of the form", func(f form) apiclient.FormID { return f.ID }).shown().wide(4, 0),
		text("title", "TITLE", "what administrators call it", func(f form) string { return f.Title }).shown().wide(14, 3),
		text("mode", "MODE", "register, login or profile", func(f form) string { return string(f.Mode) }).shown().fixed(8).oneOf("register", "login", "profile"),
		flag("core", "CORE", "whether it came with the site, and cannot be deleted", func(f form) bool { return f.Core }).shown().after(2),
		list("fields", "FIELDS", "field keys, as members see them", FormKeys).shown().wide(16, 3).after(1),
		list("settings", "SETTINGS", "what is not the default", formSettings).wide(12, 2).after(3),
		when("created", "CREATED", "when it was made", func(f form) time.Time { return f.Created }).after(5),
		when("updated", "UPDATED", "when it was last changed", func(f form) time.Time { return f.Updated }).after(4),
	}
}

// FormKeys returns the keys of a form's fields in order.
func FormKeys(f apiclient.Form) []string {
	keys := make([]string, len(f.Fields))
	for i, x := range f.Fields {
		keys[i] = x.Key
	}
	return keys
}

func formSettings(f apiclient.Form) []string {
	list := []string{}
	for _, name := range slices.Sorted(maps.Keys(f.Settings)) {
		list = append(list, name+"="+f.Settings[name])
	}
	return list
}

// A Copy is a field of a form beside the catalogue's.
type Copy struct {
	apiclient.FormField
	Differences []apiclient.Difference
}

// Copies returns the fields of a form beside those of the catalogue.
func Copies(f apiclient.Form, catalogue []apiclient.Field) []Copy {
	list := make([]Copy, len(f.Fields))
	for i, x := range f.Fields {
		list[i].FormField = x
		if k := slices.IndexFunc(catalogue, func(c apiclient.Field) bool { return c.Key == x.Key }); k >= 0 {
			list[i].Differences = x.Differences(catalogue[k])
		}
	}
	return list
}

// FormFields returns the columns of the fields of a form.
func FormFields() []Column[Copy] {
	return []Column[Copy]{
		number("position", "POS", "where it stands in the form", func(c Copy) int { return c.Position }).shown(),
		text("key", "KEY", "key that answers are stored under", func(c Copy) string { return c.Key }).shown().wide(14, 1),
		text("label", "LABEL", "the question, in this form", func(c Copy) string { return c.Label }).shown().wide(12, 2).after(2),
		text("type", "TYPE", "Ultimate Member's type", func(c Copy) string { return string(c.CoreType()) }).shown().fixed(11).after(3),
		flag("required", "REQ", "whether this form requires an answer", func(c Copy) bool { return c.Required }).shown().after(4),
		text("place", "PLACE", "row, sub-row and column", Place).shown().fixed(7).after(5),
		list("differs", "DIFFERS", "attributes that the catalogue says otherwise", differing).shown().wide(10, 1).after(1),
	}
}

// Place writes where a field stands: row.sub-row, then the column.
func Place(c Copy) string { return fmt.Sprintf("%d.%d c%d", c.Row, c.SubRow, c.Column) }

func differing(c Copy) []string {
	names := make([]string, len(c.Differences))
	for i, d := range c.Differences {
		names[i] = d.Attribute
	}
	return names
}

// Contrast writes a difference with both values on one line.
func Contrast(d apiclient.Difference) string {
	one := func(s string) string {
		if s == "" {
			return "(not set)"
		}
		return strings.ReplaceAll(s, "\n", ", ")
	}
	return one(d.Form) + "  catalogue: " + one(d.Catalogue)
}
