package apiclient

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// RoleSettings is what Ultimate Member lets a role do, and where it sends its
// members. Of the roles of a user those of the effective one apply. The zero value
// is what a new role starts with, where the choices are filled in.
type RoleSettings struct {
	AccessWPAdmin        bool       // can_access_wpadmin
	ShowAdminBar         bool       // the opposite of can_not_see_adminbar
	EditEveryone         bool       // can_edit_everyone: the profiles of other members
	EditRoles            []RoleSlug // can_edit_roles: of these members alone; empty: of all
	DeleteEveryone       bool       // can_delete_everyone: the accounts of other members
	DeleteRoles          []RoleSlug // can_delete_roles; empty: of all
	EditProfile          bool       // can_edit_profile: their own
	DeleteProfile        bool       // can_delete_profile: their own account
	ViewAll              bool       // can_view_all: the profiles of other members
	ViewRoles            []RoleSlug // can_view_roles; empty: of all
	MakePrivateProfile   bool       // can_make_private_profile
	AccessPrivateProfile bool       // can_access_private_profile
	ProfileNoindex       string     // profile_noindex: "1" or "0"; empty: as the site's setting says
	HideHomepage         bool       // the opposite of default_homepage
	RedirectHomepage     string     // redirect_homepage: where to, with HideHomepage

	AutoApproveAct     RoleNext // auto_approve_act: RedirectProfile or RedirectURL
	AutoApproveURL     string   // auto_approve_url
	CheckmailAction    RoleNext // checkmail_action: ShowMessage or RedirectURL
	CheckmailMessage   string   // checkmail_message; empty: see CheckmailText
	CheckmailURL       string   // checkmail_url
	LoginEmailActivate bool     // login_email_activate: the activation link logs in
	URLEmailActivate   string   // url_email_activate: where the activation link leads; empty: the login page
	PendingAction      RoleNext // pending_action: ShowMessage or RedirectURL
	PendingMessage     string   // pending_message; empty: see PendingText
	PendingURL         string   // pending_url

	AfterLogin        RoleNext // after_login: RedirectProfile, RedirectURL, RefreshPage or RedirectAdmin
	LoginRedirectURL  string   // login_redirect_url
	AfterLogout       RoleNext // after_logout: RedirectHome or RedirectURL
	LogoutRedirectURL string   // logout_redirect_url
	AfterDelete       RoleNext // after_delete: RedirectHome or RedirectURL
	DeleteRedirectURL string   // delete_redirect_url
}

// RoleNext is what a member sees after something was done, in Ultimate Member's words.
type RoleNext string

// What a member can see next.
const (
	RedirectProfile RoleNext = "redirect_profile" // the member's own profile
	RedirectURL     RoleNext = "redirect_url"     // the address that the setting beside it has
	RedirectHome    RoleNext = "redirect_home"    // the home page
	RedirectAdmin   RoleNext = "redirect_admin"   // WordPress's administration
	RefreshPage     RoleNext = "refresh"          // the page that they were on
	ShowMessage     RoleNext = "show_message"     // a sentence
)

// CheckmailText returns what someone reads who has registered and must open the
// link in the activation e-mail.
func (s RoleSettings) CheckmailText() string {
	if s.CheckmailMessage != "" {
		return s.CheckmailMessage
	}
	return "Thank you for registering. Before you can log in, open the link in the e-mail that was just sent to you."
}

// PendingText returns what someone reads who has registered and waits for review.
func (s RoleSettings) PendingText() string {
	if s.PendingMessage != "" {
		return s.PendingMessage
	}
	return "Thank you for applying for membership. Your details will be reviewed, and an e-mail will tell you the outcome."
}

// May reports whether a list of roles such as EditRoles lets a member with the
// roles through: an empty list lets everyone through.
func May(list, roles []RoleSlug) bool {
	return len(list) == 0 || slices.ContainsFunc(roles, func(r RoleSlug) bool { return slices.Contains(list, r) })
}

// Named returns the keys of the settings that name the role.
func (s RoleSettings) Named(slug RoleSlug) []string {
	var keys []string
	for _, d := range roleSettings {
		if list, ok := d.of(&s).(*[]RoleSlug); ok && slices.Contains(*list, slug) {
			keys = append(keys, d.Key)
		}
	}
	return keys
}

// RoleSettingKind says what a setting of a role holds.
type RoleSettingKind string

// The kinds of setting.
const (
	RoleBool   RoleSettingKind = "bool"   // "1" or "0"
	RoleChoice RoleSettingKind = "choice" // the value of one of Choices
	RoleText   RoleSettingKind = "text"   // text of several lines
	RoleURL    RoleSettingKind = "url"    // http, https, or a path of the site; may be empty
	RoleList   RoleSettingKind = "roles"  // slugs of roles
)

// A RoleSetting describes one of the settings.
type RoleSetting struct {
	Key     string // Ultimate Member's, without _um_
	Group   string
	Label   string
	Kind    RoleSettingKind
	Choices []Choice // of RoleChoice; the first is what a new role has

	of       func(*RoleSettings) any // a pointer to its place
	opposite bool                    // the place holds the opposite
}

// RoleSettingCatalogue returns the settings in the order of Ultimate Member's
// role editor.
func RoleSettingCatalogue() []RoleSetting { return slices.Clone(roleSettings) }

// Value returns the setting of that key: a list for RoleList, else a text. It is
// empty for a key that no setting has.
func (s RoleSettings) Value(key string) Value {
	d, ok := roleSettingOf(key)
	if !ok {
		return Value{}
	}
	switch p := d.of(&s).(type) {
	case *bool:
		if *p != d.opposite {
			return Text("1")
		}
		return Text("0")
	case *[]RoleSlug:
		list := []string{}
		for _, r := range *p {
			list = append(list, string(r))
		}
		return List(list...)
	case *RoleNext:
		return Text(string(*p))
	case *string:
		return Text(*p)
	}
	panic("apiclient: a setting of a role has a place of no known type: " + key)
}

// Values returns all the settings by their keys.
func (s RoleSettings) Values() map[string]Value {
	m := make(map[string]Value, len(roleSettings))
	for _, d := range roleSettings {
		m[d.Key] = s.Value(d.Key)
	}
	return m
}

// Set changes the setting of that key. A bool may be 1, yes, true or on, and 0, no,
// false, off or empty; a list of roles may be a text with commas. It fails with
// Invalid, Field being the key.
func (s *RoleSettings) Set(key string, v Value) error {
	d, ok := roleSettingOf(key)
	if !ok {
		return FieldErrorf(key, "Roles have no setting %s; see the list of settings, such as can_edit_profile.", quote(key))
	}
	if d.Kind == RoleList {
		*d.of(s).(*[]RoleSlug) = slugsOf(v)
		return nil
	}
	if v.List != nil {
		return FieldErrorf(key, "%s (%s) takes one value, not a list.", d.Label, key)
	}
	switch p := d.of(s).(type) {
	case *bool:
		on, err := d.parseBool(v.Text)
		if err != nil {
			return err
		}
		*p = on != d.opposite
	case *RoleNext:
		*p = RoleNext(v.Text)
	case *string:
		*p = v.Text
	}
	return d.check(s)
}

func slugsOf(v Value) []RoleSlug {
	texts := v.List
	if texts == nil {
		texts = strings.Split(v.Text, ",")
	}
	var list []RoleSlug
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" {
			list = append(list, RoleSlug(t))
		}
	}
	return someSlugs(list)
}

// someSlugs returns the slugs sorted, each once; nil for none.
func someSlugs(list []RoleSlug) []RoleSlug {
	if len(list) == 0 {
		return nil
	}
	return sortedOnce(list)
}

func (d RoleSetting) parseBool(text string) (bool, error) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "1", "yes", "true", "on":
		return true, nil
	case "0", "no", "false", "off", "":
		return false, nil
	}
	return false, FieldErrorf(d.Key, "%s (%s) is yes or no, not %s.", d.Label, d.Key, quote(text))
}

// check trims and fills in what the place holds, and refuses what cannot stand there.
func (d RoleSetting) check(s *RoleSettings) error {
	switch d.Kind {
	case RoleBool:
	case RoleList:
		p := d.of(s).(*[]RoleSlug)
		*p = someSlugs(*p)
	case RoleChoice:
		return d.checkChoice(s)
	case RoleURL:
		p := d.of(s).(*string)
		*p = strings.TrimSpace(*p)
		return checkRedirect(d, *p)
	case RoleText:
		p := d.of(s).(*string)
		*p = strings.TrimSpace(strings.ReplaceAll(*p, "\r\n", "\n"))
		return checkMessage(d, *p)
	}
	return nil
}

func (d RoleSetting) checkChoice(s *RoleSettings) error {
	text := ""
	switch p := d.of(s).(type) {
	case *RoleNext:
		if *p == "" {
			*p = RoleNext(d.Choices[0].Value)
		}
		text = string(*p)
	case *string:
		text = *p
	}
	var values []string
	for _, c := range d.Choices {
		if c.Value == text {
			return nil
		}
		if c.Value != "" {
			values = append(values, c.Value)
		}
	}
	return FieldErrorf(d.Key, "%s is no value of %s; use one of %s.", quote(text), d.Key, strings.Join(values, ", "))
}

// maxRoleText is how many bytes a message or an address of a role may have.
const maxRoleText = 2000

// checkRedirect keeps a browser from being sent to another scheme.
func checkRedirect(d RoleSetting, text string) error {
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	onSite := err == nil && u.Scheme == "" && u.Host == "" && strings.HasPrefix(text, "/") && !strings.ContainsRune(text, '\\')
	full := err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil
	if len(text) > maxRoleText || strings.ContainsFunc(text, unicode.IsSpace) || !onSite && !full {
		return FieldErrorf(d.Key, "%s (%s) is no address of a page; write it as https://example.com/page or as a path of the site such as /welcome.", d.Label, d.Key)
	}
	return CheckName(d.Key, d.Label, text)
}

func checkMessage(d RoleSetting, text string) error {
	switch {
	case len(text) > maxRoleText:
		return FieldErrorf(d.Key, "%s (%s) is %d bytes long; use at most %d.", d.Label, d.Key, len(text), maxRoleText)
	case !utf8.ValidString(text):
		return FieldErrorf(d.Key, "%s (%s) is not valid UTF-8; write it in that encoding.", d.Label, d.Key)
	}
	return CheckName(d.Key, d.Label, strings.ReplaceAll(text, "\n", " "))
}

// normal returns the settings as they are stored.
func (s RoleSettings) normal() (RoleSettings, error) {
	s = s.clone()
	for _, d := range roleSettings {
		if err := d.check(&s); err != nil {
			return s, err
		}
	}
	return s, nil
}

// clone returns settings that share no list with s.
func (s RoleSettings) clone() RoleSettings {
	s.EditRoles, s.DeleteRoles, s.ViewRoles = slices.Clone(s.EditRoles), slices.Clone(s.DeleteRoles), slices.Clone(s.ViewRoles)
	return s
}

func roleSettingOf(key string) (RoleSetting, bool) {
	i := slices.IndexFunc(roleSettings, func(d RoleSetting) bool { return d.Key == key })
	if i < 0 {
		return RoleSetting{}, false
	}
	return roleSettings[i], true
}
