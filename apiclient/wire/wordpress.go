package wire

import (
	"bytes"
	"encoding/json"
	"html"
	"slices"
	"strings"
	"time"

	"umdeck/apiclient"
)

// This file holds what WordPress core's REST API looks like to a client, seen on
// WordPress 6.1 and 7.1. Members that umdeck has no use for are left out, and a
// plugin may add others.
//
// PHP has one array type for lists and maps, so an empty map comes as [] and a
// list with gaps as an object; [PHPMap] and [PHPList] take both. Names come as
// HTML ("A &amp; B" is stored and sent even in context=edit): the methods that
// return apiclient's types decode them once.

// A PHPMap is a JSON object, or [] where it is empty.
type PHPMap map[string]json.RawMessage

// UnmarshalJSON takes an object, an empty list, or null.
func (m *PHPMap) UnmarshalJSON(data []byte) error {
	if d := bytes.TrimSpace(data); bytes.Equal(d, []byte("[]")) || bytes.Equal(d, []byte("null")) {
		*m = nil
		return nil
	}
	return json.Unmarshal(data, (*map[string]json.RawMessage)(m))
}

// Has reports whether the map holds something that PHP takes for true.
func (m PHPMap) Has(key string) bool {
	switch string(m[key]) {
	case "", "false", "0", `""`, `"0"`, "null", "[]":
		return false
	}
	return true
}

// A PHPList is a JSON list of texts, or an object whose values are taken in order.
type PHPList []string

// UnmarshalJSON takes a list, an object or null; numbers and booleans become texts.
func (l *PHPList) UnmarshalJSON(data []byte) error {
	members, err := orderedMembers(data)
	if err != nil {
		return err
	}
	*l = make(PHPList, 0, len(members))
	for _, m := range members {
		*l = append(*l, phpText(m.Value))
	}
	return nil
}

// A WordPressIndex is the answer of GET /wp-json/.
type WordPressIndex struct {
	Name           string  `json:"name"`
	URL            string  `json:"url"`  // where WordPress is
	Home           string  `json:"home"` // where the site is: the base of /?action=
	Namespaces     PHPList `json:"namespaces"`
	Authentication PHPMap  `json:"authentication"`
}

// SiteName returns the name as text.
func (i WordPressIndex) SiteName() string { return html.UnescapeString(i.Name) }

// HasNamespace reports whether the site offers the namespace, such as "wp/v2".
func (i WordPressIndex) HasNamespace(name string) bool { return slices.Contains(i.Namespaces, name) }

// PasswordsAt returns the page where application passwords are made; empty: the
// site has switched them off.
func (i WordPressIndex) PasswordsAt() string {
	var p struct {
		Endpoints struct {
			Authorization string `json:"authorization"`
		} `json:"endpoints"`
	}
	if json.Unmarshal(i.Authentication["application-passwords"], &p) != nil {
		return "" // another shape says as little as none
	}
	return p.Endpoints.Authorization
}

// WordPressUserFields is the _fields parameter for what [WordPressUser] holds,
// capabilities apart, which are 2 KB for an administrator.
const WordPressUserFields = "id,username,name,first_name,last_name,nickname,description,email,url,slug,roles,registered_date,meta"

// A WordPressUser is an item of /wp-json/wp/v2/users with context=edit.
type WordPressUser struct {
	ID           int64   `json:"id"`
	Username     string  `json:"username"`
	Name         string  `json:"name"`
	FirstName    string  `json:"first_name"`
	LastName     string  `json:"last_name"`
	Nickname     string  `json:"nickname"`
	Description  string  `json:"description"`
	Email        string  `json:"email"`
	URL          string  `json:"url"`
	Slug         string  `json:"slug"`
	Roles        PHPList `json:"roles"`
	Registered   string  `json:"registered_date"`
	Capabilities PHPMap  `json:"capabilities"`
	Meta         PHPMap  `json:"meta"`
}

// ShowsStatus reports whether the site's REST API shows the account status: its
// owner has registered the meta key, which Ultimate Member does not.
func (u WordPressUser) ShowsStatus() bool {
	_, ok := u.Meta["account_status"]
	return ok
}

// User returns the account. Its status is StatusUnknown unless the site shows it.
func (u WordPressUser) User(withFields bool) (apiclient.User, error) {
	if u.ID <= 0 || u.Username == "" {
		return apiclient.User{}, apiclient.Errorf(apiclient.Unavailable, "The site sent a user without an id or a login; the credentials may not be allowed to edit users.")
	}
	registered, err := time.Parse(time.RFC3339, u.Registered)
	if err != nil && u.Registered != "" {
		return apiclient.User{}, &apiclient.Error{Kind: apiclient.Unavailable, Message: "The site sent a registration date that is no date.", Err: err}
	}
	user := apiclient.User{
		ID: apiclient.UserID(u.ID), Login: u.Username, Email: html.UnescapeString(u.Email), DisplayName: html.UnescapeString(u.Name), Nicename: u.Slug,
		URL: html.UnescapeString(u.URL), Status: apiclient.StatusUnknown, Registered: registered.UTC(),
	}
	for _, r := range u.Roles {
		user.Roles = append(user.Roles, apiclient.RoleSlug(r))
	}
	if raw, ok := u.Meta["account_status"]; ok {
		user.Status = apiclient.Status(phpText(raw))
	}
	if withFields {
		user.Fields = map[string]apiclient.Value{
			"first_name": apiclient.Text(html.UnescapeString(u.FirstName)), "last_name": apiclient.Text(html.UnescapeString(u.LastName)),
			"nickname": apiclient.Text(html.UnescapeString(u.Nickname)), "description": apiclient.Text(html.UnescapeString(u.Description)),
		}
	}
	return user, nil
}

// A WordPressError is the body of a REST error.
type WordPressError struct {
	Code    string `json:"code"`
	Message string `json:"message"` // may hold HTML
	Data    PHPMap `json:"data"`
}

// ReadWordPressError decodes an error body; ok is false for anything else.
func ReadWordPressError(data []byte) (e WordPressError, ok bool) {
	if json.Unmarshal(data, &e) != nil || e.Code == "" {
		return WordPressError{}, false
	}
	return e, true
}

// Details returns what WordPress says of single parameters, by their names; nil
// where it says nothing.
func (e WordPressError) Details() map[string]string {
	var params PHPMap
	if params.UnmarshalJSON(e.Data["params"]) != nil {
		return nil // a list of names: the message has them
	}
	out := map[string]string{}
	for name, raw := range params {
		out[name] = plainText(phpText(raw))
	}
	return out
}

// Text returns the message without HTML.
func (e WordPressError) Text() string { return plainText(e.Message) }

func plainText(text string) string {
	for {
		open := strings.IndexByte(text, '<')
		if open < 0 {
			break
		}
		end := strings.IndexByte(text[open:], '>')
		if end < 0 {
			break
		}
		text = text[:open] + text[open+end+1:]
	}
	return strings.TrimSpace(html.UnescapeString(text))
}

// A WordPressPassword is an application password. Password is set only in the
// answer that made it.
type WordPressPassword struct {
	UUID     string  `json:"uuid"`
	Name     string  `json:"name"`
	Created  string  `json:"created"` // UTC without a zone
	LastUsed *string `json:"last_used"`
	Password string  `json:"password"`
}

// ApplicationPassword returns the password without its text.
func (p WordPressPassword) ApplicationPassword(user apiclient.UserID, login string) apiclient.Password {
	out := apiclient.Password{UUID: p.UUID, User: user, Login: login, Name: html.UnescapeString(p.Name), Created: wordPressTime(p.Created)}
	if p.LastUsed != nil {
		out.LastUsed = wordPressTime(*p.LastUsed)
	}
	return out
}

// wordPressTime reads a UTC time that has no zone; another text is no time.
func wordPressTime(s string) time.Time {
	t, err := time.Parse("2006-01-02T15:04:05", s)
	if err != nil {
		return time.Time{}
	}
	return t
}

// A WordPressPlugin is an item of /wp-json/wp/v2/plugins, which administrators may read.
type WordPressPlugin struct {
	Plugin  string `json:"plugin"` // such as "ultimate-member/ultimate-member"
	Status  string `json:"status"`
	Version string `json:"version"`
}
