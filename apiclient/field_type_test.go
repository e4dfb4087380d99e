package apiclient_test

import (
	"slices"
	"testing"

	"umdeck/apiclient"
)

func TestCoreTypes(t *testing.T) {
	if n := len(apiclient.CoreTypes()); n != 26 {
		t.Errorf("there are %d core types; want Ultimate Member's 26", n)
	}
	types := append(apiclient.FieldTypes(), apiclient.FieldPassword)
	for _, core := range apiclient.CoreTypes() {
		api := core.API()
		if core.Holds() != (api != "") {
			t.Errorf("%s holds an answer: %t, and the API calls it %q", core, core.Holds(), api)
		}
		if api != "" && !slices.Contains(types, api) {
			t.Errorf("%s is %q to the API, which is no type of it", core, api)
		}
	}
	for _, api := range types {
		if core := api.Core(); !slices.Contains(apiclient.CoreTypes(), core) {
			t.Errorf("%s stands for %q, which is no core type", api, core)
		}
	}
	if got := apiclient.CoreType("rainbow").API(); got != "" {
		t.Errorf("what is no core type is %q to the API; want nothing", got)
	}
}

func TestFieldTypeOf(t *testing.T) {
	for _, c := range []struct {
		core                  apiclient.CoreType
		key, validate, source string
		want                  apiclient.FieldType
	}{
		{apiclient.CoreText, "first_name", "", "", apiclient.FieldText},
		{apiclient.CoreText, "user_email", "", "", apiclient.FieldEmail},
		{apiclient.CoreText, "work", "is_email", "", apiclient.FieldEmail},
		{apiclient.CoreText, "work", "unique_email", "", apiclient.FieldEmail},
		{apiclient.CoreText, "work", "unique_value", "", apiclient.FieldText},
		{apiclient.CoreSelect, "country", "", "", apiclient.FieldCountry},
		{apiclient.CoreSelect, "home", "", "countries", apiclient.FieldCountry},
		{apiclient.CoreSelect, "home", "", "roles", apiclient.FieldSelect},
		{apiclient.CoreMultiselect, "homes", "", "countries", apiclient.FieldMultiselect},
		{apiclient.CoreRating, "stars", "", "", apiclient.FieldNumber},
		{apiclient.CoreOEmbed, "clip", "", "", apiclient.FieldURL},
		{apiclient.CoreYouTube, "clip", "", "", apiclient.FieldText},
		{apiclient.CoreDivider, "", "", "", ""},
	} {
		if got := apiclient.FieldTypeOf(c.core, c.key, c.validate, c.source); got != c.want {
			t.Errorf("FieldTypeOf(%q, %q, %q, %q) is %q; want %q", c.core, c.key, c.validate, c.source, got, c.want)
		}
	}
	rating := apiclient.Field{Type: apiclient.FieldNumber, Core: apiclient.CoreRating}
	if got := rating.CoreType(); got != apiclient.CoreRating {
		t.Errorf("a number whose core is a rating is %q", got)
	}
	if got := (apiclient.Field{Type: apiclient.FieldEmail}).CoreType(); got != apiclient.CoreText {
		t.Errorf("an email is %q to Ultimate Member; want text", got)
	}
}
