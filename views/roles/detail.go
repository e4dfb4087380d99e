package roles

import (
	"fmt"
	"slices"
	"strings"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/ui/widget/detail"
)

// sections is what the preview and the page of a role show.
func (s *Screen) sections(r apiclient.Role) []detail.Section {
	about := detail.Section{Title: "Role", Fields: []detail.Field{
		{Key: "Role ID", Value: string(r.Slug)},
		{Key: "Kind", Value: kind(r)},
		{Key: "Members", Value: members(r)},
	}}
	if r.Registration == "" {
		about.Text = s.Missing(apiclient.CanEditRoles)
		return []detail.Section{about}
	}
	about.Fields = append(about.Fields,
		detail.Field{Key: "Priority", Value: fmt.Sprint(r.Priority)},
		detail.Field{Key: "New accounts", Value: registration(r.Registration)},
	)
	all := []detail.Section{about}
	if len(r.Warnings) > 0 {
		warnings := detail.Section{Title: "Warnings"}
		for _, w := range r.Warnings {
			warnings.Fields = append(warnings.Fields, detail.Field{Key: "!", Value: w, Token: theme.Warning})
		}
		all = append(all, warnings)
	}
	all = append(all, settings(r)...)
	return append(all, capabilities(r)...)
}

func kind(r apiclient.Role) string {
	if r.Custom {
		return "custom: made in Ultimate Member"
	}
	return "WordPress's own"
}

func members(r apiclient.Role) string {
	if r.Users < 0 {
		return ""
	}
	return theme.Count(r.Users)
}

// registration says what a registration status is called by Ultimate Member.
func registration(word string) string {
	switch word {
	case apiclient.RegistrationApproved:
		return "approved: Auto Approve"
	case apiclient.RegistrationCheckmail:
		return "checkmail: Require Email Activation"
	case apiclient.RegistrationPending:
		return "pending: Require Admin Review"
	}
	return word
}

// settings returns a section for each group, without what is empty and what has no
// effect on the role as it is.
func settings(r apiclient.Role) []detail.Section {
	var all []detail.Section
	for _, d := range apiclient.RoleSettingCatalogue() {
		v := r.Settings.Value(d.Key)
		if v.Empty() || idle(r, d.Key) {
			continue
		}
		if n := len(all); n == 0 || all[n-1].Title != d.Group {
			all = append(all, detail.Section{Title: d.Group})
		}
		last := &all[len(all)-1]
		last.Fields = append(last.Fields, worded(d, v))
	}
	return all
}

// idle reports whether a setting of registration belongs to another registration status
// than the role has.
func idle(r apiclient.Role, key string) bool {
	for prefix, word := range map[string]string{
		"auto_approve_": apiclient.RegistrationApproved, "checkmail_": apiclient.RegistrationCheckmail, "pending_": apiclient.RegistrationPending,
		"login_email_activate": apiclient.RegistrationCheckmail, "url_email_activate": apiclient.RegistrationCheckmail,
	} {
		if strings.HasPrefix(key, prefix) {
			return r.Registration != word
		}
	}
	return false
}

// worded says a setting as people read it: yes or no to what its label asks, or what it is
// set to.
func worded(d apiclient.RoleSetting, v apiclient.Value) detail.Field {
	switch {
	case d.Kind == apiclient.RoleBool && v.Text == "1":
		return detail.Field{Key: "yes", Value: d.Label}
	case d.Kind == apiclient.RoleBool:
		return detail.Field{Key: "no", Value: d.Label, Token: theme.Muted}
	}
	text := v.String()
	for _, c := range d.Choices {
		if c.Value == v.Text {
			text = c.Label
		}
	}
	return detail.Field{Key: "set", Value: d.Label + ": " + text}
}

// capabilities returns those that keep the role from front-end forms by themselves.
func capabilities(r apiclient.Role) []detail.Section {
	privileged := apiclient.PrivilegedCapabilities()
	var high, rest []string
	for _, c := range r.Capabilities {
		if slices.Contains(privileged, c) {
			high = append(high, c)
		} else {
			rest = append(rest, c)
		}
	}
	var all []detail.Section
	for _, part := range []struct {
		title string
		caps  []string
	}{{"Administrative capabilities", high}, {"Capabilities", rest}} {
		if len(part.caps) > 0 {
			all = append(all, detail.Section{Title: fmt.Sprintf("%s (%d)", part.title, len(part.caps)), Text: strings.Join(part.caps, ", ")})
		}
	}
	return all
}
