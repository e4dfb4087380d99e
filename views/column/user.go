package column

import (
	"slices"
	"strings"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/theme"
)

// Users returns the columns of users, and one for each further field key.
func Users(fieldKeys ...string) []Column[apiclient.User] {
	type user = apiclient.User
	columns := []Column[user]{
		number("id", "ID", "number of the user", func(u user) apiclient.UserID { return u.ID }).shown().sorted().wide(4, 0).after(4),
		text("login", "LOGIN", "user name", func(u user) string { return u.Login }).shown().sorted().wide(10, 2),
		text("email", "EMAIL", "e-mail address", func(u user) string { return u.Email }).shown().sorted().wide(14, 3).after(2),
		{
			Key: "status", Title: "STATUS", Help: "account status", Default: true, Sort: "status", Kind: filter.Status, Min: 12, Max: 28, Flex: 1, Priority: 1,
			Text: func(u user) string { return u.Status.Label() },
			Value: func(u user) any {
				if u.Status == apiclient.StatusUnknown {
					return nil
				}
				return string(u.Status)
			},
			Mark: func(t *theme.Theme, u user) theme.Mark { return t.Status(string(u.Status)) },
		},
		list("roles", "ROLES", "roles, the effective one first", func(u user) []string { return slugs(u.Roles) }).shown().wide(8, 1).after(5).sortedBy("role"),
		text("display_name", "NAME", "name as shown", func(u user) string { return u.DisplayName }).shown().sorted().wide(10, 2).after(6),
		when("registered", "REGISTERED", "when the account was made", func(u user) time.Time { return u.Registered }).shown().sorted().after(7),
		when("last_login", "LAST LOGIN", "when the user last logged in", func(u user) time.Time { return u.LastLogin }).sorted().after(8),
		maybe("url", "URL", "website", func(u user) string { return u.URL }).wide(10, 1).after(9),
	}
	for _, key := range fieldKeys {
		columns = append(columns, Answer(key, key))
	}
	return columns
}

// Answer returns the column of what users have stored under a field key.
func Answer(key, label string) Column[apiclient.User] {
	return Column[apiclient.User]{
		Key: key, Title: strings.ToUpper(label), Help: "answer to " + key, Sort: key, Min: 8, Flex: 1, Priority: 10,
		Text: func(u apiclient.User) string { return u.Value(key).String() },
		Value: func(u apiclient.User) any {
			if v := u.Value(key); !v.Equal(apiclient.Value{}) {
				return ValueOf(v)
			}
			return nil
		},
	}
}

// Answers returns what else is stored of a user, by key: the members of its object
// beside those of the columns.
func Answers(columns []Column[apiclient.User], u apiclient.User) apiclient.Payload {
	var more apiclient.Payload
	for key, v := range u.Fields {
		if _, ok := Find(columns, key); !ok {
			more = append(more, apiclient.Member{Key: key, Value: ValueOf(v)})
		}
	}
	slices.SortFunc(more, func(a, b apiclient.Member) int { return strings.Compare(a.Key, b.Key) })
	return more
}

// ValueOf returns a stored value for programs: a text or a list of texts.
func ValueOf(v apiclient.Value) any {
	if v.List != nil {
		return v.List
	}
	return v.Text
}

// sortedBy says that the site sorts by the column under another name.
func (c Column[T]) sortedBy(name string) Column[T] {
	c.Sort = name
	return c
}

func slugs[S ~string](list []S) []string {
	texts := make([]string, len(list))
	for i, s := range list {
		texts[i] = string(s)
	}
	return texts
}
