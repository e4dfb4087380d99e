package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// readPHPForm reads a query or a form as PHP does: a[] makes a list, a[b] an object,
// the last value of a name counts, and spaces and dots in names become underscores.
func readPHPForm(raw string) (RestObject, error) {
	o, count := RestObject{}, 0
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, value = unescapePHP(name), unescapePHP(value)
		if !utf8.ValidString(name) || !utf8.ValidString(value) {
			return nil, RestErrorf(http.StatusBadRequest, "rest_invalid_param", "A parameter is not UTF-8; encode it as UTF-8.")
		}
		if count++; count > maxParams {
			return nil, RestErrorf(http.StatusBadRequest, "rest_invalid_param", "The call has more than "+strconv.Itoa(maxParams)+" parameters; send fewer.")
		}
		o = addPHP(o, name, value)
	}
	return o, nil
}

// unescapePHP decodes a name or a value; a % that is no escape stays as it is.
func unescapePHP(text string) string {
	if out, err := url.QueryUnescape(text); err == nil {
		return out
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '+':
			b.WriteByte(' ')
		case text[i] == '%' && i+2 < len(text) && isHex(text[i+1]) && isHex(text[i+2]):
			n, _ := strconv.ParseUint(text[i+1:i+3], 16, 8) // two digits always are a number
			b.WriteByte(byte(n))
			i += 2
		default:
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
}

// addPHP adds one pair. Brackets are read one deep, which is as deep as any
// parameter here goes; what is deeper is kept as the text of a member.
func addPHP(o RestObject, name, value string) RestObject {
	base, index, brackets := strings.Cut(name, "[")
	index, _, closed := strings.Cut(index, "]")
	base = strings.NewReplacer(" ", "_", ".", "_").Replace(strings.TrimLeft(base, " "))
	if base == "" {
		return o
	}
	if !brackets || !closed {
		return o.set(base, value)
	}
	before, _ := o.Get(base)
	if strings.Trim(index, "0123456789") == "" { // PHP's lists have numbers, whichever
		if inner, ok := before.(RestObject); ok && len(inner) > 0 {
			return o.set(base, inner.set(index, value))
		}
		list, _ := before.([]any)
		return o.set(base, append(list, value))
	}
	inner, _ := before.(RestObject)
	if list, ok := before.([]any); ok {
		for i, v := range list {
			inner = append(inner, RestMember{strconv.Itoa(i), v})
		}
	}
	return o.set(base, inner.set(index, value))
}

func readPHPMultipart(body []byte, boundary string) (RestObject, error) {
	o, count := RestObject{}, 0
	form := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := form.NextPart()
		if err != nil {
			return o, nil //nolint:nilerr // PHP takes what it could read
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return o, nil //nolint:nilerr // likewise
		}
		if count++; count > maxParams || !utf8.Valid(value) || !utf8.ValidString(part.FormName()) {
			return nil, RestErrorf(http.StatusBadRequest, "rest_invalid_param", "The form has more than "+strconv.Itoa(maxParams)+" parameters, or text that is not UTF-8.")
		}
		if part.FileName() == "" {
			o = addPHP(o, part.FormName(), string(value))
		}
	}
}

// readPHPJSON reads a JSON body. What is no object has no parameters.
func readPHPJSON(body []byte) (RestObject, *RestError) {
	refuse := func(code int, message string, err error) *RestError {
		e := RestErrorf(http.StatusBadRequest, "rest_invalid_json", "Invalid JSON body passed.")
		e.More, e.Err = RestObject{{"json_error_code", code}, {"json_error_message", message}}, err
		return e
	}
	if !utf8.Valid(body) {
		return nil, refuse(5, "Malformed UTF-8 characters, possibly incorrectly encoded", nil)
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	v, err := phpJSON(dec, 0)
	if errors.Is(err, errTooDeep) {
		return nil, refuse(1, "Maximum stack depth exceeded", err)
	}
	if err == nil {
		if _, end := dec.Token(); !errors.Is(end, io.EOF) {
			err = errors.New("there is more than one value")
		}
	}
	if err != nil {
		return nil, refuse(4, "Syntax error", err)
	}
	o, _ := v.(RestObject)
	return o, nil
}

var (
	errTooDeep = errors.New("nested too deep")
	errTooMany = errors.New("too many members") // each is looked for among those before it
)

// phpJSON reads one value.
func phpJSON(dec *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errTooDeep
	}
	t, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case json.Number:
		if n, err := t.Int64(); err == nil {
			return n, nil
		}
		return t.Float64()
	case json.Delim:
		return phpContainer(dec, t, depth)
	}
	return t, nil
}

func phpContainer(dec *json.Decoder, open json.Delim, depth int) (any, error) {
	list, object := []any{}, RestObject{}
	for dec.More() {
		name := ""
		if open == '{' {
			t, err := dec.Token()
			if err != nil {
				return nil, err
			}
			name, _ = t.(string) // the decoder lets nothing else be a name
		}
		v, err := phpJSON(dec, depth+1)
		if err != nil {
			return nil, err
		}
		if len(object) > maxParams {
			return nil, errTooMany
		}
		if open == '{' {
			object = object.set(name, v)
		} else {
			list = append(list, v)
		}
	}
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	if open == '{' {
		return object, nil
	}
	return list, nil
}
