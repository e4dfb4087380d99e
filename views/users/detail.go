package users

import (
	"fmt"
	"slices"
	"strings"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/ui/widget/detail"
)

// number returns a number as the screen writes numbers.
func number(n int) string { return theme.Count(n) }

func countLine(c apiclient.UserCounts, t *theme.Theme) string {
	line := number(c.Total) + " total"
	if n := c.ByStatus[apiclient.StatusAwaitingReview]; n > 0 {
		line += ", " + t.Status(string(apiclient.StatusAwaitingReview)).With(number(n)+" to review")
	}
	return line
}

// sections is what the preview and the page of a user show.
func (s *Screen) sections(r row) []detail.Section {
	mark := s.Env.Theme.Status(string(r.Status))
	account := detail.Section{Title: "Account", Fields: []detail.Field{
		{Key: "Status", Value: mark.With(r.Status.Label()), Token: mark.Token},
		{Key: "Roles", Value: s.roleNames(r.Roles)},
		{Key: "Login", Value: r.Login},
		{Key: "E-mail", Value: r.Email},
		{Key: "Name", Value: r.DisplayName},
		{Key: "Website", Value: r.URL},
		{Key: "Registered", Value: s.Moment(r.Registered)},
		{Key: "Last login", Value: s.Moment(r.LastLogin)},
	}}
	list := []detail.Section{account}
	if !r.whole {
		return list
	}
	return append(list, s.answers(r), s.sent(r))
}

func (s *Screen) roleNames(slugs []apiclient.RoleSlug) string {
	names := make([]string, len(slugs))
	for i, slug := range slugs {
		names[i] = string(slug)
		for _, role := range s.roles {
			if role.Slug == slug && !strings.EqualFold(role.Name, string(slug)) {
				names[i] = fmt.Sprintf("%s (%s)", role.Name, slug)
			}
		}
	}
	return strings.Join(names, ", ")
}

// answers shows the stored values under their labels, the usual ones first, and then those that no field explains.
func (s *Screen) answers(r row) detail.Section {
	section := detail.Section{Title: "Profile"}
	seen := map[string]bool{}
	fields := slices.Clone(s.fields)
	slices.SortStableFunc(fields, func(a, b apiclient.Field) int { return rank(a.Key) - rank(b.Key) })
	for _, f := range fields {
		if v, ok := r.Fields[f.Key]; ok && !f.Secret {
			seen[f.Key] = true
			section.Fields = append(section.Fields, detail.Field{Key: f.Label, Value: v.String()})
		}
	}
	var others []string
	for key := range r.Fields {
		if !seen[key] {
			others = append(others, key)
		}
	}
	slices.Sort(others)
	for _, key := range others {
		section.Fields = append(section.Fields, detail.Field{Key: key, Value: r.Fields[key].String()})
	}
	if len(section.Fields) == 0 {
		section.Text = "Nothing is stored."
		if why := s.Missing(apiclient.CanReadFields); why != "" {
			section.Text = why
		}
	}
	return section
}

func (s *Screen) sent(r row) detail.Section {
	section := detail.Section{Title: "Zapier"}
	if why := s.Missing(apiclient.CanReadLog); why != "" {
		section.Text = why
		return section
	}
	for _, d := range r.recent {
		mark := s.Env.Theme.Delivery(string(d.State))
		answer := d.Error
		if d.Code != 0 {
			answer = fmt.Sprint(d.Code)
		}
		section.Fields = append(section.Fields, detail.Field{
			Key:   d.At.UTC().Format("01-02 15:04:05"),
			Value: strings.TrimSpace(fmt.Sprintf("%s %s  %s", mark.With(answer), d.Event, apiclient.HideURL(d.URL))),
			Token: mark.Token,
		})
	}
	if len(r.recent) == 0 {
		section.Text = "Nothing was sent about this user."
	}
	return section
}
