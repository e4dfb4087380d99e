package apiclient

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Fields reads and changes the field catalogue: Ultimate Member's predefined
// fields and the site's own.
type Fields interface {
	// Fields returns the catalogue: the predefined fields, then the site's own, each by key.
	Fields(ctx context.Context) ([]Field, error)
	// CreateField adds a field of the site's own. Its key is Conflict when the
	// catalogue has it, and Invalid when Ultimate Member bars it.
	CreateField(ctx context.Context, f Field) (Field, error)
	// UpdateField changes what u names; the key, the type and the source stay. The
	// copies of forms stay as they are. A predefined field becomes one of the site's
	// own of the same key, which goes before it; one that is part of the account, a
	// secret or read-only is Conflict.
	UpdateField(ctx context.Context, key string, u FieldUpdate) (Field, error)
	// DeleteField removes a field of the site's own from the catalogue, from zaps and
	// from forms; what users have stored under it stays. A predefined one is Conflict,
	// and one that the site has changed is again as it was.
	DeleteField(ctx context.Context, key string) error
}

// A FieldUpdate says what to change of a field; what is nil stays as it is.
type FieldUpdate struct {
	Label      *string
	Choices    []Choice          // not nil: all of them
	Attributes map[string]string // by Ultimate Member's names, such as "min_chars"; an empty value unsets one
}

// IsZero reports whether u changes nothing.
func (u FieldUpdate) IsZero() bool {
	return u.Label == nil && u.Choices == nil && len(u.Attributes) == 0
}

// Apply returns f as u changes it, or an Error of kind Invalid that says why it cannot
// be so.
func (u FieldUpdate) Apply(f Field) (Field, error) {
	if u.Label != nil {
		f.Label = strings.TrimSpace(*u.Label)
	}
	if u.Choices != nil {
		f.Choices = slices.Clone(u.Choices)
		if len(f.Choices) == 0 {
			f.Choices = nil
		}
	}
	for _, name := range slices.Sorted(maps.Keys(u.Attributes)) {
		if err := f.SetAttribute(name, u.Attributes[name]); err != nil {
			return f, err
		}
	}
	return f, f.CheckNew()
}

// A Field is an entry of the catalogue: a question that members answer, or a piece
// of a form that holds no answer ([CoreType.Holds]). A form keeps a copy of its own,
// which may differ.
//
// Members that are not about the field's type mean nothing. Limits are inclusive;
// 0 is no limit. The names of Ultimate Member's attributes are in brackets where they
// differ; the wire form um_fields has them all.
type Field struct {
	Key      string // metakey: what answers are stored under; never changes
	Label    string
	Type     FieldType // what the API calls it; empty for a piece of a form that holds no answer
	Core     CoreType  // Ultimate Member's own type; empty: the one that Type stands for, [FieldType.Core]
	Required bool
	Choices  []Choice // (options) of select, radio, checkbox and multiselect, in order; countries have theirs by themselves
	Validate string   // Ultimate Member's name of a further rule, such as "unique_email" or "phone_number"; empty: none
	Source   FieldSource
	Secret   bool // never read, never sent: user_password
	ReadOnly bool // (edit_forbidden) never written by forms or the API: user_registered, _um_last_login

	// What people see.
	Title       string // for administrators, and in messages; empty: the label
	Placeholder string
	Help        string
	Icon        string // name of a Font Awesome icon, such as "fas fa-phone"
	Default     string // what a form starts with, or a label to be chosen; date and time take words such as "today"

	// Who sees it and who may change it.
	Locked      bool        // (editable = 0) only administrators change it, once there is an account
	Visibility  Visibility  // empty: on profiles and on the forms that edit them
	Privacy     Privacy     // (public) zero: everyone
	Roles       []RoleSlug  // of PrivacyRoles and PrivacyOwnerRoles; nil: every role
	Conditions  []Condition // (conditions) what hides it on a form; at most [MaxConditions]
	AccountOnly bool        // asked on the account page alone
	Private     bool        // (private_use) not offered to the builder of forms
	NeedsPerm   string      // (required_perm) permission that the member's role must give, such as can_make_private_profile
	NeedsOption string      // (required_opt) setting that must be on, such as members_page

	// What an answer must be.
	CustomValidate string // (custom_validate) name of the site's own rule; it checks nothing here
	Min, Max       *int   // bounds of a number; nil: none
	MinChars       int
	MaxChars       int
	MaxWords       int
	MinSelections  int // of a multiselect
	MaxSelections  int // of a multiselect or a checkbox
	HTML           bool
	Height         string      // of a textarea, such as "100px"
	OptionsSource  string      // (custom_dropdown_options_source) callback that gives the options; values are stored then
	Parent         string      // (parent_dropdown_relationship) select whose answer decides the options
	Stars          int         // (number) of a rating: 5 or 10; 0: 5
	Upload         UploadRules // image and file
	Dates          DateRules   // date
	Format         string      // of a date or a time, as PHP's date() writes it: "j M Y", "g:i a", "g:i A", "H:i"; empty: the site's
	Intervals      int         // of a time: minutes from one offered time to the next; 0: 60
	Password       Strength    // password
	Link           Link        // url, and text that is shown as a link
	Piece          Piece       // what holds no answer
}

// FieldSource says where a definition comes from.
type FieldSource string

// The sources of a field.
const (
	FieldPredefined FieldSource = "predefined" // Ultimate Member's code
	FieldCustom     FieldSource = "custom"     // the site's option um_fields
)

// A Choice is an answer that a field offers. Ultimate Member stores the label,
// and the value only where the options come from a callback.
type Choice struct {
	Value string
	Label string
}

// Choices returns choices whose values are the labels themselves.
func Choices(labels ...string) []Choice {
	list := make([]Choice, len(labels))
	for i, l := range labels {
		list[i] = Choice{l, l}
	}
	return list
}

// OptionSources are the callbacks that umdeck knows by name: what stands in
// OptionsSource and is none of them is a function of a WordPress site, and the field
// offers its own choices. The roles are the site's, which fills them in.
func OptionSources() []string { return []string{"countries", "languages", "roles"} }

// Options returns the choices that the field offers: those of its source where it is
// one of [OptionSources], else its own.
func (f Field) Options() []Choice {
	switch {
	case f.Type == FieldCountry || f.OptionsSource == "countries":
		return Countries()
	case f.OptionsSource == "languages":
		return languages()
	}
	return f.Choices
}

// OptionsUnder returns the choices that a select with a Parent offers where the
// parent's answer is parent: those whose value begins with the answer and a slash, as
// "Spain/Madrid", and those whose value has no slash. Without a Parent they are all.
func (f Field) OptionsUnder(parent string) []Choice {
	all := f.Options()
	if f.Parent == "" {
		return all
	}
	var list []Choice
	for _, c := range all {
		if above, _, nested := strings.Cut(c.Value, "/"); !nested || above == parent {
			list = append(list, c)
		}
	}
	return list
}

// Relabelled returns choices of these labels, in order; never nil. A label that the field
// offers keeps its value.
func (f Field) Relabelled(labels []string) []Choice {
	list := []Choice{}
	for _, label := range labels {
		c := Choice{label, label}
		if i := slices.IndexFunc(f.Choices, func(c Choice) bool { return c.Label == label }); i >= 0 {
			c = f.Choices[i]
		}
		if above, below, ok := strings.Cut(label, "/"); ok && f.Parent != "" && above != "" && below != "" {
			c = Choice{label, below} // "Spain/Madrid", see OptionsUnder
		}
		list = append(list, c)
	}
	return list
}

// IsList reports whether um_get_fields says list: true: Zapier then sends and
// expects several values.
func (f Field) IsList() bool {
	return f.Type == FieldMultiselect || f.Type == FieldCheckbox && len(f.Choices) > 1
}

// ZapierType returns the type that um_get_fields gives: that of the field's type,
// but a checkbox with several choices is a list of strings and not a boolean.
func (f Field) ZapierType() string {
	if f.Type == FieldCheckbox && len(f.Choices) > 1 {
		return "string"
	}
	return f.Type.Zapier()
}

var keyShape = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,255}$`)

// barredParts are pieces of meta keys that forms and the API may never write:
// WordPress keeps rights, sessions and settings under them.
var barredParts = []string{
	"metabox", "postbox", "meta-box", "dismissed", "session_tokens", "screen_layout", "wp_user-", "cap_key",
	"wp_capabilities", "managenav", "nav_menu", "user_activation_key", "level_", "wp_user_level",
	"um_user_public_key", "um_user_secret_key", "account_secret_hash", "application_passwords",
}

// CheckKey returns an Error of kind Invalid when no field may have that key.
func CheckKey(key string) error {
	folded := strings.ToLower(key)
	switch {
	case !keyShape.MatchString(key):
		return FieldErrorf("key", "%s is no meta key; use letters, digits, _, . and -.", quote(key))
	case isNumeric(key):
		return FieldErrorf("key", "The meta key %s is a number to PHP; add a letter.", key)
	case slices.Contains([]string{"id", "role", "roles", "user_id", "user_pass", "user_nicename"}, folded):
		return FieldErrorf("key", "Ultimate Member bars the meta key %s; choose another.", key)
	}
	for _, part := range barredParts {
		if strings.Contains(folded, part) {
			return FieldErrorf("key", "The meta key %s contains %q, which WordPress keeps for itself; choose another.", key, part)
		}
	}
	return nil
}

// CheckNew returns an Error of kind Invalid that says why f cannot become a
// field of the site's own.
func (f Field) CheckNew() error {
	if err := CheckKey(f.Key); err != nil {
		return err
	}
	if strings.TrimSpace(f.Label) == "" {
		return FieldErrorf("label", "The field %s has no label; give one.", f.Key)
	}
	if err := CheckName("label", "The label of "+f.Key, f.Label); err != nil {
		return err
	}
	if err := f.checkType(); err != nil {
		return err
	}
	if err := f.checkChoices(); err != nil {
		return err
	}
	return f.checkAttributes()
}

// checkType is CheckNew for the two types.
func (f Field) checkType() error {
	switch {
	case !slices.Contains(FieldTypes(), f.Type):
		return FieldErrorf("type", "%q is no field type; use one of text, textarea, email, url, tel, number, select, radio, checkbox, multiselect, date, time, country, image, file.", string(f.Type))
	case f.Core != "" && !slices.Contains(CoreTypes(), f.Core):
		return FieldErrorf("core", "%q is no field type of Ultimate Member; use one such as rating or oembed, or leave it away.", string(f.Core))
	case f.Core != "" && f.Core != f.Type.Core() && f.Core.API() != f.Type:
		return FieldErrorf("core", "Ultimate Member's %s is a %s to the API, and not a %s; use that type.", f.Core, f.Core.API(), f.Type)
	case f.Type == FieldEmail && !slices.Contains([]string{"", "is_email", "unique_email"}, f.Validate):
		return FieldErrorf("validate", "An email has the rule is_email or unique_email; for %s use the type text.", f.Validate)
	}
	return nil
}

// checkAttributes is CheckNew for all that has a name in Ultimate Member's builder.
func (f Field) checkAttributes() error {
	if err := f.checkConditions(); err != nil {
		return err
	}
	if err := f.checkDates(); err != nil {
		return err
	}
	core := f.CoreType()
	for _, a := range attributes() {
		value := a.get(&f)
		if value == "" {
			continue
		}
		if !a.has(core) {
			return FieldErrorf(a.name, "A field of the type %s has no attribute %s; leave it away.", core, a.name)
		}
		again := f
		if err := again.SetAttribute(a.name, value); err != nil {
			return err
		}
	}
	return f.checkBounds()
}

// checkBounds is CheckNew for attributes that must agree.
func (f Field) checkBounds() error {
	switch {
	case f.MaxChars > 0 && f.MinChars > f.MaxChars:
		return FieldErrorf("min_chars", "%s cannot have at least %d and at most %d characters; change one of them.", f.Key, f.MinChars, f.MaxChars)
	case f.Min != nil && f.Max != nil && *f.Min > *f.Max:
		return FieldErrorf("min", "%s cannot be at least %d and at most %d; change one of them.", f.Key, *f.Min, *f.Max)
	case f.MaxSelections > 0 && f.MinSelections > f.MaxSelections:
		return FieldErrorf("min_selections", "%s cannot have at least %d and at most %d choices; change one of them.", f.Key, f.MinSelections, f.MaxSelections)
	case f.Stars != 0 && f.Stars != 5 && f.Stars != 10:
		return FieldErrorf("number", "A rating has 5 or 10 stars, and not %d; use one of them.", f.Stars)
	case f.Parent == f.Key:
		return FieldErrorf("parent_dropdown_relationship", "The field %s cannot be above itself; name another select.", f.Key)
	}
	return nil
}

// checkChoices is CheckNew for the options.
func (f Field) checkChoices() error {
	switch f.Type {
	case FieldSelect, FieldRadio, FieldCheckbox, FieldMultiselect:
		if len(f.Choices) == 0 && f.OptionsSource == "" {
			return FieldErrorf("options", "A %s needs options; give at least one.", f.Type)
		}
		seen := map[string]bool{}
		for _, c := range f.Choices {
			if strings.TrimSpace(c.Label) == "" || strings.TrimSpace(c.Value) == "" {
				return FieldErrorf("options", "An option of %s is empty; name it, or leave it away.", f.Key)
			}
			if seen[c.Value] {
				return FieldErrorf("options", "The option %s of %s is there twice; list it once.", c.Value, f.Key)
			}
			seen[c.Value] = true
			if err := CheckName("options", "An option of "+f.Key, c.Label+c.Value); err != nil {
				return err
			}
		}
	default:
		if len(f.Choices) > 0 {
			return FieldErrorf("options", "A %s has no options; leave them away, or make it a select.", f.Type)
		}
	}
	return nil
}
