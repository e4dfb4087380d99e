package wire

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// This file and the others whose names begin with wpv2 are WordPress core's REST
// API as a server answers it: the namespace wp/v2 as WordPress 6.1 and 7.1 serve it
// for users and application passwords. What a client takes for it stands in
// wordpress.go.

// A RestMember is a name and a value of a [RestObject].
type RestMember struct {
	Name  string
	Value any
}

// A RestObject is what PHP calls an array with names: its members in order. Without
// any it is [] in JSON, as PHP writes it. As a parameter its values are nil, bool,
// int64, float64, string, []any or RestObject.
type RestObject []RestMember

// Get returns the value of a member.
func (o RestObject) Get(name string) (any, bool) {
	for _, m := range o {
		if m.Name == name {
			return m.Value, true
		}
	}
	return nil, false
}

// Has reports whether there is a member of that name.
func (o RestObject) Has(name string) bool {
	_, ok := o.Get(name)
	return ok
}

// set returns the object with a member that has the value.
func (o RestObject) set(name string, value any) RestObject {
	for i := range o {
		if o[i].Name == name {
			o[i].Value = value
			return o
		}
	}
	return append(o, RestMember{name, value})
}

// MarshalJSON writes the members in their order, and [] for none.
func (o RestObject) MarshalJSON() ([]byte, error) {
	if len(o) == 0 {
		return []byte("[]"), nil
	}
	var b bytes.Buffer
	for i, m := range o {
		b.WriteByte("{,"[min(i, 1)])
		for j, v := range []any{m.Name, m.Value} {
			if j == 1 {
				b.WriteByte(':')
			}
			text, err := Marshal(v)
			if err != nil {
				return nil, err
			}
			b.Write(text)
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// RestFields are the fields that a request names with _fields, such as
// "id,avatar_urls.24"; nil for a request that names none and gets all.
type RestFields []string

// ReadRestFields reads the parameter _fields: a text with commas or spaces between
// the names, or a list.
func ReadRestFields(v any) RestFields {
	var fields RestFields
	for _, item := range listOf(v) {
		if text, ok := item.(string); ok && strings.TrimSpace(text) != "" {
			fields = append(fields, strings.TrimSpace(text))
		}
	}
	return fields
}

// Includes reports whether a field, or something within it, is asked for.
func (f RestFields) Includes(name string) bool {
	return f == nil || slices.ContainsFunc(f, func(field string) bool {
		return field == name || strings.HasPrefix(field, name+".") || strings.HasPrefix(name, field+".")
	})
}

// Cut returns what is asked for of an object or of each object of a list.
func (f RestFields) Cut(v any) any {
	switch v := v.(type) {
	case []RestObject:
		if f == nil {
			return v
		}
		out := make([]RestObject, len(v))
		for i, item := range v {
			out[i] = f.cut(item, "")
		}
		return out
	case RestObject:
		if f == nil {
			return v
		}
		return f.cut(v, "")
	}
	return v
}

func (f RestFields) cut(o RestObject, prefix string) RestObject {
	out := RestObject{}
	for _, m := range o {
		name := prefix + m.Name
		if slices.ContainsFunc(f, func(field string) bool { return field == name || strings.HasPrefix(name, field+".") }) {
			out = append(out, m)
			continue
		}
		if inner, ok := m.Value.(RestObject); ok && f.Includes(name) {
			out = append(out, RestMember{m.Name, f.cut(inner, name+".")})
		}
	}
	return out
}

var _ json.Marshaler = RestObject(nil)
