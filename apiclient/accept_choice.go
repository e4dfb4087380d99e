package apiclient

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// acceptChoices is Accept for select, radio, checkbox and multiselect.
func (f Field) acceptChoices(v Value) (Value, error) {
	if f.Type == FieldCheckbox && len(f.Choices) == 1 && len(v.List) <= 1 {
		if list, ok := f.acceptTick(first(v)); ok {
			return list, nil
		}
	}
	list := v.List
	if list == nil {
		list = f.split(v.Text)
	}
	out, err := f.pick(list)
	if err != nil {
		return Value{}, err
	}
	if f.Type == FieldCheckbox || f.Type == FieldMultiselect {
		return List(out...), nil
	}
	switch {
	case len(out) > 1:
		return Value{}, f.errorf("takes one of its options, and there are %d; give one.", len(out))
	case f.Type == FieldRadio:
		return List(out...), nil
	case len(out) == 0:
		return Value{}, nil
	}
	return Text(out[0]), nil
}

// Keyed reports whether the values of the choices are stored and not their labels: the
// options come from a callback, or it is a field of the account page.
func (f Field) Keyed() bool { return f.OptionsSource != "" || f.AccountOnly }

// stored returns what is stored for the choice that s names; without choices any text is one.
func (f Field) stored(s string) (string, bool) {
	label, ok := f.choice(s)
	switch {
	case !ok && len(f.Options()) == 0:
		text := stripTags(s)
		return text, text != ""
	case ok && f.Keyed():
		for _, c := range f.Options() {
			if c.Label == label && (strings.TrimSpace(c.Value) == s || strings.TrimSpace(c.Label) == s) {
				return c.Value, true
			}
		}
	}
	return label, ok
}

// pick returns what is stored for the choices that a list names, each one once.
func (f Field) pick(list []string) ([]string, error) {
	out := []string{}
	for _, s := range list {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		if err := f.checkText(s); err != nil { // JSON can spell any character
			return nil, err
		}
		one, ok := f.stored(s)
		if !ok && len(f.Options()) > 0 {
			return nil, f.errorf("cannot be %s; use %s.", quote(s), f.offered())
		}
		if ok && !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	return out, nil
}

// acceptTick reads yes or no for a checkbox with one choice. The choice itself,
// whatever its label, goes before these words.
func (f Field) acceptTick(s string) (Value, bool) {
	if _, ok := f.choice(strings.TrimSpace(s)); ok {
		return Value{}, false
	}
	on, known := boolOf(s)
	switch {
	case !known:
		return Value{}, false
	case on:
		if f.Keyed() {
			return List(f.Choices[0].Value), true
		}
		return List(f.Choices[0].Label), true
	}
	return List(), true
}

// boolOf reads yes and no as forms, programs and Zapier write them; known is false
// for anything else.
func boolOf(s string) (on, known bool) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "true", "yes", "1", "on":
		return true, true
	case "false", "no", "0", "off":
		return false, true
	}
	return false, false
}

// choice returns the label of the choice whose label, or else whose value, s is.
func (f Field) choice(s string) (label string, ok bool) {
	for _, c := range f.Options() {
		if strings.TrimSpace(c.Label) == s {
			return c.Label, true
		}
	}
	for _, c := range f.Options() {
		if strings.TrimSpace(c.Value) == s {
			return c.Label, true
		}
	}
	return "", false
}

// split reads a text as the choices that it names: one choice, a JSON list, or,
// where the field takes several, choices separated by commas. A label may have
// commas itself.
func (f Field) split(s string) []string {
	s = strings.TrimSpace(s)
	if _, ok := f.choice(s); ok {
		return []string{s}
	}
	if list, ok := jsonList(s); ok {
		return list
	}
	if f.Type != FieldCheckbox && f.Type != FieldMultiselect {
		return []string{s}
	}
	most := 1 // parts of the label with the most commas
	for _, c := range f.Options() {
		most = max(most, 1+strings.Count(c.Label, ","), 1+strings.Count(c.Value, ","))
	}
	var out []string
	for parts := strings.Split(s, ","); len(parts) > 0; {
		n := min(most, len(parts))
		for ; n > 1; n-- {
			if _, ok := f.choice(strings.TrimSpace(strings.Join(parts[:n], ","))); ok {
				break
			}
		}
		out = append(out, strings.Join(parts[:n], ","))
		parts = parts[n:]
	}
	return out
}

// jsonList reads a JSON list of texts and numbers.
func jsonList(s string) ([]string, bool) {
	if !strings.HasPrefix(s, "[") {
		return nil, false
	}
	var list []any
	dec := json.NewDecoder(bytes.NewReader([]byte(s)))
	dec.UseNumber()
	if dec.Decode(&list) != nil || dec.More() {
		return nil, false
	}
	out := make([]string, len(list))
	for i, e := range list {
		switch e := e.(type) {
		case string:
			out[i] = e
		case json.Number:
			out[i] = e.String()
		default:
			return nil, false
		}
	}
	return out, true
}

// offered names the first choices, for an error.
func (f Field) offered() string {
	const most = 6
	var names []string
	options := f.Options()
	for _, c := range options[:min(most, len(options))] {
		names = append(names, c.Label)
	}
	if len(options) > most {
		return "one of its options, such as " + strings.Join(names, ", ")
	}
	if len(names) == 1 {
		return names[0]
	}
	return "one of " + strings.Join(names, ", ")
}
