package apiclient

import (
	"context"
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
	// DeleteField removes a field of the site's own from the catalogue and from
	// zaps; what users have stored under it stays. A predefined one is Conflict.
	DeleteField(ctx context.Context, key string) error
}

// FieldType is one of the 15 field types of the API document.
type FieldType string

// The field types.
const (
	FieldText        FieldType = "text"
	FieldTextarea    FieldType = "textarea"
	FieldEmail       FieldType = "email"
	FieldURL         FieldType = "url"
	FieldTel         FieldType = "tel"
	FieldNumber      FieldType = "number"
	FieldSelect      FieldType = "select"
	FieldRadio       FieldType = "radio"
	FieldCheckbox    FieldType = "checkbox"
	FieldMultiselect FieldType = "multiselect"
	FieldDate        FieldType = "date"
	FieldTime        FieldType = "time"
	FieldCountry     FieldType = "country"
	FieldImage       FieldType = "image"
	FieldFile        FieldType = "file"

	// FieldPassword is no type of the API: such a field is never sent, and what is
	// accepted for it is hashed.
	FieldPassword FieldType = "password"
)

// FieldTypes returns the 15 types in the order of the API document.
func FieldTypes() []FieldType {
	return []FieldType{
		FieldText, FieldTextarea, FieldEmail, FieldURL, FieldTel, FieldNumber, FieldSelect, FieldRadio,
		FieldCheckbox, FieldMultiselect, FieldDate, FieldTime, FieldCountry, FieldImage, FieldFile,
	}
}

// Many reports whether Ultimate Member stores a list for the type: a radio is a
// list of one.
func (t FieldType) Many() bool {
	return t == FieldRadio || t == FieldCheckbox || t == FieldMultiselect
}

// Zapier returns what Zapier calls the type in um_get_fields. The document's table
// says "array" for multiselect, which Zapier does not have: that is a string with
// list true ([Field.IsList]).
func (t FieldType) Zapier() string {
	switch t {
	case FieldTextarea:
		return "text"
	case FieldNumber:
		return "number"
	case FieldCheckbox:
		return "boolean"
	default:
		return "string"
	}
}

// A Field is an entry of the catalogue: a question that members answer.
type Field struct {
	Key      string
	Label    string
	Type     FieldType
	Core     string // Ultimate Member's own type where it is another one, such as "rating" or "oembed"
	Required bool
	Choices  []Choice // of select, radio, checkbox and multiselect, in order; countries have theirs by themselves
	Validate string   // Ultimate Member's name of a further rule, such as "unique_email" or "phone_number"; empty: none
	Min, Max *int     // bounds of a number, both included; nil: none
	MaxChars int      // longest text in characters; 0: no limit
	MaxWords int      // 0: no limit
	Source   FieldSource
	Secret   bool // never read, never sent: user_password
	ReadOnly bool // never written by forms or the API: user_registered, _um_last_login
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

// Options returns the choices that the field offers: its own, or the countries.
func (f Field) Options() []Choice {
	if f.Type == FieldCountry {
		return Countries()
	}
	return f.Choices
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
	case strings.Trim(key, "0123456789") == "":
		return FieldErrorf("key", "The meta key %s has digits only; add a letter.", key)
	case slices.Contains([]string{"id", "role", "roles", "user_id", "user_pass"}, folded):
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
	if !slices.Contains(FieldTypes(), f.Type) {
		return FieldErrorf("type", "%q is no field type; use one of text, textarea, email, url, tel, number, select, radio, checkbox, multiselect, date, time, country, image, file.", string(f.Type))
	}
	return f.checkChoices()
}

// checkChoices is CheckNew for the options.
func (f Field) checkChoices() error {
	switch f.Type {
	case FieldSelect, FieldRadio, FieldCheckbox, FieldMultiselect:
		if len(f.Choices) == 0 {
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
