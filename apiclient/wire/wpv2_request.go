package wire

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// A RestRequest is a request of WordPress's REST API. A parameter may stand in
// several places; the first that has it counts: a JSON body, a form, the address's
// query, the path.
type RestRequest struct {
	Method string // as _method or X-HTTP-Method-Override has it, where that is there
	Route  string // such as "/wp/v2/users/7"
	Query  RestObject
	Path   RestObject

	json, form RestObject
	jsonErr    *RestError // of a body that is no JSON; told once a route is found
	values     map[string]any
}

// ReadRestRequest reads r, whose route the caller knows. It fails with a
// [RestError] for what PHP or a web server would not hand to WordPress: a body over
// [MaxBody], more than 1,000 parameters, text that is not UTF-8.
func ReadRestRequest(r *http.Request, route string) (*RestRequest, error) {
	in := &RestRequest{Method: strings.ToUpper(r.Method), Route: route}
	var err error
	if in.Query, err = readPHPForm(r.URL.RawQuery); err != nil {
		return nil, err
	}
	if method, ok := in.Query.Get("_method"); ok {
		in.Method = strings.ToUpper(RestScalar(method))
	} else if method := r.Header.Get("X-HTTP-Method-Override"); method != "" {
		in.Method = strings.ToUpper(method)
	}
	body, err := readRestBody(r)
	if err != nil {
		return nil, err
	}
	return in, in.readBody(r, body)
}

func readRestBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, MaxBody))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, RestErrorf(http.StatusRequestEntityTooLarge, "rest_content_too_large", "The body is larger than "+strconv.Itoa(MaxBody)+" bytes; send less at a time.")
	}
	if err != nil {
		return nil, &RestError{Status: http.StatusBadRequest, Code: "rest_invalid_body", Message: "The body cannot be read; send it again.", Err: err}
	}
	return body, nil
}

func (in *RestRequest) readBody(r *http.Request, body []byte) (err error) {
	kind, options, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		kind = strings.ToLower(r.Header.Get("Content-Type"))
	}
	err = nil
	switch {
	case len(body) == 0:
	case kind == "application/json" || strings.HasPrefix(kind, "application/") && strings.HasSuffix(kind, "+json"):
		in.json, in.jsonErr = readPHPJSON(body)
	case in.Method != http.MethodPost && (kind == "application/x-www-form-urlencoded" || kind == ""): // WordPress reads it itself
		in.form, err = readPHPForm(string(body))
	case r.Method == http.MethodPost && kind == "application/x-www-form-urlencoded": // PHP has read it
		in.form, err = readPHPForm(string(body))
	case kind == "multipart/form-data" && r.Method == http.MethodPost:
		in.form, err = readPHPMultipart(body, options["boundary"])
	}
	return err
}

// sources are where parameters are looked for, the first one first.
func (in *RestRequest) sources() []RestObject {
	if !slices.Contains([]string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}, in.Method) {
		return []RestObject{in.json, in.Query, in.Path}
	}
	return []RestObject{in.json, in.form, in.Query, in.Path}
}

// Param returns the value of a parameter as it was sent, or as it was cleaned after
// [RestRequest.Clean]; nil: it is not there, or null.
func (in *RestRequest) Param(name string) any {
	if v, ok := in.values[name]; ok {
		return v
	}
	return in.sent(name)
}

func (in *RestRequest) sent(name string) any {
	// The path says who is meant; a parameter of the same name does not. WordPress
	// has it the other way round, and so changes another user than the address names.
	if v, ok := in.Path.Get(name); ok {
		return v
	}
	for _, source := range in.sources() {
		if v, ok := source.Get(name); ok && v != nil {
			return v
		}
	}
	return nil
}

// Set gives a parameter another value.
func (in *RestRequest) Set(name string, v any) {
	if in.values == nil {
		in.values = map[string]any{}
	}
	in.values[name] = v
}

// Names returns the names of all parameters that were sent.
func (in *RestRequest) Names() []string {
	var names []string
	for _, source := range in.sources() {
		for _, m := range source {
			if !slices.Contains(names, m.Name) {
				names = append(names, m.Name)
			}
		}
	}
	return names
}

// Text returns a parameter as text; empty: it is not there.
func (in *RestRequest) Text(name string) string { return RestScalar(in.Param(name)) }

// Integer returns a parameter that is a whole number, and 0 for anything else.
func (in *RestRequest) Integer(name string) int64 {
	n, _ := integerOf(in.Param(name))
	return n
}

// Texts returns the texts of a parameter that is a list.
func (in *RestRequest) Texts(name string) []string {
	texts := []string{}
	for _, v := range listOf(in.Param(name)) {
		texts = append(texts, RestScalar(v))
	}
	return texts
}

// Integers returns the numbers of a parameter that is a list.
func (in *RestRequest) Integers(name string) []int64 {
	var list []int64
	for _, v := range listOf(in.Param(name)) {
		n, _ := integerOf(v)
		list = append(list, n)
	}
	return list
}

// Clean checks the parameters as WordPress does, gives those that are not there
// their defaults, and cleans their values. It fails with a [RestError]: the body is
// no JSON, parameters are missing, or their values are refused.
func (in *RestRequest) Clean(args RestArgs) error {
	if in.jsonErr != nil {
		return in.jsonErr
	}
	var missing []string
	for _, a := range args {
		if a.Required && in.sent(a.Name) == nil {
			missing = append(missing, a.Name)
		}
	}
	if missing != nil {
		e := RestErrorf(http.StatusBadRequest, "rest_missing_callback_param", "Missing parameter(s): "+strings.Join(missing, ", "))
		e.Missing = missing
		return e
	}
	if err := in.check(args); err != nil {
		return err
	}
	return in.clean(args)
}

// check is the first pass.
func (in *RestRequest) check(args RestArgs) error {
	var names []string
	faults := map[string]*fault{}
	for _, a := range args {
		v := in.sent(a.Name)
		if v == nil || a.Late {
			continue
		}
		f := a.check(a.Name, v)
		if f != nil && a.Bare {
			f = &fault{message: "Invalid parameter."}
		}
		if f != nil {
			names, faults[a.Name] = append(names, a.Name), f
		}
	}
	if err := invalidParams(names, faults); err != nil {
		return err
	}
	return nil
}

// clears reports whether null clears the parameter, as it does where WordPress makes
// a text of it. It would also take the address from a user, without which nobody is
// one here.
func (a RestArg) clears() bool { return a.Clean != CleanNothing && a.Format != "email" && !a.Late }

// clean is the second pass, which goes over the parameters in the order in which
// they were sent.
func (in *RestRequest) clean(args RestArgs) error {
	values := map[string]any{}
	for _, a := range args {
		if a.Default != nil {
			values[a.Name] = a.Default
		}
	}
	var names []string
	faults := map[string]*fault{}
	for _, name := range in.Names() {
		i := slices.IndexFunc(args, func(a RestArg) bool { return a.Name == name })
		v := in.sent(name)
		if i >= 0 && v == nil && args[i].clears() {
			v = ""
		}
		if i < 0 || v == nil {
			continue
		}
		f := (*fault)(nil)
		if args[i].Late && args[i].Clean == CleanNothing {
			f = args[i].check(name, v)
		}
		if f == nil {
			values[name], f = args[i].Clean.apply(args[i].clean(v))
		}
		if f != nil {
			names, faults[name] = append(names, name), f
		}
	}
	if err := invalidParams(names, faults); err != nil {
		return err
	}
	for name, v := range values {
		in.Set(name, v)
	}
	return nil
}
