package engine_test

import (
	"fmt"
	"testing"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
)

// TestFirstRoleAndStatus makes accounts without a role and without a status.
func TestFirstRoleAndStatus(t *testing.T) {
	e := open(t, t.TempDir())
	for name, c := range map[string]struct {
		origin apiclient.Origin
		set    []string
		role   apiclient.RoleSlug
		status apiclient.Status
	}{
		"the default role":           {apiclient.OriginConsole, nil, "subscriber", apiclient.StatusApproved},
		"another default role":       {apiclient.OriginAdmin, []string{"default_role", "um_member"}, "um_member", apiclient.StatusApproved},
		"register_role is for forms": {apiclient.OriginAdmin, []string{"register_role", "um_member"}, "subscriber", apiclient.StatusApproved},
	} {
		t.Run(name, func(t *testing.T) {
			set(t, e, "default_role", "subscriber", "register_role", "")
			set(t, e, c.set...)
			u := must(e.CreateUser(as(t, c.origin), apitest.User(fmt.Sprint("u", len(name)))))(t)
			if u.Role() != c.role || u.Status != c.status {
				t.Errorf("role %s and status %s; want %s and %s", u.Role(), u.Status, c.role, c.status)
			}
		})
	}
	set(t, e, "default_role", "subscriber", "register_role", "")
	must(e.UpdateRole(t.Context(), "subscriber", apiclient.RoleUpdate{Registration: new(apiclient.RegistrationPending)}))(t)
	for origin, ignores := range map[apiclient.Origin]bool{
		apiclient.OriginConsole: true, apiclient.OriginAdmin: true, apiclient.OriginAPI: false, apiclient.OriginForm: false, apiclient.OriginCRM: false,
	} {
		for value, want := range map[string]apiclient.Status{"0": apiclient.StatusAwaitingReview, "1": apiclient.StatusAwaitingReview} {
			if value == "1" && ignores {
				want = apiclient.StatusApproved
			}
			set(t, e, "admin_ignore_user_status", value)
			if u := must(e.CreateUser(as(t, origin), apitest.User(string(origin)+value)))(t); u.Status != want {
				t.Errorf("by %s, with admin_ignore_user_status %s: %s; want %s", origin, value, u.Status, want)
			}
		}
	}
	if _, err := e.CreateUser(t.Context(), apitest.User("x", func(n *apiclient.NewUser) { n.Status = "on_hold" })); apiclient.KindOf(err) != apiclient.Invalid {
		t.Errorf("a status that the site has not: %v", err)
	}
	set(t, e, "umdeck_statuses", "on_hold|On hold")
	if u := must(e.CreateUser(t.Context(), apitest.User("y", func(n *apiclient.NewUser) { n.Status = "on_hold" })))(t); u.Status != "on_hold" {
		t.Errorf("a status of the site's own is %q", u.Status)
	}
}

// TestForbiddenKeys keeps what WordPress has under its own meta keys from every way of
// writing, even where a field of that key has got into the catalogue.
func TestForbiddenKeys(t *testing.T) {
	dir := t.TempDir()
	e := open(t, dir)
	ada := must(e.CreateUser(t.Context(), apitest.User("ada")))(t)
	for i, key := range []string{
		"metabox_x", "closedpostboxes_post", "meta-box-order", "dismissed_wp_pointers", "session_tokens", "screen_layout_post", "wp_user-settings",
		"dismissed", "cap_key", "wp_capabilities", "managenav-x", "nav_menu_x", "user_activation_key", "level_10", "wp_user_level", "um_user_public_key",
		"um_user_secret_key", "SESSION_TOKENS", "42", "id", "role", "user_id", "user_pass",
	} {
		t.Run(key, func(t *testing.T) {
			values := map[string]apiclient.Value{key: apiclient.Text("x")}
			if _, err := e.CreateField(t.Context(), apiclient.Field{Key: key, Label: "X", Type: apiclient.FieldText}); apiclient.KindOf(err) != apiclient.Invalid {
				t.Errorf("CreateField: %v", err)
			}
			memberSite{dir: dir}.execute(t, `INSERT INTO fields (key, label, type, required, choices, validate, max_chars, max_words) VALUES (?, 'X', 'text', 0, '[]', '', 0, 0) ON CONFLICT DO NOTHING`, key)
			if _, err := e.UpdateUser(t.Context(), ada.ID, apiclient.UserUpdate{Fields: values}); apiclient.KindOf(err) != apiclient.Invalid {
				t.Errorf("UpdateUser: %v", err)
			}
			n := apitest.User(fmt.Sprint("u", i))
			n.Fields = values
			if _, err := e.CreateUser(t.Context(), n); apiclient.KindOf(err) != apiclient.Invalid {
				t.Errorf("CreateUser: %v", err)
			}
			out, err := e.CreateUsers(t.Context(), apiclient.UserBatch{Users: []apiclient.NewUser{n}})
			if err != nil || len(out) != 1 || out[0].Err == nil {
				t.Errorf("CreateUsers: %+v, %v", out, err)
			}
		})
	}
}
