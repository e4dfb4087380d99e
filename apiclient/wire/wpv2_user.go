package wire

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"umdeck/apiclient"
)

var (
	everywhere = []string{"embed", "view", "edit"}
	editing    = []string{"edit"}
)

// avatarSizes are the widths, in pixels, that WordPress gives avatars in.
var avatarSizes = []int{24, 48, 96}

// userFields are the fields of a user, in the order of WordPress's schema.
func userFields() []RestProperty {
	field := func(name, description string, context []string, s RestSchema) RestProperty {
		s.Description, s.Context = description, context
		if s.Types == nil {
			s.Types = text()
		}
		return RestProperty{name, s}
	}
	object, readOnly := []string{"object"}, RestSchema{ReadOnly: true}
	var avatars []RestProperty
	for _, size := range avatarSizes {
		avatars = append(avatars, field(strconv.Itoa(size), fmt.Sprintf("The picture, %d pixels wide.", size), everywhere, RestSchema{Format: "uri"}))
	}
	return []RestProperty{
		field("id", "Number of the user.", everywhere, RestSchema{Types: integer(), ReadOnly: true}),
		field("username", "Login.", editing, RestSchema{Required: true}),
		field("name", "Display name.", everywhere, RestSchema{}),
		field("first_name", "First name.", editing, RestSchema{}),
		field("last_name", "Last name.", editing, RestSchema{}),
		field("email", "E-mail address.", editing, RestSchema{Format: "email", Required: true}),
		field("url", "Website.", everywhere, RestSchema{Format: "uri"}),
		field("description", "Biography.", everywhere, RestSchema{}),
		field("link", "Page of the user.", everywhere, RestSchema{Format: "uri", ReadOnly: true}),
		field("locale", "Language.", editing, RestSchema{Enum: []string{"", locale}}),
		field("nickname", "Nickname.", editing, RestSchema{}),
		field("slug", "The user's part of addresses.", everywhere, RestSchema{}),
		field("registered_date", "When the account was made.", editing, RestSchema{Format: "date-time", ReadOnly: true}),
		field("roles", "Slugs of the user's roles.", editing, RestSchema{Types: []string{"array"}, Items: &RestSchema{Types: text()}}),
		field("password", "Password; never shown.", []string{}, RestSchema{Required: true}),
		field("capabilities", "What the user may do.", editing, RestSchema{Types: object, ReadOnly: true}),
		field("extra_capabilities", "What the user may do beyond the roles, and the roles.", editing, RestSchema{Types: object, ReadOnly: true}),
		field("avatar_urls", "Pictures by their width.", everywhere, RestSchema{Types: object, ReadOnly: readOnly.ReadOnly, Properties: avatars}),
		field("meta", "Further values.", []string{"view", "edit"}, RestSchema{Types: object, Properties: []RestProperty{preferences()}}),
	}
}

// preferences is the one value that core registers: the settings of its editor,
// of which umdeck has none.
func preferences() RestProperty {
	return RestProperty{"persisted_preferences", RestSchema{
		Types: []string{"object"}, Default: []any{}, Context: editing, Open: true,
		Properties: []RestProperty{{"_modified", RestSchema{Types: text(), Format: "date-time", Description: "When they were changed."}}},
	}}
}

// locale is the language of the site and so of its users.
const locale = "en_US"

func userSchema() RestObject { return itemSchema("user", userFields()) }

func itemSchema(title string, fields []RestProperty) RestObject {
	properties := RestObject{}
	for _, f := range fields {
		properties = append(properties, RestMember{f.Name, f.field()})
	}
	return RestObject{{"$schema", "http://json-schema.org/draft-04/schema#"}, {"title", title}, {"type", "object"}, {"properties", properties}}
}

// A RestView is what a caller may see of a user.
type RestView struct {
	Home    string           // of the site, without a slash at the end
	Context string           // view, embed or edit
	Fields  RestFields       // nil: all of the context
	Roles   bool             // the caller may see roles where the context shows them
	Allow   []string         // methods that the caller may use on the user; nil: nothing is said
	Known   []apiclient.Role // of the site
}

// User returns the item of a user with its fields filled in.
func (v RestView) User(u apiclient.User) RestObject {
	row := wordPressUserOf(u)
	values := map[string]any{
		"id": row.ID, "username": row.Username, "name": row.Name, "first_name": row.FirstName, "last_name": row.LastName,
		"email": row.Email, "url": row.URL, "description": row.Description, "link": v.Home + "/author/" + row.Slug + "/",
		"locale": locale, "nickname": row.Nickname, "slug": row.Slug, "roles": []string(row.Roles),
		"registered_date": row.Registered, "avatar_urls": avatars(u.Email), "meta": RestObject{},
	}
	if v.Context == "edit" {
		values["capabilities"], values["extra_capabilities"] = v.capabilities(u)
		values["meta"] = RestObject{{"persisted_preferences", RestObject{}}}
	}
	item := RestObject{}
	for _, name := range userOrder {
		if slices.Contains(v.shown(name), v.Context) && v.Fields.Includes(name) && (name != "roles" || v.Roles) {
			item = append(item, RestMember{name, values[name]})
		}
	}
	return item
}

// userOrder is the order in which WordPress writes the fields.
var userOrder = []string{
	"id", "username", "name", "first_name", "last_name", "email", "url", "description", "link", "locale", "nickname", "slug", "roles",
	"registered_date", "capabilities", "extra_capabilities", "avatar_urls", "meta",
}

// shown returns the contexts that a field is shown in.
func (v RestView) shown(name string) []string {
	switch name {
	case "id", "name", "url", "description", "link", "slug", "avatar_urls":
		return everywhere
	case "meta":
		return []string{"view", "edit"}
	}
	return editing
}

// Links returns the links of a user, in which newer WordPress says what the caller
// may do with the user.
func (v RestView) Links(u apiclient.User) RestObject {
	users := v.Home + RestRoot + "/" + RestNamespace + "/users"
	self := RestObject{{"href", users + "/" + strconv.FormatInt(int64(u.ID), 10)}}
	if v.Allow != nil {
		self = append(self, RestMember{"targetHints", RestObject{{"allow", v.Allow}}})
	}
	return RestObject{{"self", []RestObject{self}}, {"collection", []RestObject{{{"href", users}}}}}
}

// capabilities are those of all roles and the roles themselves, and the roles alone.
func (v RestView) capabilities(u apiclient.User) (all, extra map[string]bool) {
	all, extra = map[string]bool{}, map[string]bool{}
	for _, slug := range u.Roles {
		all[string(slug)], extra[string(slug)] = true, true
		for _, role := range v.Known {
			if role.Slug != slug {
				continue
			}
			for _, c := range role.Capabilities {
				all[c] = true
			}
		}
	}
	return all, extra
}

// avatars are addresses at Gravatar, as WordPress 7 makes them.
func avatars(email string) RestObject {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.TrimSpace(email))))
	o := RestObject{}
	for _, size := range avatarSizes {
		o = append(o, RestMember{strconv.Itoa(size), fmt.Sprintf("https://secure.gravatar.com/avatar/%s?s=%d&d=mm&r=g", hex.EncodeToString(sum[:]), size)})
	}
	return o
}

// wordPressUserOf is the twin of [WordPressUser.User].
func wordPressUserOf(u apiclient.User) WordPressUser {
	nickname := u.Fields["nickname"].String()
	if nickname == "" {
		nickname = u.Login
	}
	row := WordPressUser{
		ID: int64(u.ID), Username: u.Login, Name: RestHTML(u.Name()), Email: u.Email, URL: RestHTML(u.URL), Slug: u.Nicename,
		FirstName: RestHTML(u.Fields["first_name"].String()), LastName: RestHTML(u.Fields["last_name"].String()), Nickname: RestHTML(nickname),
		Description: RestHTML(u.Fields["description"].String()), Roles: PHPList{}, Registered: u.Registered.UTC().Format("2006-01-02T15:04:05-07:00"),
	}
	for _, r := range u.Roles {
		row.Roles = append(row.Roles, string(r))
	}
	return row
}

// passwordFields are the fields of an application password.
func passwordFields() []RestProperty {
	field := func(name, description string, context []string, s RestSchema) RestProperty {
		s.Description, s.Context = description, context
		if s.Types == nil {
			s.Types = text()
		}
		return RestProperty{name, s}
	}
	all, known := []string{"view", "edit", "embed"}, []string{"view", "edit"}
	orNull := []string{"string", "null"}
	return []RestProperty{
		field("uuid", "Identifies the password.", all, RestSchema{Format: "uuid", ReadOnly: true}),
		field("app_id", "Identifies the application that uses it.", all, RestSchema{Format: "uuid"}),
		field("name", "What the password is called.", all, RestSchema{Required: true, MinLength: 1, Pattern: `.*\S.*`}),
		field("password", "The password itself, in the answer that made it.", editing, RestSchema{ReadOnly: true}),
		field("created", "When it was made, in UTC.", known, RestSchema{Format: "date-time", ReadOnly: true}),
		field("last_used", "When it was used last, in UTC.", known, RestSchema{Types: orNull, Format: "date-time", ReadOnly: true}),
		field("last_ip", "The address that used it last.", known, RestSchema{Types: orNull, Format: "ip", ReadOnly: true}),
	}
}

func passwordSchema() RestObject { return itemSchema("application-password", passwordFields()) }

// Password returns the item of an application password; its text is there only when
// it was just made.
func (v RestView) Password(p apiclient.Password, text apiclient.Secret) RestObject {
	item := RestObject{{"uuid", p.UUID}, {"app_id", ""}, {"name", p.Name}}
	if v.Context != "embed" {
		item = append(item, RestMember{"created", restTime(p.Created)}, RestMember{"last_used", restTime(p.LastUsed)}, RestMember{"last_ip", nil})
	}
	if !text.IsZero() {
		item = append(item, RestMember{"password", text.Reveal()})
	}
	return item
}

// PasswordLinks returns the links of an application password.
func (v RestView) PasswordLinks(p apiclient.Password) RestObject {
	return RestObject{{"self", []RestObject{{{"href", v.PasswordURL(p)}}}}}
}

// PasswordURL is the address of an application password.
func (v RestView) PasswordURL(p apiclient.Password) string {
	return fmt.Sprintf("%s%s/%s/users/%d/application-passwords/%s", v.Home, RestRoot, RestNamespace, p.User, p.UUID)
}

// restTime writes a time without its zone, UTC; nil for none.
func restTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05")
}
