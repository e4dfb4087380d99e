package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"strconv"

	"umdeck/apiclient"
)

// This file holds the answers of the Zapier extension as a client must take
// them: the API document leaves shapes open, and PHP sends an empty map as [].

// A WordPressReply is the envelope that the extension answers with.
type WordPressReply struct {
	Success *bool           `json:"success"` // nil: this is no such envelope
	Data    json.RawMessage `json:"data"`
}

// ReadWordPressReply decodes an envelope; ok is false for anything else.
func ReadWordPressReply(data []byte) (r WordPressReply, ok bool) {
	if json.Unmarshal(data, &r) != nil || r.Success == nil {
		return WordPressReply{}, false
	}
	return r, true
}

// Text returns the data where it is a text, and else what it is as JSON.
func (r WordPressReply) Text() string {
	var s string
	if json.Unmarshal(r.Data, &s) == nil {
		return html.UnescapeString(s)
	}
	return string(r.Data)
}

// WordPressChoices are the choices of a field, the zaps of a site, its roles or
// its statuses: slug and label, in the site's order.
type WordPressChoices []apiclient.Choice

// UnmarshalJSON takes an object of labels, a list of labels (whose values are
// the labels, as Ultimate Member stores them), or [] and null for none.
func (c *WordPressChoices) UnmarshalJSON(data []byte) error {
	members, err := orderedMembers(data)
	if err != nil {
		return err
	}
	list := make(WordPressChoices, 0, len(members))
	isList := bytes.HasPrefix(bytes.TrimSpace(data), []byte("["))
	for _, m := range members {
		label := html.UnescapeString(phpText(m.Value))
		value := m.Key
		if isList {
			value = label
		}
		list = append(list, apiclient.Choice{Value: value, Label: label})
	}
	*c = list
	return nil
}

// WordPressZaps is the answer of um_get_zap_actions_options and
// um_get_zap_triggers_options.
type WordPressZaps struct {
	Choices map[apiclient.ZapID]string
	Order   []apiclient.ZapID
}

// UnmarshalJSON takes the field definition whose choices are the zaps. A list of
// names has its positions for ids, as PHP writes a map whose keys are 0, 1, 2.
func (z *WordPressZaps) UnmarshalJSON(data []byte) error {
	var def struct {
		Choices json.RawMessage `json:"choices"`
	}
	if err := json.Unmarshal(data, &def); err != nil {
		return err
	}
	members, err := orderedMembers(def.Choices)
	if err != nil {
		return err
	}
	z.Choices, z.Order = map[apiclient.ZapID]string{}, nil
	for _, m := range members {
		id, err := strconv.ParseInt(m.Key, 10, 64)
		if err != nil {
			return fmt.Errorf("a zap has the id %q", m.Key)
		}
		if id <= 0 {
			continue // an entry such as "none"
		}
		z.Choices[apiclient.ZapID(id)] = html.UnescapeString(phpText(m.Value))
		z.Order = append(z.Order, apiclient.ZapID(id))
	}
	return nil
}

// A WordPressField is an item of um_get_fields.
type WordPressField struct {
	ID       string           `json:"id"`
	Key      string           `json:"key"`
	Label    string           `json:"label"`
	Type     string           `json:"type"` // string, text, number, boolean; array in the document's table
	Required bool             `json:"required"`
	List     bool             `json:"list"`
	Choices  WordPressChoices `json:"choices"`
}

// Field returns the definition. The extension tells Zapier's type and not the
// field's: a predefined field of Ultimate Member gets its own type, another the
// plainest one that Zapier reads so.
func (f WordPressField) Field() apiclient.Field {
	key := f.Key
	if key == "" {
		key = f.ID
	}
	out := apiclient.Field{Key: key, Label: html.UnescapeString(f.Label), Required: f.Required, Choices: f.Choices, Source: apiclient.FieldCustom}
	out.Type = f.fieldType()
	for _, p := range apiclient.PredefinedFields() {
		if p.Key == key && p.ZapierType() == out.ZapierType() {
			p.Label, p.Required, p.Choices = out.Label, out.Required, out.Choices
			if p.Type == apiclient.FieldCountry {
				p.Choices = nil // Options gives the countries
			}
			return p
		}
	}
	return out
}

func (f WordPressField) fieldType() apiclient.FieldType {
	switch {
	case f.List || f.Type == "array":
		return apiclient.FieldMultiselect
	case f.Type == "boolean":
		return apiclient.FieldCheckbox
	case f.Type == "number":
		return apiclient.FieldNumber
	case f.Type == "text":
		return apiclient.FieldTextarea
	case len(f.Choices) > 0:
		return apiclient.FieldSelect
	}
	return apiclient.FieldText
}

// A WordPressCreated is the data of um_register_user's 201. What "user" holds is
// not documented; the id is all that is relied on.
type WordPressCreated struct {
	ID json.Number `json:"requests"`
}

// ReadWordPressPayload decodes the answer of um_zapier_activity_perform_list: the
// bare object that the API document shows, a list of one as Zapier's own rules
// want it, or either within the envelope. It fails unless um_zap_id is there.
func ReadWordPressPayload(data []byte) (apiclient.Payload, error) {
	data = bytes.TrimSpace(data)
	if r, ok := ReadWordPressReply(data); ok {
		data = bytes.TrimSpace(r.Data)
	}
	if len(data) > 0 && data[0] == '[' {
		var list []json.RawMessage
		if err := json.Unmarshal(data, &list); err != nil || len(list) == 0 {
			return nil, fmt.Errorf("a list without a payload")
		}
		data = list[0]
	}
	if len(data) == 0 || data[0] != '{' {
		return nil, fmt.Errorf("no payload")
	}
	members, err := orderedMembers(data)
	if err != nil {
		return nil, err
	}
	var p apiclient.Payload
	for _, m := range members {
		v, err := phpValue(m.Value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.Key, err)
		}
		p = append(p, apiclient.Member{Key: m.Key, Value: v})
	}
	if _, ok := p.Get("um_zap_id"); !ok {
		return nil, fmt.Errorf("a payload without um_zap_id")
	}
	return p, nil
}

// phpValue returns a string, bool, json.Number, []string or nil; a map, which
// is how PHP writes a list with gaps, is a list of its values.
func phpValue(raw json.RawMessage) (any, error) {
	switch raw[0] {
	case '[', '{':
		var l PHPList
		err := l.UnmarshalJSON(raw)
		return []string(l), err
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	err := dec.Decode(&v)
	return v, err
}

type rawMember struct {
	Key   string
	Value json.RawMessage
}

// orderedMembers returns the members of an object in their order, or the items of
// a list with their positions as keys. null and nothing have none.
func orderedMembers(data []byte) ([]rawMember, error) {
	data = bytes.TrimSpace(data)
	if len(data) == 0 || bytes.Equal(data, []byte("null")) {
		return nil, nil
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	open, err := dec.Token()
	if err != nil {
		return nil, err
	}
	if open != json.Delim('{') && open != json.Delim('[') {
		return nil, fmt.Errorf("%s is neither an object nor a list", kindOfJSON(data))
	}
	var list []rawMember
	for dec.More() {
		m := rawMember{Key: strconv.Itoa(len(list))}
		if open == json.Delim('{') {
			key, err := dec.Token()
			if err != nil {
				return nil, err
			}
			m.Key, _ = key.(string) // a member of an object always has a text for a key
		}
		if err := dec.Decode(&m.Value); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	if _, err := dec.Token(); err != nil && err != io.EOF {
		return nil, err
	}
	return list, nil
}

func kindOfJSON(data []byte) string {
	switch data[0] {
	case '"':
		return "a text"
	case 't', 'f':
		return "a boolean"
	}
	return "a number"
}

// phpText returns a JSON text's content, and the JSON itself for anything else
// but null and false, which PHP prints as nothing.
func phpText(raw json.RawMessage) string {
	var s string
	switch {
	case json.Unmarshal(raw, &s) == nil:
		return s
	case bytes.Equal(raw, []byte("null")), bytes.Equal(raw, []byte("false")):
		return ""
	case bytes.Equal(raw, []byte("true")):
		return "1"
	}
	return string(raw)
}
