package userfile

import (
	"path"
	"slices"
	"strings"
	"unicode"

	"umdeck/apiclient"
)

// A Column says what a column of the file is.
type Column struct {
	Header string
	Key    string // of the site's field; empty: the column is left out
	Why    string // why it is that, as a clause; empty: it has the key's own name
}

// A Mapping says what each column of a file is, in their order.
type Mapping []Column

// Rules say how columns are mapped.
type Rules struct {
	Fields []apiclient.Field // the catalogue of the site
	Keys   []string          // further keys that there are: columns of the account
	Named  map[string]string // keys by header, as a person says; an empty key leaves the column out
	Ignore []string          // headers that are left out; * stands for any text
}

// The columns of WordPress's tables and of Ultimate Member that mean something to
// their own site alone.
var leftOut = []string{
	ProblemColumn, "id", "user_activation_key", "user_status", "spam", "deleted", "session_tokens", "*user_level", "*user-settings", "*user-settings-time",
	"rich_editing", "syntax_highlighting", "comment_shortcuts", "admin_color", "use_ssl", "show_admin_bar_front", "locale", "dismissed_wp_pointers",
	"*dashboard_quick_press_last_post_id", "community-events-location", "um_member_directory_data", "account_secret_hash*", "submitted", "form_id",
	"full_name", "um_user_profile_url_slug_*", "um_email_as_username_*", "_um_registration_in_progress", "um_set_password_required",
}

// aliases are what other programs call the parts of an account, see plain.
var aliases = map[string]string{
	"email": "user_email", "mail": "user_email", "email_address": "user_email", "user_email_address": "user_email",
	"login": "user_login", "username": "user_login", "user_name": "user_login",
	"password": "user_password", "password_hash": "user_pass", "user_pass_hash": "user_pass",
	"user_role": "roles", "user_roles": "roles", "role": "roles", "status": "account_status",
	"registered": "user_registered", "registration_date": "user_registered", "date_registered": "user_registered", "user_registered_date": "user_registered",
	"last_login": "_um_last_login", "website": "user_url", "url": "user_url", "bio": "description", "biographical_info": "description",
	"nicename": "user_nicename", "user_nickname": "nickname", "given_name": "first_name", "surname": "last_name", "family_name": "last_name",
	"phone": "phone_number", "mobile": "mobile_number", "birthday": "birth_date", "date_of_birth": "birth_date",
}

// Map finds out what the columns are. The headers that are nothing known are returned
// beside the mapping, which leaves them out. It fails with Invalid when two columns
// are the same, a header is empty, or a rule names no column or no field.
func Map(header []string, r Rules) (m Mapping, unknown []string, err error) {
	if err := r.check(header); err != nil {
		return nil, nil, err
	}
	used := map[string]string{}
	for _, h := range header {
		if h == "" {
			return nil, nil, apiclient.FieldErrorf("file", "A column of the file has no header; name its field key.")
		}
		c, known := r.column(h)
		if !known {
			unknown = append(unknown, h)
		}
		if same, twice := used[Same(c.Key)]; twice && c.Key != "" {
			return nil, nil, twoColumns(same, h, c.Key)
		}
		used[Same(c.Key)] = h
		m = append(m, c)
	}
	return m, unknown, nil
}

func twoColumns(a, b, key string) error {
	if a == b {
		return apiclient.FieldErrorf("file", "The column %s is there twice; keep one.", a)
	}
	return apiclient.FieldErrorf("file", "The columns %s and %s are both %s; leave one of them out with --ignore-columns.", a, b, key)
}

// Same returns the one key of those that mean the same part of an account.
func Same(key string) string {
	switch key {
	case "role":
		return "roles"
	case "username":
		return "user_login"
	}
	return key
}

// check refuses rules about what is not there.
func (r Rules) check(header []string) error {
	for h, key := range r.Named {
		if !slices.Contains(header, h) {
			return apiclient.FieldErrorf("map", "The file has no column %q; it has %s.", h, strings.Join(header, ", "))
		}
		if key != "" && !r.has(key) {
			return apiclient.FieldErrorf("map", "The site has no field %s; `umdeck fields list` shows those that it has.", key)
		}
	}
	for _, pattern := range r.Ignore {
		if _, err := path.Match(pattern, ""); err != nil && !slices.Contains(header, pattern) {
			return apiclient.FieldErrorf("ignore-columns", "%q is no header and no pattern; write it as meta_*.", pattern)
		}
		if !slices.ContainsFunc(header, func(h string) bool { return matches(pattern, h) }) {
			return apiclient.FieldErrorf("ignore-columns", "The file has no column %q; it has %s.", pattern, strings.Join(header, ", "))
		}
	}
	return nil
}

func (r Rules) has(key string) bool {
	return slices.Contains(r.Keys, key) || slices.ContainsFunc(r.Fields, func(f apiclient.Field) bool { return f.Key == key })
}

func matches(pattern, header string) bool {
	ok, err := path.Match(pattern, header)
	return pattern == header || err == nil && ok
}

// column finds out what one column is.
func (r Rules) column(h string) (c Column, known bool) {
	if key, named := r.Named[h]; named {
		return Column{h, key, "as --map says"}, true
	}
	if slices.ContainsFunc(r.Ignore, func(p string) bool { return matches(p, h) }) {
		return Column{h, "", "as --ignore-columns says"}, true
	}
	if r.has(h) {
		return Column{Header: h, Key: h}, true
	}
	name := plain(h)
	switch lower := strings.ToLower(h); {
	case r.has(name):
		return Column{h, name, "by its name"}, true
	case strings.HasSuffix(lower, "capabilities"):
		return Column{h, "roles", "as WordPress stores it"}, true
	case slices.ContainsFunc(leftOut, func(p string) bool { return matches(p, lower) }):
		return Column{h, "", "it means something to its own site alone"}, true
	}
	if key := aliases[name]; key != "" && r.has(key) {
		return Column{h, key, "by its name"}, true
	}
	if key, ok := r.labelled(name); ok {
		return Column{h, key, "by its label"}, true
	}
	return Column{Header: h}, false
}

// labelled returns the key of the one field that has the label.
func (r Rules) labelled(name string) (key string, ok bool) {
	for _, f := range r.Fields {
		if plain(f.Label) != name || f.ReadOnly {
			continue
		}
		if ok {
			return "", false // of two fields either could be meant
		}
		key, ok = f.Key, true
	}
	return key, ok
}

// plain returns a name in lower case with one _ for each run of what is no letter or
// digit: "E-Mail Address" and "email_address" are the same.
func plain(name string) string {
	name = strings.ReplaceAll(strings.ToLower(name), "e-mail", "email")
	return strings.Join(strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), "_")
}

// Each calls fn with each key that the row has a value for, in the order of the
// columns, until one fails.
func (m Mapping) Each(r Row, fn func(key string, v apiclient.Value) error) error {
	for i, c := range m {
		if c.Key == "" || i >= len(r.Cells) || blank(r.Cells[i]) {
			continue
		}
		if err := fn(c.Key, r.Cells[i]); err != nil {
			return err
		}
	}
	return nil
}

func blank(v apiclient.Value) bool {
	return v.List == nil && strings.TrimSpace(v.Text) == "" || v.Empty()
}
