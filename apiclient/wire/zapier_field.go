package wire

import (
	"strconv"

	"umdeck/apiclient"
)

// Choices are values and their labels in the order in which they are offered: a
// JSON object, {} when there are none.
type Choices []apiclient.Choice

// MarshalJSON encodes the choices in order.
func (c Choices) MarshalJSON() ([]byte, error) {
	p := make(apiclient.Payload, len(c))
	for i, choice := range c {
		p[i] = apiclient.Member{Key: choice.Value, Value: choice.Label}
	}
	return p.MarshalJSON()
}

// A FieldDefinition is a field as um_get_fields answers it.
type FieldDefinition struct {
	ID       string  `json:"id"`
	Key      string  `json:"key"`
	Label    string  `json:"label"`
	Type     string  `json:"type"`
	Required bool    `json:"required"`
	List     bool    `json:"list"`
	Search   bool    `json:"search"`
	Alters   bool    `json:"altersDynamicFields"`
	Choices  Choices `json:"choices,omitempty"` // absent where there are none: Zapier refuses an empty one
}

// FieldDefinitionOf returns f as Zapier reads it.
func FieldDefinitionOf(f apiclient.Field) FieldDefinition {
	d := FieldDefinition{ID: f.Key, Key: f.Key, Label: f.Label, Type: f.ZapierType(), Required: f.Required, List: f.IsList()}
	if d.Type != "boolean" { // whose answers are yes and no, whatever its one choice is called
		d.Choices = Choices(f.Options())
	}
	return d
}

// ZapOptions is the answer of um_get_zap_actions_options and
// um_get_zap_triggers_options: one field whose choices are the zaps.
type ZapOptions struct {
	ID       string  `json:"id"`
	Key      string  `json:"key"`
	Label    string  `json:"label"`
	Type     string  `json:"type"`
	Help     string  `json:"helpText"`
	Choices  Choices `json:"choices"` // zap id to name; {} when there are none
	Alters   bool    `json:"altersDynamicFields"`
	Required bool    `json:"required"`
}

// ZapOptionsOf returns the options for zaps, which are all of one kind. Drafts
// are not offered; stopped ones are, since they keep their settings.
func ZapOptionsOf(zaps []apiclient.Zap) ZapOptions {
	o := ZapOptions{
		ID: "get_fields", Key: "get_fields", Label: "UM Field Group", Type: "string",
		Help:    "Choose a UM Field group created in WP Admin > Ultimate Member > Zaps.",
		Choices: Choices{}, Alters: true, Required: true,
	}
	for _, z := range zaps {
		if z.Status != apiclient.ZapDraft {
			o.Choices = append(o.Choices, apiclient.Choice{Value: strconv.FormatInt(int64(z.ID), 10), Label: z.Name})
		}
	}
	return o
}

// StatusChoices returns the statuses as um_get_account_statuses answers them.
func StatusChoices(list []apiclient.AccountStatus) Choices {
	c := Choices{}
	for _, s := range list {
		if s.Slug != apiclient.StatusUndefined && s.Slug != apiclient.StatusUnknown {
			c = append(c, apiclient.Choice{Value: string(s.Slug), Label: s.Label})
		}
	}
	return c
}

// RoleChoices returns the roles as um_account_roles answers them.
func RoleChoices(list []apiclient.Role) Choices {
	return each(list, func(r apiclient.Role) apiclient.Choice {
		return apiclient.Choice{Value: string(r.Slug), Label: r.Name}
	})
}
