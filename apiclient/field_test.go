package apiclient_test

import (
	"strings"
	"testing"

	"umdeck/apiclient"
)

func TestCheckKey(t *testing.T) {
	for _, key := range []string{"first_name", "a", "A-b.c_9", "_um_last_login", "1st", "zt_select", "user_ids", "rolex", strings.Repeat("k", 255)} {
		if err := apiclient.CheckKey(key); err != nil {
			t.Errorf("%s: %v", key, err)
		}
	}
	for _, key := range []string{
		"", " ", "a b", "ä", "a\x00", "a\n", "a;b", strings.Repeat("k", 256), // no meta keys
		"0", "123", // digits only
		"id", "ID", "role", "Roles", "user_id", "user_pass", // barred
		"wp_capabilities", "WP_Capabilities", "wp_user_level", "wp_user-settings", "session_tokens", "dismissed_wp_pointers", "metaboxhidden_post",
		"closedpostboxes_x", "meta-box-order_dashboard", "screen_layout_post", "cap_key", "managenav-menuscolumnshidden", "nav_menu_recently_edited",
		"user_activation_key", "level_10", "um_user_public_key", "um_user_secret_key_x", "account_secret_hash", "account_secret_hash_expiry", "_application_passwords",
	} {
		t.Run(key, func(t *testing.T) { wantInvalid(t, apiclient.CheckKey(key), "key") })
	}
}

func TestFieldCheckNew(t *testing.T) {
	for _, typ := range apiclient.FieldTypes() {
		f := apiclient.Field{Key: "zt_" + string(typ), Label: "A " + string(typ), Type: typ}
		choose := typ.Many() || typ == apiclient.FieldSelect
		if choose {
			wantInvalid(t, f.CheckNew(), "options")
		}
		f.Choices = apiclient.Choices("Red", "Green")
		if choose {
			if err := f.CheckNew(); err != nil {
				t.Errorf("%s: %v", typ, err)
			}
		} else {
			wantInvalid(t, f.CheckNew(), "options")
			f.Choices = nil
			if err := f.CheckNew(); err != nil {
				t.Errorf("%s: %v", typ, err)
			}
		}
	}
	for _, c := range []struct {
		name  string
		f     apiclient.Field
		field string
	}{
		{"a barred key", apiclient.Field{Key: "role", Label: "Role", Type: apiclient.FieldText}, "key"},
		{"no label", apiclient.Field{Key: "a", Label: " ", Type: apiclient.FieldText}, "label"},
		{"no type", apiclient.Field{Key: "a", Label: "A"}, "type"},
		{"a type of Ultimate Member's that the API lacks", apiclient.Field{Key: "a", Label: "A", Type: "rating"}, "type"},
		{"a password", apiclient.Field{Key: "a", Label: "A", Type: apiclient.FieldPassword}, "type"},
		{"an option twice", apiclient.Field{Key: "a", Label: "A", Type: apiclient.FieldRadio, Choices: apiclient.Choices("x", "y", "x")}, "options"},
		{"an empty option", apiclient.Field{Key: "a", Label: "A", Type: apiclient.FieldSelect, Choices: apiclient.Choices("x", " ")}, "options"},
	} {
		t.Run(c.name, func(t *testing.T) { wantInvalid(t, c.f.CheckNew(), c.field) })
	}
}

// TestZapierTypes is the table of the API document, with the array that Zapier
// lacks as a list of strings.
func TestZapierTypes(t *testing.T) {
	two := apiclient.Choices("a", "b")
	for _, c := range []struct {
		f    apiclient.Field
		want string
		list bool
	}{
		{apiclient.Field{Type: apiclient.FieldText}, "string", false},
		{apiclient.Field{Type: apiclient.FieldTextarea}, "text", false},
		{apiclient.Field{Type: apiclient.FieldEmail}, "string", false},
		{apiclient.Field{Type: apiclient.FieldURL}, "string", false},
		{apiclient.Field{Type: apiclient.FieldTel}, "string", false},
		{apiclient.Field{Type: apiclient.FieldNumber}, "number", false},
		{apiclient.Field{Type: apiclient.FieldSelect, Choices: two}, "string", false},
		{apiclient.Field{Type: apiclient.FieldRadio, Choices: two}, "string", false},
		{apiclient.Field{Type: apiclient.FieldCheckbox, Choices: two[:1]}, "boolean", false},
		{apiclient.Field{Type: apiclient.FieldCheckbox, Choices: two}, "string", true},
		{apiclient.Field{Type: apiclient.FieldMultiselect, Choices: two}, "string", true},
		{apiclient.Field{Type: apiclient.FieldDate}, "string", false},
		{apiclient.Field{Type: apiclient.FieldTime}, "string", false},
		{apiclient.Field{Type: apiclient.FieldCountry}, "string", false},
		{apiclient.Field{Type: apiclient.FieldImage}, "string", false},
		{apiclient.Field{Type: apiclient.FieldFile}, "string", false},
	} {
		if got := c.f.ZapierType(); got != c.want || c.f.IsList() != c.list {
			t.Errorf("%s with %d choices is %s, list %t", c.f.Type, len(c.f.Choices), got, c.f.IsList())
		}
	}
}
