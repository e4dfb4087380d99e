package wire

import (
	"bytes"
	"encoding/json"
	"errors"

	"umdeck/apiclient"
)

// A Payload is the body of a hook: a JSON object whose members keep their order
// both ways.
type Payload apiclient.Payload

// MarshalJSON encodes the members in order.
func (p Payload) MarshalJSON() ([]byte, error) { return apiclient.Payload(p).MarshalJSON() }

// UnmarshalJSON reads an object of strings, numbers, booleans, nulls and lists of
// strings. A scalar in a list that is no string is taken as its text.
func (p *Payload) UnmarshalJSON(b []byte) error {
	*p = nil
	return eachMember(b, func(key string, raw json.RawMessage) error {
		value, err := payloadValue(raw)
		*p = append(*p, apiclient.Member{Key: key, Value: value})
		return err
	})
}

func payloadValue(raw json.RawMessage) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	list, ok := v.([]any)
	if !ok {
		if _, object := v.(map[string]any); object {
			return nil, errors.New("an object within the body of a hook")
		}
		return v, nil
	}
	texts := make([]string, len(list))
	for i, item := range list {
		text, err := scalarText(item)
		if err != nil {
			return nil, err
		}
		texts[i] = text
	}
	return texts, nil
}

// scalarText returns a JSON scalar, decoded with UseNumber, as text; null is empty.
func scalarText(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case json.Number:
		return v.String(), nil
	case bool:
		if v {
			return "true", nil
		}
		return "false", nil
	}
	return "", errors.New("a list or an object where a text belongs")
}

// eachMember calls fn for each member of a JSON object, in order.
func eachMember(b []byte, fn func(key string, raw json.RawMessage) error) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	t, err := dec.Token()
	if err != nil {
		return err
	}
	if t != json.Delim('{') {
		return errors.New("not a JSON object")
	}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return err
		}
		key, _ := t.(string) // the decoder lets nothing else be a key
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return err
		}
		if err := fn(key, raw); err != nil {
			return err
		}
	}
	_, err = dec.Token()
	return err
}
