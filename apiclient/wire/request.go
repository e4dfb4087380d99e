package wire

import (
	"cmp"
	"encoding"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"umdeck/apiclient"
)

// A Call is a request of umdeck/v1, ready to be sent.
type Call struct {
	Method string
	Path   string     // from the site's root on, escaped
	Query  url.Values // may be empty
	Body   []byte     // JSON; nil: there is none
}

// Call returns the request for in. It fails with Invalid for text that is not
// UTF-8, which JSON would change in silence.
func (e Endpoint[In, Out]) Call(in In) (Call, error) {
	c := Call{Method: e.Method, Path: Root + e.Path, Query: url.Values{}}
	body := false
	v := reflect.ValueOf(in)
	if err := checkText(v, ""); err != nil {
		return Call{}, err
	}
	for i := range v.NumField() {
		name, place := placeOf(v.Type().Field(i))
		if place == inBody {
			body = true
			continue
		}
		text, err := textOf(v.Field(i))
		if err != nil {
			return Call{}, err
		}
		switch {
		case place == inPath:
			c.Path = strings.Replace(c.Path, "{"+name+"}", url.PathEscape(text), 1)
		case !v.Field(i).IsZero() && text != "":
			c.Query.Set(name, text)
		}
	}
	if !body {
		return c, nil
	}
	var err error
	if c.Body, err = Marshal(in); err != nil {
		return Call{}, fmt.Errorf("encode the request of %s: %w", e.Name, err)
	}
	return c, nil
}

// checkText looks for text that is not UTF-8 in what is about to be encoded; name
// is the member that v is.
func checkText(v reflect.Value, name string) error {
	switch v.Kind() {
	case reflect.String:
		if !utf8.ValidString(v.String()) {
			return apiclient.FieldErrorf(name, "%s is not UTF-8 text; encode it as UTF-8.", cmp.Or(name, "A part of the request"))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			return checkText(v.Elem(), name)
		}
	case reflect.Slice:
		for i := range v.Len() {
			if err := checkText(v.Index(i), name); err != nil {
				return err
			}
		}
	case reflect.Map:
		for key, value := range v.Seq2() {
			if err := checkText(key, name); err != nil {
				return err
			}
			if err := checkText(value, key.String()); err != nil {
				return err
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			member := v.Type().Field(i)
			if !member.IsExported() {
				continue // of a time
			}
			tag, _, _ := strings.Cut(member.Tag.Get("json"), ",")
			if err := checkText(v.Field(i), cmp.Or(strings.Trim(tag, "-"), name)); err != nil {
				return err
			}
		}
	default: // numbers and booleans
	}
	return nil
}

// Decode reads the request from r, whose pattern is the endpoint's. It fails with
// Invalid; see [StatusOf] for what that means of a body.
func (e Endpoint[In, Out]) Decode(r *http.Request) (In, error) {
	var in In
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return in, &apiclient.Error{Kind: apiclient.Invalid, Message: "The address's query cannot be read; escape it as %XX.", Err: err}
	}
	v := reflect.ValueOf(&in).Elem()
	known := map[string]bool{}
	body := false
	for i := range v.NumField() {
		name, place := placeOf(v.Type().Field(i))
		var text string
		switch place {
		case inBody:
			body = true
			continue
		case inPath:
			text = r.PathValue(name)
		case inQuery:
			known[name] = true
			if len(query[name]) > 1 {
				return in, apiclient.FieldErrorf(name, "The parameter %s is there %d times; send it once.", name, len(query[name]))
			}
			text = query.Get(name)
		}
		if text == "" {
			continue
		}
		if err := setText(v.Field(i), name, text); err != nil {
			return in, err
		}
	}
	for _, name := range keys(query) {
		if !known[name] {
			return in, apiclient.FieldErrorf(name, "The parameter %q is not one of %s; leave it away.", name, e.Path)
		}
	}
	if !body {
		return in, nil
	}
	raw, err := readJSON(r)
	if err != nil {
		return in, err
	}
	return in, decodeJSON(raw, &in)
}

// readJSON returns the request's body, which must say that it is JSON.
func readJSON(r *http.Request) ([]byte, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" || !isUTF8(params) {
		return nil, &apiclient.Error{
			Kind: apiclient.Invalid, Field: "Content-Type", Err: ErrContentType,
			Message: "The body's type is not known; send JSON with Content-Type: application/json.",
		}
	}
	return readBody(r)
}

func isUTF8(params map[string]string) bool {
	charset, given := params["charset"]
	return !given || strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "utf8")
}

// readBody reads at most MaxBody bytes.
func readBody(r *http.Request) ([]byte, error) {
	raw, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, MaxBody))
	if err != nil {
		return nil, bodyError(err)
	}
	return raw, nil
}

// A place says where a request's member stands.
type place int

const (
	inBody place = iota
	inPath
	inQuery
)

func placeOf(f reflect.StructField) (name string, p place) {
	if name, ok := f.Tag.Lookup("path"); ok {
		return name, inPath
	}
	if name, ok := f.Tag.Lookup("query"); ok {
		return name, inQuery
	}
	return "", inBody
}

// textOf returns a member of a path or query as text.
func textOf(v reflect.Value) (string, error) {
	if m, ok := reflect.TypeAssert[encoding.TextMarshaler](v); ok {
		text, err := m.MarshalText()
		return string(text), err
	}
	switch v.Kind() {
	case reflect.String:
		return v.String(), nil
	case reflect.Int, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10), nil
	case reflect.Bool:
		return strconv.FormatBool(v.Bool()), nil
	default:
		panic("wire: a request's member of type " + v.Type().String() + " has no text")
	}
}

// setText is textOf backwards.
func setText(v reflect.Value, name, text string) error {
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return apiclient.FieldErrorf(name, "The parameter %s is not UTF-8 text; encode it as UTF-8.", name)
	}
	if u, ok := reflect.TypeAssert[encoding.TextUnmarshaler](v.Addr()); ok {
		return u.UnmarshalText([]byte(text))
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
		return nil
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return apiclient.FieldErrorf(name, "The parameter %s is %q; use a whole number.", name, text)
		}
		v.SetInt(n)
		return nil
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return apiclient.FieldErrorf(name, "The parameter %s is %q; use true or false.", name, text)
		}
		v.SetBool(b)
		return nil
	default:
		panic("wire: a request's member of type " + v.Type().String() + " has no text")
	}
}
