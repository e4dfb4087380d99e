package apiclient_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

func TestRoleKey(t *testing.T) {
	for title, want := range map[string]string{
		"Member":                 "member",
		"Gold Member":            "gold-member",
		"  Gold -- Member ":      "gold-member",
		"Snake_case 7":           "snake_case-7",
		"Élève Ångström Œuvre ß": "eleve-angstrom-oeuvre-s",
		"潜水艦subs":                "",
		"Члены":                  "",
		"50% off":                "",
		"---":                    "",
		"":                       "",
	} {
		if got := apiclient.RoleKey(title); got != want {
			t.Errorf("the key of %q is %q; want %q", title, got, want)
		}
	}
}

func TestPrivileged(t *testing.T) {
	if n := len(apiclient.PrivilegedCapabilities()); n != 37 {
		t.Errorf("%d capabilities are banned; Ultimate Member bans 37", n)
	}
	for _, c := range []struct {
		role apiclient.Role
		want bool
	}{
		{apiclient.Role{Slug: "subscriber", Capabilities: []string{"read"}}, false},
		{apiclient.Role{Slug: "administrator"}, true},
		{apiclient.Role{Slug: "editor", Capabilities: []string{"edit_others_posts", "unfiltered_html"}}, false},
		{apiclient.Role{Slug: "um_staff", Capabilities: []string{"read", "list_users"}}, true},
		{apiclient.Role{Slug: "um_shop", Capabilities: []string{"level_10"}}, true},
		{apiclient.Role{Slug: "um_shop", Capabilities: []string{"level_9"}}, false},
	} {
		if got := c.role.Privileged(); got != c.want {
			t.Errorf("%+v is privileged: %t", c.role, got)
		}
	}
	for _, c := range apiclient.PrivilegedCapabilities() {
		if !slices.Contains(apiclient.WordPressCapabilities(), c) {
			t.Errorf("WordPress does not know %s", c)
		}
	}
}

// site is the roles of a site with every kind of role.
func siteRoles() []apiclient.Role {
	return []apiclient.Role{
		{Slug: "um_gold", Name: "Gold", Custom: true, Priority: 10, Capabilities: []string{"read"}},
		{Slug: "administrator", Name: "Administrator", Capabilities: []string{"manage_options"}},
		{Slug: "editor", Name: "Editor", Capabilities: []string{"edit_posts"}},
		{Slug: "um_member", Name: "Member", Custom: true},
		{Slug: "um_staff", Name: "Staff", Custom: true, Capabilities: []string{"edit_users"}},
		{Slug: "subscriber", Name: "Subscriber", Capabilities: []string{"read"}},
	}
}

func slugs(list []apiclient.Role) (out []apiclient.RoleSlug) {
	for _, r := range list {
		out = append(out, r.Slug)
	}
	return out
}

func TestEditableRoles(t *testing.T) {
	want := []apiclient.RoleSlug{"um_gold", "um_member", "subscriber"}
	if diff := cmp.Diff(want, slugs(apiclient.EditableRoles(siteRoles()))); diff != "" {
		t.Errorf("what forms may offer (-want +got):\n%s", diff)
	}
}

func TestRoleNamed(t *testing.T) {
	for text, want := range map[string]apiclient.RoleSlug{"um_member": "um_member", "member": "um_member", "MEMBER": "um_member", "editor": "editor", "Gold": "um_gold", "king": "", "": ""} {
		r, ok := apiclient.RoleNamed(siteRoles(), text)
		if r.Slug != want || ok != (want != "") {
			t.Errorf("%q is %s, %t; want %q", text, r.Slug, ok, want)
		}
	}
}

func TestRegistrationRole(t *testing.T) {
	for _, c := range []struct {
		name                         string
		site, register, form, chosen string
		offered                      []apiclient.RoleSlug
		want                         apiclient.RoleSlug
	}{
		{name: "the site's default", site: "editor", want: "editor"},
		{name: "Ultimate Member's setting wins", site: "editor", register: "um_member", want: "um_member"},
		{name: "a role that there is not is passed over", site: "editor", register: "um_gone", form: "um_lost", want: "editor"},
		{name: "the form wins", site: "subscriber", register: "um_member", form: "um_gold", want: "um_gold"},
		{name: "nothing is left but subscriber", site: "um_gone", want: "subscriber"},
		{name: "what was chosen wins", site: "subscriber", form: "um_member", chosen: "um_gold", offered: []apiclient.RoleSlug{"um_gold"}, want: "um_gold"},
		{name: "it was not offered", site: "subscriber", form: "um_member", chosen: "um_gold", offered: []apiclient.RoleSlug{"subscriber"}, want: "um_member"},
		{name: "a privileged role is never chosen", site: "subscriber", chosen: "um_staff", offered: []apiclient.RoleSlug{"um_staff"}, want: "subscriber"},
		{name: "nor the administrator", site: "subscriber", chosen: "administrator", offered: []apiclient.RoleSlug{"administrator"}, want: "subscriber"},
		{name: "nor one of WordPress's own", site: "subscriber", chosen: "editor", offered: []apiclient.RoleSlug{"editor"}, want: "subscriber"},
	} {
		o := apiclient.Options{"default_role": c.site, "register_role": c.register}
		if got := apiclient.FormRole(siteRoles(), o, apiclient.RoleSlug(c.form), apiclient.RoleSlug(c.chosen), c.offered); got != c.want {
			t.Errorf("%s: %s; want %s", c.name, got, c.want)
		}
	}
}

func TestRegistrationStatus(t *testing.T) {
	for word, want := range map[string]apiclient.Status{
		"approved": apiclient.StatusApproved, "checkmail": apiclient.StatusAwaitingEmail, "pending": apiclient.StatusAwaitingReview, "": apiclient.StatusApproved, "odd": apiclient.StatusApproved,
	} {
		if got := (apiclient.Role{Registration: word}).RegistrationStatus(); got != want {
			t.Errorf("%q gives %s; want %s", word, got, want)
		}
	}
}

func TestRoleUpdate(t *testing.T) {
	native := apiclient.InstalledRole(apiclient.Role{Slug: "editor", Name: "Editor", Capabilities: []string{"read"}})
	custom := apiclient.Role{Slug: "um_gold", Name: "Gold", Custom: true, Registration: "approved", Capabilities: []string{"read"}}
	for _, c := range []struct {
		name  string
		role  apiclient.Role
		u     apiclient.RoleUpdate
		kind  apiclient.Kind // of the error; Internal: none
		field string
	}{
		{"a native role's priority", native, apiclient.RoleUpdate{Priority: new(5), Registration: new("pending")}, apiclient.Internal, ""},
		{"a native role's own name", native, apiclient.RoleUpdate{Name: new("Editor"), Capabilities: []string{"read", "read"}}, apiclient.Internal, ""},
		{"a native role's name", native, apiclient.RoleUpdate{Name: new("Redaktion")}, apiclient.Conflict, ""},
		{"a native role's capabilities", native, apiclient.RoleUpdate{Capabilities: []string{}}, apiclient.Conflict, ""},
		{"everything of a custom one", custom, apiclient.RoleUpdate{Name: new(" Golden "), Priority: new(-3), Registration: new("checkmail"), Capabilities: []string{"z", "a"}}, apiclient.Internal, ""},
		{"no name", custom, apiclient.RoleUpdate{Name: new("  ")}, apiclient.Invalid, "name"},
		{"a tag in the name", custom, apiclient.RoleUpdate{Name: new("<b>Gold")}, apiclient.Invalid, "name"},
		{"a line in the name", custom, apiclient.RoleUpdate{Name: new("Go\nld")}, apiclient.Invalid, "name"},
		{"a long name", custom, apiclient.RoleUpdate{Name: new(strings.Repeat("x", 201))}, apiclient.Invalid, "name"},
		{"a priority out of range", custom, apiclient.RoleUpdate{Priority: new(1 << 40)}, apiclient.Invalid, "priority"},
		{"an account status", custom, apiclient.RoleUpdate{Registration: new("awaiting_admin_review")}, apiclient.Invalid, "registration"},
		{"no registration status", custom, apiclient.RoleUpdate{Registration: new("")}, apiclient.Invalid, "registration"},
		{"a capability with a space", custom, apiclient.RoleUpdate{Capabilities: []string{"edit posts"}}, apiclient.Invalid, "capabilities"},
		{"an unknown setting", custom, apiclient.RoleUpdate{Settings: map[string]apiclient.Value{"can_fly": apiclient.Text("1")}}, apiclient.Invalid, "can_fly"},
		{"a bad choice", custom, apiclient.RoleUpdate{Settings: map[string]apiclient.Value{"after_login": apiclient.Text("redirect_home")}}, apiclient.Invalid, "after_login"},
		{"a script for an address", custom, apiclient.RoleUpdate{Settings: map[string]apiclient.Value{"login_redirect_url": apiclient.Text("javascript:alert(1)")}}, apiclient.Invalid, "login_redirect_url"},
		{"another site by two slashes", custom, apiclient.RoleUpdate{Settings: map[string]apiclient.Value{"login_redirect_url": apiclient.Text("//evil.example.com/x")}}, apiclient.Invalid, "login_redirect_url"},
		{"another site by a backslash", custom, apiclient.RoleUpdate{Settings: map[string]apiclient.Value{"login_redirect_url": apiclient.Text(`/\evil.example.com`)}}, apiclient.Invalid, "login_redirect_url"},
		{"a list for a switch", custom, apiclient.RoleUpdate{Settings: map[string]apiclient.Value{"can_edit_profile": apiclient.List("1")}}, apiclient.Invalid, "can_edit_profile"},
		{"perhaps for a switch", custom, apiclient.RoleUpdate{Settings: map[string]apiclient.Value{"can_edit_profile": apiclient.Text("perhaps")}}, apiclient.Invalid, "can_edit_profile"},
	} {
		got, err := c.u.Apply(c.role)
		var field string
		if e, ok := err.(*apiclient.Error); ok { //nolint:errorlint // the field of the very error is asked for
			field = e.Field
		}
		switch {
		case c.kind == apiclient.Internal && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.kind != apiclient.Internal && (err == nil || apiclient.KindOf(err) != c.kind || field != c.field):
			t.Errorf("%s: %v about %q; want %s about %q", c.name, err, field, c.kind, c.field)
		case c.name == "everything of a custom one" && (got.Name != "Golden" || !slices.Equal(got.Capabilities, []string{"a", "z"})):
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	if !cmp.Equal(custom.Capabilities, []string{"read"}) || !cmp.Equal(native, apiclient.InstalledRole(native)) {
		t.Error("an update has changed the role that it was applied to")
	}
}

// TestRoleSettings sets each setting by its key and reads it back.
func TestRoleSettings(t *testing.T) {
	var s apiclient.RoleSettings
	samples := map[apiclient.RoleSettingKind]apiclient.Value{
		apiclient.RoleText: apiclient.Text("Hello,\nyou"), apiclient.RoleURL: apiclient.Text("/welcome?a=b"), apiclient.RoleList: apiclient.List("editor", "um_gold"),
	}
	for _, d := range apiclient.RoleSettingCatalogue() {
		v, ok := samples[d.Kind]
		switch {
		case d.Kind == apiclient.RoleChoice:
			v = apiclient.Text(d.Choices[len(d.Choices)-1].Value)
		case !ok && s.Value(d.Key).Text == "1":
			v = apiclient.Text("0")
		case !ok:
			v = apiclient.Text("1")
		}
		before := s.Values()
		if err := s.Set(d.Key, v); err != nil {
			t.Errorf("%s: %v", d.Key, err)
		}
		if got := s.Value(d.Key); !got.Equal(v) {
			t.Errorf("%s is %v; want %v", d.Key, got, v)
		}
		before[d.Key] = v
		if diff := cmp.Diff(before, s.Values()); diff != "" {
			t.Errorf("%s has changed others, too (-want +got):\n%s", d.Key, diff)
		}
	}
	// Nothing of the struct is without a key.
	fields := reflect.ValueOf(s)
	for i := range fields.NumField() {
		if fields.Field(i).IsZero() {
			t.Errorf("no setting has set %s", fields.Type().Field(i).Name)
		}
	}
	if n := len(apiclient.RoleSettingCatalogue()); n != fields.NumField() {
		t.Errorf("%d settings for %d fields", n, fields.NumField())
	}
}

// TestNewRoleSettings compares what a new role starts with with Ultimate Member's form.
func TestNewRoleSettings(t *testing.T) {
	r, err := apiclient.Role{Name: "Gold", Custom: true}.Normal()
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"can_not_see_adminbar": "1", "default_homepage": "1", "can_access_wpadmin": "0", "can_edit_profile": "0", "profile_noindex": "",
		"auto_approve_act": "redirect_profile", "checkmail_action": "show_message", "pending_action": "show_message",
		"after_login": "redirect_profile", "after_logout": "redirect_home", "after_delete": "redirect_home",
	} {
		if got := r.Settings.Value(key).Text; got != want {
			t.Errorf("%s is %q; want %q", key, got, want)
		}
	}
	if r.Registration != "approved" {
		t.Errorf("the registration status is %q", r.Registration)
	}
}

func TestDoubts(t *testing.T) {
	for _, c := range []struct {
		name      string
		role      apiclient.Role
		checkmail bool
		want      []string // a piece of each sentence
	}{
		{"nothing", apiclient.Role{Custom: true, Registration: "approved"}, false, nil},
		{"the mail is on", apiclient.Role{Registration: "checkmail"}, true, nil},
		{"nobody gets the link", apiclient.Role{Registration: "checkmail"}, false, []string{"checkmail_email is off"}},
		{"nobody reviews", apiclient.Role{Registration: "pending"}, false, []string{"notification_review is off"}},
		{"no address", apiclient.Role{Registration: "pending", Settings: apiclient.RoleSettings{PendingAction: apiclient.RedirectURL, AutoApproveAct: apiclient.RedirectURL, AfterLogout: apiclient.RedirectURL}}, true, []string{"pending_url is empty", "logout_redirect_url is empty"}},
		{"administrative and misspelt", apiclient.Role{Custom: true, Capabilities: []string{"edit_user", "edit_users"}}, true, []string{"forms do not offer", "edit_user:"}},
	} {
		got := c.role.Doubts(func(m apiclient.MailSlug) bool { return c.checkmail || m == apiclient.MailWelcome })
		if len(got) != len(c.want) {
			t.Errorf("%s: %q; want %d sentences", c.name, got, len(c.want))
			continue
		}
		for i, piece := range c.want {
			if !strings.Contains(got[i], piece) {
				t.Errorf("%s: %q does not say %q", c.name, got[i], piece)
			}
		}
	}
}

func TestMay(t *testing.T) {
	gold := []apiclient.RoleSlug{"um_gold"}
	if !apiclient.May(nil, gold) || !apiclient.May(gold, []apiclient.RoleSlug{"editor", "um_gold"}) || apiclient.May(gold, []apiclient.RoleSlug{"editor"}) || apiclient.May(gold, nil) {
		t.Error("an empty list lets all through, another one those that it names")
	}
}
