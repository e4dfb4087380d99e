package wire

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// A RestSchema says what a value may be, in the words of JSON Schema that
// WordPress's REST API knows.
type RestSchema struct {
	Types       []string // one or several of string, integer, boolean, array, object and null
	Format      string   // email, uri, uuid, date-time or ip; empty: any
	Description string
	Enum        []string // empty: any
	EnumNamed   bool     // the enum is written with its values for names, too
	Items       *RestSchema
	Default     any
	Minimum     *int
	Maximum     *int
	MinLength   int
	Pattern     string // only .*\S.* is known: something else than spaces
	Properties  []RestProperty
	Open        bool     // an object may have other properties, too
	Context     []string // where a field is shown; nil: not said
	ReadOnly    bool
	Required    bool
}

// A RestProperty is a property of an object.
type RestProperty struct {
	Name string
	RestSchema
}

// keywords writes what arguments and fields have in common.
func (s RestSchema) keywords(field bool) RestObject {
	o := RestObject{}
	add := func(name string, value any, there bool) {
		if there {
			o = append(o, RestMember{name, value})
		}
	}
	add("description", s.Description, s.Description != "" || field)
	switch {
	case len(s.Types) == 1:
		add("type", s.Types[0], true)
	default:
		add("type", s.Types, len(s.Types) > 0)
	}
	add("format", s.Format, s.Format != "")
	add("enum", s.enum(), len(s.Enum) > 0)
	add("default", s.Default, s.Default != nil)
	if s.Items != nil {
		add("items", s.Items.keywords(false), true)
	}
	add("minimum", s.Minimum, s.Minimum != nil)
	add("maximum", s.Maximum, s.Maximum != nil)
	add("minLength", s.MinLength, s.MinLength > 0)
	add("pattern", s.Pattern, s.Pattern != "")
	if len(s.Properties) > 0 {
		properties := RestObject{}
		for _, p := range s.Properties {
			properties = append(properties, RestMember{p.Name, p.field()})
		}
		add("properties", properties, true)
	}
	add("additionalProperties", true, s.Open)
	return o
}

func (s RestSchema) enum() any {
	if !s.EnumNamed {
		return s.Enum
	}
	o := RestObject{}
	for _, v := range s.Enum {
		o = append(o, RestMember{v, v})
	}
	return o
}

// field writes the schema of a field of an item.
func (s RestSchema) field() RestObject {
	o := s.keywords(true)
	if s.Context != nil {
		o = append(o, RestMember{"context", s.Context})
	}
	if s.ReadOnly {
		o = append(o, RestMember{"readonly", true})
	}
	if s.Required {
		o = append(o, RestMember{"required", true})
	}
	return o
}

// check returns what is wrong with a value; nil: nothing. name is what the message
// calls it.
func (s RestSchema) check(name string, v any) *fault {
	if len(s.Types) == 0 {
		return nil
	}
	kind := s.kindFor(v)
	if kind == "" {
		return &fault{code: "rest_invalid_type", message: name + " is not of type " + strings.Join(s.Types, ",") + ".", param: name}
	}
	var f *fault
	switch kind {
	case "integer":
		f = s.checkBounds(name, v)
	case "array":
		f = s.checkItems(name, listOf(v))
	case "object":
		f = s.checkProperties(name, v)
	case "string":
		f = s.checkText(name, v.(string))
	}
	if f == nil && len(s.Enum) > 0 && !slices.Contains(s.Enum, RestScalar(v)) {
		f = &fault{code: "rest_not_in_enum", message: name + " is not one of " + andList(s.Enum) + "."}
		if len(s.Enum) == 1 {
			f.message = name + " is not " + s.Enum[0] + "."
		}
	}
	return f
}

// kindFor returns the first of the schema's types that the value has; empty: none.
func (s RestSchema) kindFor(v any) string {
	for _, kind := range s.Types {
		if isKind(kind, v) {
			return kind
		}
	}
	return ""
}

func isKind(kind string, v any) bool {
	switch kind {
	case "integer":
		_, ok := integerOf(v)
		return ok
	case "boolean":
		_, ok := booleanOf(v)
		return ok
	case "array":
		_, object := v.(RestObject)
		return !object
	case "object":
		text, ok := v.(string)
		_, list := v.([]any)
		_, object := v.(RestObject)
		return ok && text == "" || list || object
	case "null":
		return v == nil
	}
	_, ok := v.(string)
	return ok
}

func (s RestSchema) checkBounds(name string, v any) *fault {
	n, _ := integerOf(v)
	f := &fault{code: "rest_out_of_bounds"}
	low, high := s.Minimum != nil && n < int64(*s.Minimum), s.Maximum != nil && n > int64(*s.Maximum)
	switch {
	case !low && !high:
		return nil
	case s.Minimum != nil && s.Maximum != nil:
		f.message = fmt.Sprintf("%s must be between %d (inclusive) and %d (inclusive)", name, *s.Minimum, *s.Maximum)
	case low:
		f.message = fmt.Sprintf("%s must be greater than or equal to %d", name, *s.Minimum)
	default:
		f.message = fmt.Sprintf("%s must be less than or equal to %d", name, *s.Maximum)
	}
	return f
}

func (s RestSchema) checkItems(name string, items []any) *fault {
	if s.Items == nil {
		return nil
	}
	for i, item := range items {
		if f := s.Items.check(fmt.Sprintf("%s[%d]", name, i), item); f != nil {
			return f
		}
	}
	return nil
}

func (s RestSchema) checkProperties(name string, v any) *fault {
	o, _ := v.(RestObject)
	for _, m := range o {
		for _, p := range s.Properties {
			if p.Name != m.Name {
				continue
			}
			if f := p.check(name+"["+m.Name+"]", m.Value); f != nil {
				return f
			}
		}
	}
	return nil
}

func (s RestSchema) checkText(name, text string) *fault {
	switch {
	case len([]rune(text)) < s.MinLength:
		unit := "characters"
		if s.MinLength == 1 {
			unit = "character"
		}
		return &fault{code: "rest_too_short", message: fmt.Sprintf("%s must be at least %d %s long.", name, s.MinLength, unit)}
	case s.Pattern != "" && strings.TrimSpace(text) == "":
		return &fault{code: "rest_invalid_pattern", message: name + " does not match pattern " + s.Pattern + "."}
	case s.Format == "email" && !isEmail(text):
		return &fault{code: "rest_invalid_email", message: "Invalid email address."}
	case s.Format == "uuid" && !uuidShape.MatchString(text):
		return &fault{code: "rest_invalid_uuid", message: name + " is not a valid UUID."}
	case s.Format == "date-time" && !dateTimeShape.MatchString(text):
		return &fault{code: "rest_invalid_date", message: "Invalid date."}
	}
	return nil
}

// clean turns a value that passed check into the type of the schema: an int64, a
// bool, a []any of such, or what it was.
func (s RestSchema) clean(v any) any {
	switch s.kindFor(v) {
	case "integer":
		n, _ := integerOf(v)
		return n
	case "boolean":
		b, _ := booleanOf(v)
		return b
	case "array":
		items := slices.Clone(listOf(v))
		for i := range items {
			if s.Items != nil {
				items[i] = s.Items.clean(items[i])
			}
		}
		return items
	}
	return v
}

// andList joins texts as WordPress does in sentences: "a, b, and c".
func andList(texts []string) string {
	switch n := len(texts); n {
	case 0:
		return ""
	case 1:
		return texts[0]
	case 2:
		return texts[0] + " and " + texts[1]
	default:
		return strings.Join(texts[:n-1], ", ") + ", and " + texts[n-1]
	}
}

var _ json.Marshaler = RestArgs(nil)

// RestArgs are the parameters that an endpoint knows.
type RestArgs []RestArg

// A RestArg is a parameter of an endpoint.
type RestArg struct {
	Name string
	RestSchema
	// Late says that WordPress checks the parameter in its second pass, while it
	// cleans values; mistakes of the first pass hide those of the second.
	Late bool
	// Bare says that a mistake has no details.
	Bare bool
	// Clean is how the value is cleaned, beyond its type.
	Clean RestCleaning
}

// MarshalJSON writes the arguments as the index of WordPress has them.
func (a RestArgs) MarshalJSON() ([]byte, error) {
	o := RestObject{}
	for _, arg := range a {
		o = append(o, RestMember{arg.Name, append(arg.keywords(false), RestMember{"required", arg.Required})})
	}
	return Marshal(o)
}
