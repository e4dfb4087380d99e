package fieldgroups

import (
	"fmt"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/theme"
	"umdeck/views/column"
)

// A row is a field of a zap, one that the zap names and Zapier does not get, or one
// of the catalogue that no zap names.
type row struct {
	Zap    apiclient.Zap // zero: no zap names it
	Place  int           // in the zap's order, from 1 on
	Key    string
	Field  apiclient.Field // zero when Why is not empty
	Why    string          // why Zapier does not get it
	Notice string          // why Zapier does not get the group
}

func (r row) id() string { return fmt.Sprintf("%d.%s", r.Zap.ID, r.Key) }

func rowsOf(g apiclient.FieldGroup) []row {
	var rows []row
	for i, f := range g.Fields {
		rows = append(rows, row{Zap: g.Zap, Place: i + 1, Key: f.Key, Field: f, Notice: g.Notice})
	}
	for _, h := range g.Hidden {
		rows = append(rows, row{Zap: g.Zap, Place: len(rows) + 1, Key: h.Key, Why: h.Why, Notice: g.Notice})
	}
	return rows
}

// columns are those of a definition, behind those of the group that it is in.
func columns() []column.Column[row] {
	return []column.Column[row]{
		{
			Key: "zap", Title: "ZAP", Help: "number of the zap; none for a field that no zap names", Default: true, Min: 3, Right: true, Kind: filter.Number,
			Text: func(r row) string { return number(int64(r.Zap.ID)) }, Value: func(r row) any { return int64(r.Zap.ID) },
		},
		text("group", "FIELD GROUP", "name of the zap", 14, 2, 2, func(r row) string {
			if r.Zap.ID == 0 {
				return "(in no zap)"
			}
			return r.Zap.Name
		}),
		text("kind", "KIND", "trigger or action", 7, 0, 8, func(r row) string { return string(r.Zap.Kind) }),
		text("key", "KEY", "key that answers are stored under", 16, 2, 0, func(r row) string { return r.Key }),
		text("label", "LABEL", "the question", 12, 1, 4, func(r row) string { return r.Field.Label }),
		{
			Key: "type", Title: "TYPE", Help: "one of the 15 types of the API", Default: true, Min: 11, Priority: 1,
			Text: kind, Value: func(r row) any { return kind(r) },
			Mark: func(t *theme.Theme, r row) theme.Mark {
				if r.Why != "" {
					return theme.Mark{Glyph: t.Glyph.Fail, Token: theme.Bad}
				}
				return theme.Mark{Glyph: t.Glyph.OK, Token: theme.Text}
			},
		},
		text("required", "REQ", "whether an answer is required", 3, 0, 7, func(r row) string { return map[bool]string{true: "yes"}[r.Field.Required] }),
		text("zapier", "ZAPIER", "type that Zapier is told", 7, 0, 6, func(r row) string { return zapier(r.Field) }),
		text("stored", "STORED AS", "form in the database", 20, 2, 5, stored),
		text("sent", "SENT AS", "form in hooks, or why it is not sent", 20, 2, 3, sent),
	}
}

func text(key, title, help string, width, flex, priority int, of func(row) string) column.Column[row] {
	return column.Column[row]{
		Key: key, Title: title, Help: help, Default: true, Min: width, Flex: flex, Priority: priority,
		Text: of, Value: func(r row) any { return of(r) },
	}
}

func number(n int64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func kind(r row) string {
	if r.Why != "" {
		return "hidden"
	}
	return string(r.Field.Type)
}

// zapier is what um_get_fields says of the type.
func zapier(f apiclient.Field) string {
	if f.Key == "" {
		return ""
	}
	if f.IsList() {
		return f.ZapierType() + "[]"
	}
	return f.ZapierType()
}

func stored(r row) string {
	if r.Why != "" {
		return ""
	}
	return r.Field.StoredForm()
}

func sent(r row) string {
	switch {
	case r.Why != "":
		return r.Why
	case r.Field.Secret:
		return "never"
	}
	return r.Field.SentForm()
}

// definition is the field as um_get_fields gives it: what Zapier reads.
func definition(f apiclient.Field) apiclient.Payload {
	p := apiclient.Payload{
		{Key: "id", Value: f.Key},
		{Key: "key", Value: f.Key},
		{Key: "label", Value: f.Label},
		{Key: "type", Value: f.ZapierType()},
		{Key: "required", Value: f.Required},
		{Key: "list", Value: f.IsList()},
		{Key: "search", Value: false},
		{Key: "altersDynamicFields", Value: false},
	}
	var choices apiclient.Payload
	for _, c := range f.Options() {
		choices = append(choices, apiclient.Member{Key: c.Value, Value: c.Label})
	}
	if len(choices) > 0 {
		p = append(p, apiclient.Member{Key: "choices", Value: choices})
	}
	return p
}
