package apiclient

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// An Attribute is one of Ultimate Member's attributes of a field, as text: what the
// option um_fields, the form builder, commands and the catalogue of the store call
// it. Key, label, type and the choices themselves are not among them.
type Attribute struct {
	Name    string // such as "min_chars"
	Help    string
	Value   string   // empty: not set. Yes is 1; a list is separated by commas
	Choices []string // the values that there are; nil: any
	Lines   bool     // the value may have several lines
	Tick    bool     // the value is 1 or empty
}

// Attributes returns the attributes that fields of f's core type have, in the order
// of Ultimate Member's form builder, set or not.
func (f Field) Attributes() []Attribute {
	core := f.CoreType()
	var list []Attribute
	for _, a := range attributes() {
		if a.has(core) {
			list = append(list, Attribute{Name: a.name, Help: a.help, Value: a.get(&f), Choices: a.choices, Lines: a.lines, Tick: a.tick})
		}
	}
	return list
}

// SetAttribute sets the attribute of that name to what value says; an empty value
// puts it back to what it is unset. It fails with Invalid when there is no such
// attribute, when fields of f's type have it not, and when the value is none of it.
func (f *Field) SetAttribute(name, value string) error {
	i := slices.IndexFunc(attributes(), func(a attribute) bool { return a.name == name })
	if i < 0 {
		return FieldErrorf(name, "Fields have no attribute %s; use one such as required, min_chars, visibility or conditional_field.", quote(name))
	}
	a := attributes()[i]
	core := f.CoreType()
	if !a.has(core) {
		return FieldErrorf(name, "A field of the type %s has no attribute %s; leave it away.", core, name)
	}
	if !utf8.ValidString(value) || strings.ContainsFunc(value, func(r rune) bool { return (r < ' ' && (r != '\n' || !a.lines)) || r == 0x7f }) {
		return FieldErrorf(name, "The attribute %s has a control character in it, or is not UTF-8; leave it away.", name)
	}
	value = strings.TrimSpace(value)
	if len(value) > maxAttribute {
		return FieldErrorf(name, "The attribute %s is %d bytes long; use at most %d.", name, len(value), maxAttribute)
	}
	if a.choices != nil && value != "" && !slices.Contains(a.choices, value) {
		return FieldErrorf(name, "The attribute %s cannot be %s; use one of %s.", name, quote(value), strings.Join(a.choices, ", "))
	}
	if !a.set(f, value) {
		return FieldErrorf(name, "The attribute %s cannot be %s; give %s.", name, quote(value), a.want)
	}
	return nil
}

// maxAttribute is how many bytes an attribute may have: a block's HTML is one.
const maxAttribute = 64 << 10

// An attribute is one line of the table of them.
type attribute struct {
	name, help string
	core       []CoreType // that have it; nil: all that hold an answer
	all        bool       // of pieces of a form too
	choices    []string
	lines      bool
	tick       bool
	want       string // what a value must be, for an error
	get        func(*Field) string
	set        func(*Field, string) bool
}

func (a attribute) has(t CoreType) bool {
	if a.core != nil {
		return slices.Contains(a.core, t)
	}
	return a.all || t.Holds()
}

// of says which core types have the attribute.
func (a attribute) of(core ...CoreType) attribute { a.core = core; return a }

// any says that pieces of a form have the attribute too.
func (a attribute) any() attribute { a.all = true; return a }

// word is an attribute of any text.
func word(name, help string, at func(*Field) *string) attribute {
	return attribute{
		name: name, help: help, want: "a text",
		get: func(f *Field) string { return *at(f) },
		set: func(f *Field, s string) bool { *at(f) = s; return true },
	}
}

// choice is an attribute that is one of some words.
func choice[T ~string](name, help string, at func(*Field) *T, choices ...T) attribute {
	texts := make([]string, len(choices))
	for i, c := range choices {
		texts[i] = string(c)
	}
	return attribute{
		name: name, help: help, choices: texts,
		get: func(f *Field) string { return string(*at(f)) },
		set: func(f *Field, s string) bool { *at(f) = T(s); return true },
	}
}

// tick is an attribute that is yes or no: unset is what is not the case.
func tick(name, help string, at func(*Field) *bool) attribute {
	return attribute{
		name: name, help: help, want: "1 or 0", tick: true,
		get: func(f *Field) string {
			if *at(f) {
				return "1"
			}
			return ""
		},
		set: func(f *Field, s string) bool {
			on, known := boolOf(s)
			*at(f) = on
			return known || s == ""
		},
	}
}

// count is an attribute that is a number from 0 on, 0 being unset.
func count[T int | int64](name, help string, at func(*Field) *T) attribute {
	return attribute{
		name: name, help: help, want: "a whole number from 0 on",
		get: func(f *Field) string {
			if *at(f) == 0 {
				return ""
			}
			return strconv.FormatInt(int64(*at(f)), 10)
		},
		set: func(f *Field, s string) bool {
			n, err := strconv.ParseInt(orNil(s), 10, 32)
			*at(f) = T(n)
			return err == nil && n >= 0
		},
	}
}

func orNil(s string) string {
	if s == "" {
		return "0"
	}
	return s
}

// limit is an attribute that is a number or nothing.
func limit(name, help string, at func(*Field) **int) attribute {
	return attribute{
		name: name, help: help, want: "a whole number",
		get: func(f *Field) string {
			if *at(f) == nil {
				return ""
			}
			return strconv.Itoa(**at(f))
		},
		set: func(f *Field, s string) bool {
			*at(f) = nil
			if s == "" {
				return true
			}
			n, err := strconv.Atoi(s)
			if err == nil {
				*at(f) = &n
			}
			return err == nil
		},
	}
}

// commas is an attribute that is a list of words.
func commas[T ~string](name, help string, at func(*Field) *[]T) attribute {
	return attribute{
		name: name, help: help, want: "words with commas between them",
		get: func(f *Field) string {
			texts := make([]string, len(*at(f)))
			for i, t := range *at(f) {
				texts[i] = string(t)
			}
			return strings.Join(texts, ",")
		},
		set: func(f *Field, s string) bool {
			*at(f) = nil
			for part := range strings.SplitSeq(s, ",") {
				if part = strings.TrimSpace(part); part != "" {
					*at(f) = append(*at(f), T(part))
				}
			}
			return true
		},
	}
}
