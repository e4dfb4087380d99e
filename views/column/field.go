package column

import (
	"strings"

	"umdeck/apiclient"
)

// Fields returns the columns of field definitions.
func Fields() []Column[apiclient.Field] {
	type field = apiclient.Field
	return []Column[field]{
		text("key", "KEY", "key that answers are stored under", func(f field) string { return f.Key }).shown().wide(14, 1),
		text("label", "LABEL", "the question", func(f field) string { return f.Label }).shown().wide(12, 1).after(2),
		text("type", "TYPE", "one of the 15 types of the API", func(f field) string { return string(f.Type) }).shown().fixed(11).after(1).oneOf(slugs(apiclient.FieldTypes())...),
		flag("required", "REQ", "whether an answer is required", func(f field) bool { return f.Required }).shown().after(5),
		list("choices", "CHOICES", "answers to choose from, in order", labels).shown().wide(10, 2).after(6),
		text("stored", "STORED AS", "form in the database", field.StoredForm).shown().wide(12, 1).after(4),
		text("sent", "SENT AS", "form in hooks", field.SentForm).shown().wide(12, 1).after(3),
		text("zapier_type", "ZAPIER", "type that Zapier is told", field.ZapierType).after(7).oneOf("string", "text", "number", "boolean"),
		flag("list", "LIST", "whether Zapier sends and expects several values", field.IsList).after(8),
		maybe("core", "CORE TYPE", "Ultimate Member's own type where it is another", func(f field) string { return string(f.Core) }).after(9),
		maybe("validate", "RULE", "further rule of Ultimate Member", func(f field) string { return f.Validate }).after(9),
		bound("min", "MIN", "least number", func(f field) *int { return f.Min }),
		bound("max", "MAX", "largest number", func(f field) *int { return f.Max }),
		count("max_chars", "CHARS", "longest text in characters", 0, func(f field) int { return f.MaxChars }).after(9),
		count("max_words", "WORDS", "longest text in words", 0, func(f field) int { return f.MaxWords }).after(9),
		maybe("title", "TITLE", "name for administrators", func(f field) string { return f.Title }).after(9),
		maybe("help", "HELP", "explains the question", func(f field) string { return f.Help }).after(9),
		text("privacy", "PRIVACY", "who sees the answer on a profile", Privacy).after(9),
		list("conditions", "CONDITIONS", "what hides it on a form, in words", Conditions).after(9),
		list("attributes", "ATTRIBUTES", "all that is set, by Ultimate Member's names", attributes).after(9),
		text("source", "SOURCE", "predefined, or the site's own (custom)", func(f field) string { return string(f.Source) }).shown().fixed(10).after(7).oneOf("predefined", "custom"),
		flag("secret", "SECRET", "never read and never sent", func(f field) bool { return f.Secret }).after(9),
		flag("read_only", "READ-ONLY", "never written by forms or the API", func(f field) bool { return f.ReadOnly }).after(9),
	}
}

// Privacy says in words who sees the answer on a profile.
func Privacy(f apiclient.Field) string {
	roles := "members of every role"
	if len(f.Roles) > 0 {
		roles = strings.Join(slugs(f.Roles), ", ")
	}
	switch f.Privacy {
	case apiclient.PrivacyMembers:
		return "members"
	case apiclient.PrivacyOwner:
		return "owner, and who may edit the account"
	case apiclient.PrivacyRoles:
		return roles
	case apiclient.PrivacyOwnerRoles:
		return "owner, and " + roles
	default:
		return "everyone"
	}
}

// Conditions says in words what hides the field on a form.
func Conditions(f apiclient.Field) []string {
	words := make([]string, len(f.Conditions))
	for i, c := range f.Conditions {
		words[i] = c.String()
	}
	return words
}

// attributes are those that are set, as name=value.
func attributes(f apiclient.Field) []string {
	list := []string{}
	for _, a := range f.Attributes() {
		if a.Value != "" {
			list = append(list, a.Name+"="+a.Value)
		}
	}
	return list
}

// labels returns the answers that a field offers. The countries are the same for
// everybody and too many to list.
func labels(f apiclient.Field) []string {
	texts := make([]string, len(f.Choices))
	for i, c := range f.Choices {
		texts[i] = c.Label
	}
	return texts
}

func bound(key, title, help string, get func(apiclient.Field) *int) Column[apiclient.Field] {
	c := number(key, title, help, func(f apiclient.Field) int {
		if p := get(f); p != nil {
			return *p
		}
		return 0
	}).after(9)
	written, value := c.Text, c.Value
	c.Text = func(f apiclient.Field) string {
		if get(f) == nil {
			return ""
		}
		return written(f)
	}
	c.Value = func(f apiclient.Field) any {
		if get(f) == nil {
			return nil
		}
		return value(f)
	}
	return c
}

// HiddenFields returns the columns of the fields that a zap names and Zapier does
// not get.
func HiddenFields() []Column[apiclient.HiddenField] {
	type hidden = apiclient.HiddenField
	return []Column[hidden]{
		text("key", "KEY", "key that the zap names", func(h hidden) string { return h.Key }).shown().wide(14, 0),
		text("why", "WHY", "why Zapier does not get it", func(h hidden) string { return h.Why }).shown().wide(20, 1),
	}
}
