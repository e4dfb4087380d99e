package wordpress

import (
	"net/url"
	"slices"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
)

// A search is a query in two parts: what WordPress does and what is done here
// with the users that it gives.
type search struct {
	params url.Values
	rest   apiclient.Filter // what WordPress cannot do; zero: nothing
	note   string

	byID, desc bool
}

// behind reports whether a row of that id comes after the other one, in an order by id.
func (s search) behind(id, other apiclient.UserID) bool {
	if s.desc {
		return id < other
	}
	return id > other
}

func (s search) filters() bool { return !s.rest.IsZero() }

func (s search) match(u apiclient.User) bool { return filter.Run(s.rest, filter.UserRow(u)) }

// orders are the columns that WordPress sorts by, and its names for them.
var orders = map[string]string{
	"id": "id", "registered": "registered_date", "display_name": "name", "email": "email", "login": "slug", "user_url": "url",
}

// seen are the columns that can be compared here, because core's REST API shows them.
var seen = []string{
	"", "id", "login", "email", "display_name", "role", "registered", "user_url", "user_login", "user_email", "user_registered", "roles",
	"first_name", "last_name", "nickname", "description",
}

// searchFor splits the query. Free text and one role go to WordPress, whose
// database compares text by its own collation; what it cannot compare is filtered
// here where its answer holds the column, and Unsupported where it does not.
func (c *Client) searchFor(q apiclient.UserQuery) (search, error) {
	s := search{params: url.Values{}}
	if err := s.order(q.Sort); err != nil {
		return s, err
	}
	terms := q.Filter.Terms
	switch q.Filter.Op {
	case apiclient.And:
	default:
		terms = []apiclient.Filter{q.Filter}
	}
	var rest []apiclient.Filter
	for _, t := range terms {
		if t.Op == apiclient.Leaf && s.ask(t.Match) {
			continue
		}
		if err := c.comparable(t); err != nil {
			return s, err
		}
		rest = append(rest, t)
		if t.Op == apiclient.Leaf {
			s.narrow(t.Match)
		}
	}
	s.rest = apiclient.AllOf(rest...)
	return s, nil
}

// order asks for the order. The list's own one, newest first, is by id: it means
// the same, costs half, and has no ties, among which a database may change its
// mind from page to page.
func (s *search) order(sort apiclient.Sort) error {
	if sort.Column == "" {
		sort = apiclient.Sort{Column: "id", Desc: true}
	}
	s.byID, s.desc = sort.Column == "id", sort.Desc
	by, ok := orders[sort.Column]
	if !ok {
		return apiclient.Errorf(apiclient.Unsupported, "%s", reasonSort(sort.Column))
	}
	s.params.Set("orderby", by)
	s.params.Set("order", "asc")
	if sort.Desc {
		s.params.Set("order", "desc")
	}
	if sort.Column == "login" {
		s.note = "Sorted by WordPress's slugs, which follow the logins."
	}
	return nil
}

func reasonSort(column string) string {
	if column == "status" || column == "role" || column == "last_login" {
		return "WordPress cannot sort users by " + column + "; sort by id, login, email, display_name or registered."
	}
	return reasonFilterFields
}

// ask gives a condition to WordPress where it means the same there.
func (s *search) ask(m apiclient.Match) bool {
	switch {
	case m.Field == "" && m.Op == apiclient.Contains && !s.params.Has("search") && strings.Trim(m.Value, "* ") != "":
		s.params.Set("search", m.Value)
		s.note = join(s.note, searchNote(m.Value))
	case m.Field == "role" && m.Op == apiclient.Equals && !s.params.Has("roles") && isSlug(m.Value):
		s.params.Set("roles", m.Value)
	default:
		return false
	}
	return true
}

func searchNote(text string) string {
	if strings.Contains(text, "@") {
		return "WordPress looked for a text with @ in e-mail addresses alone."
	}
	return "WordPress looked in logins, e-mail addresses, websites and display names, not in first and last names."
}

func isSlug(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	})
}

// narrow lets WordPress leave out users that the condition cannot hold for.
func (s *search) narrow(m apiclient.Match) {
	if m.Op != apiclient.Equals && m.Op != apiclient.Contains || s.params.Has("search") || !isASCII(m.Value) || strings.Trim(m.Value, "* ") != m.Value || m.Value == "" {
		return // the database folds other characters in ways of its own
	}
	at := strings.Contains(m.Value, "@")
	switch m.Field {
	case "login", "user_login":
		if !at { // WordPress looks for a text with @ in addresses alone
			s.params.Set("search", m.Value)
		}
	case "email", "user_email":
		s.params.Set("search", m.Value)
	case "id":
		if m.Op == apiclient.Equals && strings.Trim(m.Value, "0123456789") == "" && len(m.Value) < 18 {
			s.params.Set("include", m.Value)
		}
	}
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > 126 || r < ' ' })
}

// comparable fails with Unsupported for a condition on what core does not show.
func (c *Client) comparable(f apiclient.Filter) error {
	if f.Op != apiclient.Leaf {
		for _, t := range f.Terms {
			if err := c.comparable(t); err != nil {
				return err
			}
		}
		return nil
	}
	key := f.Match.Field
	switch {
	case slices.Contains(seen, key):
		return nil
	case key == "status" || key == "account_status":
		if c.me.ShowsStatus() {
			return nil
		}
		return apiclient.Errorf(apiclient.Unsupported, reasonFilterStatus)
	}
	return apiclient.Errorf(apiclient.Unsupported, reasonFilterFields)
}
