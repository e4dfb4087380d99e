package wire

import "umdeck/apiclient"

// A Field is an entry of the catalogue.
type Field struct {
	Key      string                `json:"key"`
	Label    string                `json:"label"`
	Type     apiclient.FieldType   `json:"type"`
	Core     apiclient.CoreType    `json:"core,omitempty"`
	Required bool                  `json:"required,omitempty"`
	Choices  []Choice              `json:"choices,omitempty"`
	Validate string                `json:"validate,omitempty"`
	Min      *int                  `json:"min,omitempty"`
	Max      *int                  `json:"max,omitempty"`
	MaxChars int                   `json:"max_chars,omitempty"`
	MaxWords int                   `json:"max_words,omitempty"`
	Source   apiclient.FieldSource `json:"source,omitempty"`
	Secret   bool                  `json:"secret,omitempty"`
	ReadOnly bool                  `json:"read_only,omitempty"`
}

// A Choice is an answer that a field offers.
type Choice struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// FieldOf returns the twin of f.
func FieldOf(f apiclient.Field) Field {
	return Field{
		Key: f.Key, Label: f.Label, Type: f.Type, Core: f.Core, Required: f.Required,
		Choices:  back(f.Choices, func(c apiclient.Choice) Choice { return Choice(c) }),
		Validate: f.Validate, Min: f.Min, Max: f.Max, MaxChars: f.MaxChars, MaxWords: f.MaxWords,
		Source: f.Source, Secret: f.Secret, ReadOnly: f.ReadOnly,
	}
}

// Domain returns the field.
func (f Field) Domain() apiclient.Field {
	return apiclient.Field{
		Key: f.Key, Label: f.Label, Type: f.Type, Core: f.Core, Required: f.Required,
		Choices:  back(f.Choices, func(c Choice) apiclient.Choice { return apiclient.Choice(c) }),
		Validate: f.Validate, Min: f.Min, Max: f.Max, MaxChars: f.MaxChars, MaxWords: f.MaxWords,
		Source: f.Source, Secret: f.Secret, ReadOnly: f.ReadOnly,
	}
}

// A FieldRef names a field.
type FieldRef struct {
	Key string `json:"-" path:"key"`
}

// A FieldGroup is a zap's fields as Zapier reads them, and what it does not get.
type FieldGroup struct {
	Zap    Zap           `json:"zap"`
	Fields []Field       `json:"fields"`
	Hidden []HiddenField `json:"hidden"`
	Notice string        `json:"notice,omitempty"`
}

// A HiddenField is a field that the zap names and Zapier does not get.
type HiddenField struct {
	Key string `json:"key"`
	Why string `json:"why"`
}

// FieldGroupOf returns the twin of g.
func FieldGroupOf(g apiclient.FieldGroup) FieldGroup {
	return FieldGroup{
		ZapOf(g.Zap), each(g.Fields, FieldOf),
		each(g.Hidden, func(h apiclient.HiddenField) HiddenField { return HiddenField(h) }), g.Notice,
	}
}

// Domain returns the group.
func (g FieldGroup) Domain() apiclient.FieldGroup {
	return apiclient.FieldGroup{
		Zap: g.Zap.Domain(), Fields: back(g.Fields, Field.Domain), Notice: g.Notice,
		Hidden: back(g.Hidden, func(h HiddenField) apiclient.HiddenField { return apiclient.HiddenField(h) }),
	}
}
