package apiclient

import (
	"strings"
	"unicode/utf8"
)

// maxDisplayName is how many characters WordPress's column for display names has.
const maxDisplayName = 250

// DisplayName returns what a user is called by the setting display_name, as it is written
// on registration and whenever a profile or the account page is saved (Ultimate Member
// 2.13, includes/core/um-actions-save-profile.php). was is the user before the change, and
// zero for a new one. Where the setting leaves nothing, the login stands in: Ultimate
// Member would store the empty name and put the login there on every page. An initial is
// the first character, whatever its bytes.
func (o Options) DisplayName(was, is User) string {
	first, last := is.Value("first_name").String(), is.Value("last_name").String()
	name := ""
	switch o.Text("display_name") {
	case "full_name":
		name = first + " " + last
	case "sur_name":
		name = last + " " + first
	case "initial_name":
		name = first + " " + initial(last)
	case "initial_name_f":
		name = initial(first) + " " + last
	case "first_name":
		name = first
	case "nickname":
		name = is.Value("nickname").String()
	case "username":
		name = is.Login
	case "field":
		name = o.fieldsOf(is)
	default:
		name = ordinaryName(was, is)
	}
	name = strings.Join(strings.Fields(name), " ")
	if utf8.RuneCountInString(name) > maxDisplayName {
		name = strings.TrimSpace(string([]rune(name)[:maxDisplayName]))
	}
	if name == "" {
		return is.Login
	}
	return name
}

func initial(name string) string {
	r, size := utf8.DecodeRuneInString(strings.TrimSpace(name))
	if size == 0 {
		return ""
	}
	return string(r)
}

// fieldsOf joins the answers to the fields that display_name_field names.
func (o Options) fieldsOf(u User) string {
	var parts []string
	for _, key := range strings.FieldsFunc(o.Text("display_name_field"), func(r rune) bool { return r == ',' || r == ' ' }) {
		if key == "display_name" || key == "full_name" {
			continue
		}
		v := u.Value(key)
		if v.List != nil {
			v = Text(strings.Join(v.List, ","))
		}
		parts = append(parts, v.Text)
	}
	return strings.Join(parts, " ")
}

// ordinaryName is WordPress's own display name: of a new user the names, or one of them,
// or the login; of another one it stays, with names that are changed replaced in it.
func ordinaryName(was, is User) string {
	if was.ID == 0 {
		if is.DisplayName != "" {
			return is.DisplayName
		}
		return is.Value("first_name").String() + " " + is.Value("last_name").String()
	}
	name := is.DisplayName
	for _, key := range []string{"first_name", "last_name", "nickname"} {
		if old := was.Value(key).String(); old != "" {
			name = strings.Replace(name, old, is.Value(key).String(), 1)
		}
	}
	return name
}
