package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"umdeck/apiclient"
)

// Limits of the parameters of one call.
const (
	maxParams = 1000 // names and values of lists together
	maxName   = 255  // bytes of a name
)

// Params are the parameters of a call on a form surface, by name: those of the
// query and those of the body, however that is encoded. A name that came several
// times, as key[] or key[0], or as a JSON list is a list.
type Params map[string]apiclient.Value

// ReadParams returns the parameters of r. The body may be JSON (one object of
// texts, numbers, booleans, nulls and lists of those), form-urlencoded or
// multipart; a null is as if the parameter were absent. A name that query and
// body both have must have the same value in both.
//
// It fails with Invalid for a body of another type, over [MaxBody], with more
// than 1,000 parameters, with a key twice in JSON, with text that is not UTF-8
// and with a file; see [StatusOf].
func ReadParams(r *http.Request) (Params, error) {
	query, err := readQuery(r.URL.RawQuery)
	if err != nil {
		return nil, err
	}
	body, err := readParams(r)
	if err != nil {
		return nil, err
	}
	for name, value := range query {
		if other, both := body[name]; both && !other.Equal(value) {
			return nil, apiclient.FieldErrorf(name, "The parameter %q has one value in the address and another in the body; send it once.", name)
		}
		body[name] = value
	}
	return body, body.checkCount()
}

func readQuery(raw string) (Params, error) {
	p := Params{}
	return p, p.addForm(raw)
}

func readParams(r *http.Request) (Params, error) {
	p := Params{}
	if r.Body == nil || r.Body == http.NoBody {
		return p, nil
	}
	kind, options, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	known := err == nil && isUTF8(options)
	if known && kind == "multipart/form-data" {
		return p, p.addMultipart(http.MaxBytesReader(nil, r.Body, MaxBody), options["boundary"])
	}
	raw, err := readBody(r)
	if err != nil {
		return nil, err
	}
	switch {
	case len(bytes.TrimSpace(raw)) == 0:
		return p, nil
	case known && kind == "application/x-www-form-urlencoded":
		return p, p.addForm(string(raw))
	case known && (kind == "application/json" || strings.HasSuffix(kind, "+json")):
		return p, p.addJSON(raw)
	}
	return nil, &apiclient.Error{
		Kind: apiclient.Invalid, Field: "Content-Type", Err: ErrContentType,
		Message: "The body's type is not known; send application/json, application/x-www-form-urlencoded or multipart/form-data in UTF-8.",
	}
}

func bodyError(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return &apiclient.Error{Kind: apiclient.Invalid, Message: fmt.Sprintf("The body is larger than %d bytes; send less at a time.", MaxBody), Err: err}
	}
	return &apiclient.Error{Kind: apiclient.Invalid, Message: "The body cannot be read; send it again.", Err: err}
}

// addForm adds what a query or a form-urlencoded body has, in its order.
func (p Params) addForm(raw string) error {
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err == nil {
			value, err = url.QueryUnescape(value)
		}
		if err != nil {
			return &apiclient.Error{Kind: apiclient.Invalid, Message: "The form cannot be read; escape its text as %XX.", Err: err}
		}
		if err := p.add(name, value); err != nil {
			return err
		}
	}
	return nil
}

func (p Params) addMultipart(body io.Reader, boundary string) error {
	form := multipart.NewReader(body, boundary)
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return bodyError(err)
		}
		if part.FileName() != "" {
			return apiclient.FieldErrorf(part.FormName(), "The parameter %q is a file; send the URL of one as text.", part.FormName())
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return bodyError(err)
		}
		if err := p.add(part.FormName(), string(value)); err != nil {
			return err
		}
	}
}

// add takes one pair of a form. The second value of a name makes it a list, and
// so do brackets behind the name.
func (p Params) add(name, value string) error {
	name, list := cutBrackets(name)
	if err := checkParam(name, value); err != nil {
		return err
	}
	before, again := p[name]
	switch {
	case !again && !list:
		p[name] = apiclient.Text(value)
	case !again:
		p[name] = apiclient.List(value)
	case before.List == nil:
		p[name] = apiclient.List(before.Text, value)
	default:
		before.List = append(before.List, value)
		p[name] = before
	}
	if len(p) > maxParams || len(p[name].List) > maxParams {
		return tooMany()
	}
	return nil
}

// cutBrackets returns a name without [] or [7] at its end, and whether it was there.
func cutBrackets(name string) (string, bool) {
	before, index, ok := strings.Cut(name, "[")
	if !ok || before == "" || !strings.HasSuffix(index, "]") {
		return name, false
	}
	index = strings.TrimSuffix(index, "]")
	if strings.Trim(index, "0123456789") != "" {
		return name, false
	}
	return before, true
}

func (p Params) addJSON(raw []byte) error {
	if err := checkJSON(raw); err != nil {
		return err
	}
	err := eachMember(raw, func(name string, raw json.RawMessage) error {
		value, ok, err := paramOf(name, raw)
		if err != nil || !ok {
			return err
		}
		if len(p) >= maxParams {
			return tooMany()
		}
		p[name] = value
		return nil
	})
	if known, ok := errors.AsType[*apiclient.Error](err); ok {
		return known
	}
	if err != nil {
		return &apiclient.Error{Kind: apiclient.Invalid, Message: "The body is not a JSON object; send the parameters as one.", Err: err}
	}
	return nil
}

// paramOf returns a member of a JSON body; ok is false for null.
func paramOf(name string, raw json.RawMessage) (value apiclient.Value, ok bool, err error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return value, false, err
	}
	if v == nil {
		return value, false, nil
	}
	items, list := v.([]any)
	if !list {
		items = []any{v}
	}
	if len(items) > maxParams {
		return value, false, tooMany()
	}
	texts := make([]string, len(items))
	for i, item := range items {
		text, err := scalarText(item)
		if err != nil {
			return value, false, apiclient.FieldErrorf(name, "The parameter %q is nested; send a text, a number, true, false, or a list of those.", name)
		}
		if err := checkParam(name, text); err != nil {
			return value, false, err
		}
		texts[i] = text
	}
	if list {
		return apiclient.List(texts...), true, nil
	}
	return apiclient.Text(texts[0]), true, nil
}

func checkParam(name, value string) error {
	switch {
	case name == "":
		return apiclient.Errorf(apiclient.Invalid, "A parameter has no name; name it.")
	case len(name) > maxName:
		return apiclient.Errorf(apiclient.Invalid, "A parameter's name is %d bytes long; use at most %d.", len(name), maxName)
	case !utf8.ValidString(name):
		return apiclient.Errorf(apiclient.Invalid, "A parameter's name is not UTF-8; encode it as UTF-8.")
	case !utf8.ValidString(value):
		return apiclient.FieldErrorf(name, "The parameter %q is not UTF-8; encode it as UTF-8.", name)
	case strings.ContainsRune(name, 0) || strings.ContainsRune(value, 0):
		return apiclient.FieldErrorf(name, "The parameter %q has a NUL character in it; leave that away.", name)
	}
	return nil
}

func (p Params) checkCount() error {
	n := 0
	for _, v := range p {
		n += max(1, len(v.List))
	}
	if n > maxParams {
		return tooMany()
	}
	return nil
}

func tooMany() error {
	return apiclient.Errorf(apiclient.Invalid, "The call has more than %d parameters; send fewer.", maxParams)
}

// Text returns the parameter as trimmed text; empty when it is absent. A list of
// several is Invalid: the parameter was sent more than once.
func (p Params) Text(name string) (string, error) {
	text, err := OneText(name, p[name])
	return strings.TrimSpace(text), err
}

// OneText returns a value that must not be a list of several, as it is. Zapier and
// forms send one text as a list of one, too.
func OneText(name string, v apiclient.Value) (string, error) {
	switch {
	case len(v.List) > 1:
		return "", apiclient.FieldErrorf(name, "The parameter %s is there %d times; send it once.", name, len(v.List))
	case len(v.List) == 1:
		return v.List[0], nil
	}
	return v.Text, nil
}

// Required is Text for a parameter that must be there and not be empty.
func (p Params) Required(name string) (string, error) {
	text, err := p.Text(name)
	if err == nil && text == "" {
		err = apiclient.FieldErrorf(name, MissingParameter, name)
	}
	return text, err
}

// Number returns a parameter that is a whole number of 0 or more, and 0 when it is
// absent or empty.
func (p Params) Number(name string) (int64, error) {
	text, err := p.Text(name)
	if err != nil || text == "" {
		return 0, err
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, apiclient.FieldErrorf(name, "The parameter %s is %q; use a whole number.", name, text)
	}
	return n, nil
}

// RequiredNumber is Number for a parameter that must be there and not be empty.
func (p Params) RequiredNumber(name string) (int64, error) {
	if _, err := p.Required(name); err != nil {
		return 0, err
	}
	return p.Number(name)
}

// YesNo returns a parameter that must be there and be "Yes" or "No". Zapier's
// booleans are taken too: true, false, 1, 0, on and off.
func (p Params) YesNo(name string) (bool, error) {
	text, err := p.Required(name)
	if err != nil {
		return false, err
	}
	switch strings.ToLower(text) {
	case "yes", "true", "1", "on":
		return true, nil
	case "no", "false", "0", "off":
		return false, nil
	}
	return false, apiclient.FieldErrorf(name, `The parameter %s is %q; use "Yes" or "No".`, name, text)
}
