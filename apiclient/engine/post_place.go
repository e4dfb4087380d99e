package engine

import (
	"strings"

	"umdeck/apiclient"
)

// placeholders returns what the placeholders of a posting stand for.
func (e *Engine) placeholders(o apiclient.Options, m posting) func(name string) (string, bool) {
	return func(name string) (string, bool) {
		if v, ok := m.Data[name]; ok {
			return v, true
		}
		if key, ok := strings.CutPrefix(name, "usermeta:"); ok {
			return e.usermeta(m.User, key)
		}
		if v, ok := userPlace(m.User, name); ok {
			return v, true
		}
		return e.sitePlace(o, m.User, name)
	}
}

func userPlace(u apiclient.User, name string) (string, bool) {
	switch name {
	case "display_name":
		return u.Name(), true
	case "first_name", "last_name", "gender":
		return u.Fields[name].String(), true
	case "username":
		return u.Login, true
	case "email":
		return u.Email, true
	case "password":
		return "Your set password", true // Ultimate Member's words: no password is ever mailed
	}
	return "", false
}

func (e *Engine) sitePlace(o apiclient.Options, u apiclient.User, name string) (string, bool) {
	switch name {
	case "site_name":
		return o.Text("blogname"), true
	case "site_url":
		return e.siteURL(), true
	case "user_account_link":
		return e.siteURL() + apiclient.PathAccount, true
	case "user_profile_link":
		return e.siteURL() + apiclient.PathProfile + "/" + strings.ToLower(u.Login), true
	case "login_url":
		return e.siteURL() + apiclient.PathLogin, true
	case "admin_email":
		return addresses(o.Text("admin_email"))[0], true
	}
	return "", false
}

// usermeta is {usermeta:KEY}: what is stored under the key, lists joined by commas.
// What is hidden stays a placeholder.
func (e *Engine) usermeta(u apiclient.User, key string) (string, bool) {
	if !apiclient.MetaAllowed(key) || e.known[key].Secret {
		return "", false
	}
	v := u.Value(key)
	if v.List != nil {
		return strings.Join(v.List, ", "), true
	}
	return v.Text, true
}
