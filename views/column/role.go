package column

import (
	"strings"

	"umdeck/apiclient"
)

// Roles returns the columns of roles; each setting is one.
func Roles() []Column[apiclient.Role] {
	type role = apiclient.Role
	columns := []Column[role]{
		text("slug", "ROLE", "key of the role", func(r role) string { return string(r.Slug) }).shown().wide(14, 1),
		text("name", "NAME", "name of the role", func(r role) string { return r.Name }).shown().wide(12, 1),
		flag("custom", "CUSTOM", "whether it was made in Ultimate Member, and is none of WordPress's own", func(r role) bool { return r.Custom }).shown().after(3),
		number("priority", "PRIORITY", "of a user's roles the highest one's settings apply", func(r role) int { return r.Priority }).shown().after(2),
		maybe("registration", "NEW ACCOUNTS", "approved, checkmail or pending", func(r role) string { return r.Registration }).shown().after(1).
			oneOf(apiclient.RegistrationApproved, apiclient.RegistrationCheckmail, apiclient.RegistrationPending),
		count("users", "USERS", "how many users have it", -1, func(r role) int { return r.Users }).shown(),
		flag("privileged", "PRIVILEGED", "whether it has capabilities that front-end forms never give", role.Privileged).after(4),
		list("capabilities", "CAPABILITIES", "WordPress capabilities", func(r role) []string { return r.Capabilities }).wide(12, 2).after(3),
		list("warnings", "WARNINGS", "what one may not expect of it", func(r role) []string { return r.Warnings }).wide(12, 2).after(3),
	}
	for _, d := range apiclient.RoleSettingCatalogue() {
		columns = append(columns, roleSetting(d))
	}
	return columns
}

// roleSetting makes the column of a setting; a site that does not tell the settings of
// its roles has nothing there.
func roleSetting(d apiclient.RoleSetting) Column[apiclient.Role] {
	type role = apiclient.Role
	title, help := strings.ToUpper(d.Key), d.Label
	value := func(r role) string { return r.Settings.Value(d.Key).Text }
	var c Column[role]
	switch d.Kind {
	case apiclient.RoleBool:
		c = flag(d.Key, title, help, func(r role) bool { return value(r) == "1" })
	case apiclient.RoleList:
		c = list(d.Key, title, help, func(r role) []string { return r.Settings.Value(d.Key).List })
	case apiclient.RoleChoice, apiclient.RoleText, apiclient.RoleURL:
		c = maybe(d.Key, title, help, value)
	}
	told := c
	c.Text = func(r role) string {
		if r.Registration == "" {
			return ""
		}
		return told.Text(r)
	}
	c.Value = func(r role) any {
		if r.Registration == "" {
			return nil
		}
		return told.Value(r)
	}
	return c.after(6)
}
