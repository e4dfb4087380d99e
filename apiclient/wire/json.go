package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"

	"umdeck/apiclient"
)

// MaxBody is how many bytes a request's body may have.
const MaxBody = 1 << 20

// maxDepth is how deep JSON from outside may be nested.
const maxDepth = 64

// Marshal encodes v as JSON on one line, without escaping <, > and &.
func Marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// decodeJSON reads body into v strictly: one value, no unknown members, no key
// twice, UTF-8 only.
func decodeJSON(body []byte, v any) error {
	if err := checkJSON(body); err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return badJSON(err)
	}
	return nil
}

func badJSON(err error) error {
	if known, ok := errors.AsType[*apiclient.Error](err); ok {
		return known
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return &apiclient.Error{
			Kind: apiclient.Invalid, Field: wrong.Field, Err: err,
			Message: "The body's member " + wrong.Field + " is a JSON " + wrong.Value + "; send what the API's description names.",
		}
	}
	return &apiclient.Error{Kind: apiclient.Invalid, Message: "The body is not the JSON that this call takes: " + err.Error() + ".", Err: err}
}

// checkJSON refuses what decoders let pass in silence: text that is not UTF-8, a
// key that an object has twice, a second value after the first, deep nesting.
func checkJSON(body []byte) error {
	if !utf8.Valid(body) {
		return apiclient.Errorf(apiclient.Invalid, "The body is not UTF-8; encode it as UTF-8.")
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	if err := checkValue(dec, 0); err != nil {
		return badJSON(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return apiclient.Errorf(apiclient.Invalid, "The body has more than one JSON value; send one.")
	}
	return nil
}

func checkValue(dec *json.Decoder, depth int) error {
	if depth > maxDepth {
		return apiclient.Errorf(apiclient.Invalid, "The body is nested more than %d deep; send a flatter one.", maxDepth)
	}
	t, err := dec.Token()
	if err != nil {
		return err
	}
	switch t {
	case json.Delim('['):
		for dec.More() {
			if err := checkValue(dec, depth+1); err != nil {
				return err
			}
		}
	case json.Delim('{'):
		if err := checkMembers(dec, depth); err != nil {
			return err
		}
	default:
		return nil
	}
	_, err = dec.Token() // the closing bracket
	return err
}

func checkMembers(dec *json.Decoder, depth int) error {
	seen := map[string]bool{}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return err
		}
		key, _ := t.(string) // the decoder lets nothing else be a key
		if seen[key] {
			return apiclient.FieldErrorf(key, "The body has %q twice; send it once.", key)
		}
		seen[key] = true
		if err := checkValue(dec, depth+1); err != nil {
			return err
		}
	}
	return nil
}
