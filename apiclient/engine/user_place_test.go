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
	if _, err := e.CreateUser(t.Context(), apitest.User("x", func(n *apiclient.NewUser) { n.Status = "on_hold" })); apiclient.KindOf(err) != apiclient.Invalid {
		t.Errorf("a status that the site has not: %v", err)
	}
	set(t, e, "umdeck_statuses", "on_hold|On hold")
	if u := must(e.CreateUser(t.Context(), apitest.User("y", func(n *apiclient.NewUser) { n.Status = "on_hold" })))(t); u.Status != "on_hold" {
		t.Errorf("a status of the site's own is %q", u.Status)
	}
}
