package users

import (
	"fmt"
	"strings"

	"umdeck/apiclient"
	"umdeck/ui/dialog/form"
)

// long is how many choices a list has from which on one searches rather than scrolls.
const long = 7

// input is how a field of the catalogue is asked for.
func input(f apiclient.Field, v apiclient.Value) form.Field {
	in := form.Field{Key: f.Key, Label: f.Label, Value: v.String(), Help: helpOf(f)}
	in.Check = func(text string) error {
		_, err := f.Accept(answer(f, text, nil))
		return err
	}
	options := f.Options()
	switch {
	case f.Type == apiclient.FieldTextarea:
		in.Kind = form.Lines
	case len(options) == 0: // takes any text
	case several(f):
		in.Kind, in.Value, in.Values, in.Check = form.Multi, "", v.List, nil
		if v.List == nil && v.Text != "" {
			in.Values = []string{v.Text}
		}
	default:
		in.Kind, in.Choices = form.Select, []form.Choice{{Label: "(none)"}}
	}
	if in.Kind == form.Select || in.Kind == form.Multi {
		for _, c := range options {
			in.Choices = append(in.Choices, form.Choice{Value: c.Label})
		}
	}
	switch f.Type {
	case apiclient.FieldDate:
		in.Placeholder = "1990-12-31"
	case apiclient.FieldTime:
		in.Placeholder = "15:30"
	default:
	}
	return in
}

// several reports whether several choices can be taken.
func several(f apiclient.Field) bool {
	return f.Type == apiclient.FieldMultiselect || f.Type == apiclient.FieldCheckbox
}

// helpOf says in a line how the field is answered, and the key that it is stored under.
func helpOf(f apiclient.Field) string {
	parts := []string{f.Key}
	add := func(text string) { parts = append(parts, text) }
	switch f.Type {
	case apiclient.FieldTextarea:
		add("enter starts a line, tab goes on")
	case apiclient.FieldDate:
		add("a day, such as 1990-12-31")
	case apiclient.FieldTime:
		add("a time, such as 15:30")
	case apiclient.FieldTel:
		add("digits, spaces and - . + ( )")
	case apiclient.FieldNumber:
		add("a whole number" + bounds(f.Min, f.Max))
	case apiclient.FieldURL:
		add("an address, such as https://example.com")
	case apiclient.FieldEmail:
		add("an e-mail address")
	case apiclient.FieldImage, apiclient.FieldFile:
		add("a URL, or the name of a file in the user's folder")
	default:
	}
	if several(f) && len(f.Choices) > 0 {
		add("space marks")
	}
	if len(f.Options()) >= long {
		add("/ searches")
	}
	if f.MaxChars > 0 {
		add(fmt.Sprintf("at most %d characters", f.MaxChars))
	}
	if f.MaxWords > 0 {
		add(fmt.Sprintf("at most %d words", f.MaxWords))
	}
	return strings.Join(parts, ", ")
}

func bounds(least, most *int) string {
	switch {
	case least != nil && most != nil:
		return fmt.Sprintf(" from %d to %d", *least, *most)
	case least != nil:
		return fmt.Sprintf(", at least %d", *least)
	case most != nil:
		return fmt.Sprintf(", at most %d", *most)
	}
	return ""
}

// answer is what a field is given: a text, or the chosen ones.
func answer(f apiclient.Field, text string, chosen []string) apiclient.Value {
	if several(f) && len(f.Choices) > 0 {
		return apiclient.List(chosen...)
	}
	return apiclient.Text(text)
}
