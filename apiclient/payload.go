package apiclient

import (
	"bytes"
	"encoding/json"
	"strings"
)

// A Payload is the body of a hook and the answer of
// um_zapier_activity_perform_list: a JSON object whose members keep their order.
type Payload []Member

// A Member is one key of a payload. Value is a string, bool, json.Number,
// []string or nil.
type Member struct {
	Key   string
	Value any
}

// SiteInfo is what a payload must know of the site.
type SiteInfo struct {
	UploadsURL string // address of wp-content/uploads without a slash at the end, for image and file fields
	CommaLists bool   // lists are comma separated texts: umdeck_array_format
}

// NewPayload returns the body of zap z for user u: id, um_zap_name, um_zap_id and
// user_id, then each of fields in the order given and in the form that
// [Field.Send] gives; every one is present. id is the event's number, or the
// zap's for a sample (the API document's example has the zap's). A nil user gives
// placeholders in the real forms.
func NewPayload(id int64, z Zap, fields []Field, u *User, site SiteInfo) Payload {
	p := Payload{
		{"id", number(id)},
		{"um_zap_name", z.Name},
		{"um_zap_id", number(int64(z.ID))},
		{"user_id", number(0)},
	}
	if u != nil {
		p[3].Value = number(int64(u.ID))
	}
	for _, f := range fields {
		if f.Secret {
			continue
		}
		var v any
		if u == nil {
			v = f.Sample()
		} else {
			v = f.Send(u.Value(f.Key), u.ID, site)
		}
		if list, ok := v.([]string); ok && site.CommaLists {
			v = strings.Join(list, ", ")
		}
		p = append(p, Member{f.Key, v})
	}
	return p
}

// MarshalJSON encodes the members in their order, without escaping <, > and &.
func (p Payload) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, m := range p {
		if i > 0 {
			b.WriteByte(',')
		}
		for j, v := range []any{m.Key, m.Value} {
			if j > 0 {
				b.WriteByte(':')
			}
			if err := enc.Encode(v); err != nil {
				return nil, err
			}
			b.Truncate(b.Len() - 1) // Encode ends with a newline
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Get returns the value of a key, and whether the payload has it.
func (p Payload) Get(key string) (any, bool) {
	for _, m := range p {
		if m.Key == key {
			return m.Value, true
		}
	}
	return nil, false
}

func number(n int64) json.Number {
	b, _ := json.Marshal(n) // an integer always encodes
	return json.Number(b)
}
