package server

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// A restIn is a request of WordPress's REST API.
type restIn struct {
	*wire.RestRequest
	home string          // of the site
	user *apiclient.User // that the path names, once it was read
}

// A restOut is the answer to one.
type restOut struct {
	status int // 0: 200
	header http.Header
	data   any
	links  wire.RestObject // of what data is; nil: none
}

// A restCall serves an endpoint. may says who may call it; nil: everyone.
type restCall struct {
	may func(context.Context, *restIn) error
	do  func(context.Context, *restIn) (restOut, error)
}

func (s *Server) restEndpoints() map[string]restCall {
	return map[string]restCall{
		wire.RestIndex:           {do: s.restIndex},
		wire.RestNamespaceIndex:  {do: s.restNamespace},
		wire.RestListUsers:       {s.mayListUsers, s.restUsers},
		wire.RestCreateUser:      {s.mayCreateUser, s.restCreate},
		wire.RestGetUser:         {s.maySeeUser, s.restGet},
		wire.RestUpdateUser:      {s.mayUpdateUser, s.restUpdate},
		wire.RestDeleteUser:      {s.mayDeleteUser, s.restDelete},
		wire.RestGetMe:           {do: s.restMe},
		wire.RestUpdateMe:        {s.mayUpdateUser, s.restUpdate},
		wire.RestDeleteMe:        {s.mayDeleteUser, s.restDelete},
		wire.RestListPasswords:   {s.mayPasswords("rest_cannot_list_application_passwords", "list application passwords for this user"), s.restPasswords},
		wire.RestCreatePassword:  {s.mayPasswords("rest_cannot_create_application_passwords", "create application passwords for this user"), s.restCreatePassword},
		wire.RestDeletePasswords: {s.mayPasswords("rest_cannot_delete_application_passwords", "delete application passwords for this user"), s.restDeletePasswords},
		wire.RestIntrospect:      {s.mayIntrospect, s.restIntrospect},
		wire.RestGetPassword:     {s.mayPasswords("rest_cannot_read_application_password", "read this application password"), s.restPassword},
		wire.RestDeletePassword:  {s.mayPasswords("rest_cannot_delete_application_password", "delete this application password"), s.restDeletePassword},
	}
}

// restPath serves what is below /wp-json, umdeck/v1 apart.
func (s *Server) restPath(w http.ResponseWriter, r *http.Request) {
	route := strings.TrimPrefix(r.URL.Path, wire.RestRoot)
	if strings.HasPrefix(r.URL.Path, wire.Root+"/") || r.URL.Path == wire.Root {
		s.absent(w, r)
		return
	}
	s.rest(w, r, route)
}

// rest answers a route of WordPress's REST API.
func (s *Server) rest(w http.ResponseWriter, r *http.Request, route string) {
	home, err := s.home(r)
	if err != nil {
		s.failRest(w, r, err)
		return
	}
	h := w.Header()
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Link", restLink(home))
	h.Set("Access-Control-Expose-Headers", "X-WP-Total, X-WP-TotalPages, Link")
	h.Set("Access-Control-Allow-Headers", "Authorization, X-WP-Nonce, Content-Disposition, Content-MD5, Content-Type")
	if route = strings.TrimRight(route, "/"); route == "" {
		route = "/"
	}
	request, err := wire.ReadRestRequest(r, route)
	if err != nil {
		s.failRest(w, r, err)
		return
	}
	ctx, err := s.loginRest(r)
	if err != nil {
		s.failRest(w, r, err)
		return
	}
	in := &restIn{RestRequest: request, home: home}
	out, err := s.restDispatch(ctx, in)
	if in.Query.Has("_envelope") {
		s.envelope(w, r, out, err)
		return
	}
	maps.Copy(h, out.header)
	if err != nil {
		s.failRest(w, r, err)
		return
	}
	s.write(w, r, out.code(), out.body())
}

// restLink is the header that tells where the REST API is.
func restLink(home string) string {
	return "<" + home + wire.RestRoot + `/>; rel="https://api.w.org/"`
}

// home returns the address of the site, without a slash at its end.
func (s *Server) home(r *http.Request) (string, error) {
	if s.cfg.URL != "" {
		return s.cfg.URL, nil
	}
	site, err := s.api.Site(r.Context())
	if err != nil || site.URL != "" {
		return site.URL, err
	}
	return s.hostURL(r), nil
}

func (o restOut) code() int {
	if o.status == 0 {
		return http.StatusOK
	}
	return o.status
}

// body is the data with its links.
func (o restOut) body() any {
	if item, ok := o.data.(wire.RestObject); ok && o.links != nil {
		return append(item, wire.RestMember{Name: "_links", Value: o.links})
	}
	return o.data
}

// loginRest is login, but who sends no credentials is a visitor. Wrong ones are
// refused everywhere, as on a WordPress where some plugin asks early for the user;
// always with the same words, which tell nobody what logins there are.
func (s *Server) loginRest(r *http.Request) (context.Context, error) {
	if s.cfg.Trust == nil && r.Header.Get("Authorization") == "" {
		return r.Context(), nil
	}
	ctx, err := s.login(r, apiclient.OriginAPI)
	if apiclient.KindOf(err) == apiclient.Unauthorized && err != nil {
		return nil, &wire.RestError{Status: http.StatusUnauthorized, Code: "incorrect_password", Message: "The provided password is an invalid application password.", Err: err}
	}
	return ctx, err
}

// restDispatch finds the endpoint and calls it. The header Allow says what the
// caller may do with the route, also where the call fails.
func (s *Server) restDispatch(ctx context.Context, in *restIn) (restOut, error) {
	if in.Method == http.MethodOptions {
		return s.restOptions(ctx, in), nil
	}
	for _, route := range s.restRoutes {
		params, ok := route.Match(in.Route)
		if !ok {
			continue
		}
		for _, e := range route.Endpoints {
			if !e.Has(in.Method) {
				continue
			}
			in.Path = params
			out, err := s.restCall(ctx, in, e)
			if out.header == nil {
				out.header = http.Header{}
			}
			s.allow(ctx, in, route, out.header)
			return out, err
		}
	}
	return restOut{}, wire.RestErrorf(http.StatusNotFound, "rest_no_route", "No route was found matching the URL and request method.")
}

func (s *Server) restCall(ctx context.Context, in *restIn, e wire.RestEndpoint) (restOut, error) {
	if err := in.Clean(e.Args); err != nil {
		return restOut{}, err
	}
	call := s.restCalls[e.Name]
	if call.may != nil {
		if err := call.may(ctx, in); err != nil {
			return restOut{}, err
		}
	}
	return call.do(ctx, in)
}

// restOptions describes the route; no route is described by an empty list.
func (s *Server) restOptions(ctx context.Context, in *restIn) restOut {
	for _, route := range s.restRoutes {
		if params, ok := route.Match(in.Route); ok {
			in.Path = params
			out := restOut{header: http.Header{}, data: wire.ReadRestFields(in.Param("_fields")).Cut(route.Describe(in.home, true))}
			s.allow(ctx, in, route, out.header)
			return out
		}
	}
	return restOut{data: wire.RestObject{}}
}

func (s *Server) allow(ctx context.Context, in *restIn, route wire.RestRoute, h http.Header) {
	var methods []string
	for _, e := range route.Endpoints {
		if call := s.restCalls[e.Name]; call.may == nil || call.may(ctx, in) == nil {
			methods = append(methods, e.Methods...)
		}
	}
	if methods != nil {
		h.Set("Allow", strings.Join(methods, ", "))
	}
}

// envelope answers 200 with the answer's status and headers in the body.
func (s *Server) envelope(w http.ResponseWriter, r *http.Request, out restOut, err error) {
	status, body := out.code(), out.body()
	if err != nil {
		failure := restErrorOf(err)
		status, body = failure.HTTPStatus(), failure
	}
	headers := wire.RestObject{}
	for _, name := range []string{"X-WP-Total", "X-WP-TotalPages", "Link", "Location", "Allow"} {
		if v := out.header.Get(name); v != "" {
			headers = append(headers, wire.RestMember{Name: name, Value: envelopeValue(name, v)})
		}
	}
	s.write(w, r, http.StatusOK, wire.RestObject{{Name: "body", Value: body}, {Name: "status", Value: status}, {Name: "headers", Value: headers}})
}

// failRest answers with an error of WordPress's kind.
func (s *Server) failRest(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		s.lost(r, err)
		return
	}
	s.fail(w, r, restErrorOf(err))
}
