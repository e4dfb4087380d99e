package wordpress

import (
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strings"
	"time"

	"umdeck/apiclient"
)

// addFields adds the values in the form that the document names: lists separated
// by commas, or as JSON where an item has a comma in it.
func addFields(form url.Values, z zap, fields map[string]apiclient.Value) error {
	for key, v := range fields {
		if v.Empty() {
			continue // absent and empty alike leave a field as it is
		}
		f := coreField(key)
		if i := slices.IndexFunc(z.fields, func(f apiclient.Field) bool { return f.Key == key }); i >= 0 {
			f = z.fields[i]
		}
		text, err := accept(f, v)
		if err != nil {
			return err
		}
		if slices.Contains(coreKeys, key) {
			text = asHTML(text)
		}
		if text != "" {
			form.Set(key, text)
		}
	}
	return nil
}

// coreField returns Ultimate Member's definition of a field that core keeps.
func coreField(key string) apiclient.Field {
	for _, f := range apiclient.PredefinedFields() {
		if f.Key == key {
			return f
		}
	}
	return apiclient.Field{Key: key, Label: key, Type: apiclient.FieldText}
}

// asHTML returns a name as core must be sent it. WordPress keeps names as HTML: it
// makes &amp; of &, but leaves &amp; as it is, and both are read back as &.
func asHTML(text string) string {
	if html.UnescapeString(text) == text {
		return text
	}
	return strings.ReplaceAll(text, "&", "&amp;")
}

// accept returns the text to send for a value, or an error of kind Invalid. Where
// the type is known, Ultimate Member's rules are applied here, because the
// extension answers "updated" to what it drops or bends.
func accept(f apiclient.Field, v apiclient.Value) (string, error) {
	switch f.Type {
	case apiclient.FieldCheckbox:
		if len(f.Choices) == 0 {
			f.Type = apiclient.FieldText // um_get_fields tells no choices of a checkbox: yes, no or the label
		}
	case apiclient.FieldText:
		if f.Source == apiclient.FieldCustom && f.Key != "" {
			if err := checkDate(f, v.Text); err != nil {
				return "", err
			}
		}
	default: // Accept knows what to do
	}
	stored, err := f.Accept(v)
	if err != nil {
		return "", err
	}
	if f.Type == apiclient.FieldDate {
		if day, ok := f.Send(stored, 0, apiclient.SiteInfo{}).(string); ok {
			return day, nil
		}
	}
	if stored.List == nil {
		return stored.Text, nil
	}
	if !slices.ContainsFunc(stored.List, func(s string) bool { return strings.Contains(s, ",") }) {
		return strings.Join(stored.List, ","), nil
	}
	list, err := json.Marshal(stored.List)
	return string(list), err
}

// checkDate refuses a day that no calendar has: PHP would take the next month's.
// The extension does not tell which of a zap's texts are dates, so the key and
// the label decide.
func checkDate(f apiclient.Field, text string) error {
	dated := f.Type == apiclient.FieldDate || f.Type == apiclient.FieldText && strings.Contains(strings.ToLower(f.Key+" "+f.Label), "date")
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == '-' || r == '/' })
	if !dated || len(parts) != 3 || len(parts[0]) != 4 {
		return nil
	}
	if _, err := time.Parse("2006-1-2", strings.Join(parts, "-")); err != nil {
		return invalid(f.Key, "%q is no day of the calendar; write %s as YYYY-MM-DD.", text, f.Label)
	}
	return nil
}
