package server

import (
	"cmp"
	"context"
	"fmt"
	"html"
	"net/http"
	"regexp"

	"umdeck/apiclient/wire"
)

// authorizePath is where WordPress has the page that makes application passwords.
const authorizePath = "/wp-admin/authorize-application.php"

// restIndex tells what the site offers, in WordPress's shape.
func (s *Server) restIndex(ctx context.Context, in *restIn) (restOut, error) {
	name, err := s.siteName(ctx)
	if err != nil {
		return restOut{}, err
	}
	fields, routes := wire.ReadRestFields(in.Param("_fields")), wire.RestObject{}
	if fields.Includes("routes") { // by far the most of it
		routes = append(s.describe(in, ""), ownRoutes()...)
	}
	index := wire.RestObject{
		{Name: "name", Value: wire.RestHTML(name)},
		{Name: "description", Value: ""},
		{Name: "url", Value: in.home},
		{Name: "home", Value: in.home},
		{Name: "gmt_offset", Value: "0"},
		{Name: "timezone_string", Value: "UTC"},
		{Name: "namespaces", Value: []string{wire.RestNamespace, wire.Namespace}},
		{Name: "authentication", Value: authentication(in.home)},
		{Name: "routes", Value: routes},
		{Name: "site_logo", Value: 0},
		{Name: "site_icon", Value: 0},
		{Name: "site_icon_url", Value: ""},
	}
	return restOut{data: fields.Cut(index), links: link("help", "https://developer.wordpress.org/rest-api/")}, nil
}

// describe tells of the routes of a namespace; empty: of all that core has.
func (s *Server) describe(in *restIn, namespace string) wire.RestObject {
	routes := wire.RestObject{}
	for _, r := range s.restRoutes {
		if namespace == "" || r.Namespace == namespace {
			routes = append(routes, wire.RestMember{Name: r.Pattern, Value: r.Describe(in.home, in.Text("context") == "help")})
		}
	}
	return routes
}

func authentication(home string) wire.RestObject {
	endpoints := wire.RestObject{{Name: "authorization", Value: home + authorizePath}}
	return wire.RestObject{{Name: "application-passwords", Value: wire.RestObject{{Name: "endpoints", Value: endpoints}}}}
}

func link(rel, href string) wire.RestObject {
	return wire.RestObject{{Name: rel, Value: []wire.RestObject{{{Name: "href", Value: href}}}}}
}

var pathName = regexp.MustCompile(`\{(\w+)\}`)

// ownRoutes are those of umdeck/v1, by the patterns that WordPress would have for
// them. Their parameters are in the OpenAPI document.
func ownRoutes() wire.RestObject {
	var paths []string
	methods := map[string][]string{}
	for _, r := range wire.Routes() {
		pattern := "/" + wire.Namespace + pathName.ReplaceAllString(r.Path, `(?P<$1>[^/]+)`)
		if methods[pattern] == nil {
			paths = append(paths, pattern)
		}
		methods[pattern] = append(methods[pattern], r.Method)
	}
	routes := wire.RestObject{}
	for _, pattern := range paths {
		endpoints := []wire.RestObject{}
		for _, m := range methods[pattern] {
			endpoints = append(endpoints, wire.RestObject{{Name: "methods", Value: []string{m}}, {Name: "args", Value: wire.RestObject{}}})
		}
		routes = append(routes, wire.RestMember{Name: pattern, Value: wire.RestObject{
			{Name: "namespace", Value: wire.Namespace}, {Name: "methods", Value: methods[pattern]}, {Name: "endpoints", Value: endpoints},
		}})
	}
	return routes
}

// restNamespace describes wp/v2.
func (s *Server) restNamespace(_ context.Context, in *restIn) (restOut, error) {
	data := wire.RestObject{{Name: "namespace", Value: wire.RestNamespace}, {Name: "routes", Value: s.describe(in, wire.RestNamespace)}}
	return restOut{data: wire.ReadRestFields(in.Param("_fields")).Cut(data), links: link("up", in.home+wire.RestRoot+"/")}, nil
}

// authorize says how an application password is made: WordPress has a form here, and
// umdeck's members cannot log in on a page of this server.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	app := cmp.Or(r.URL.Query().Get("app_name"), "APPLICATION")
	w.Header().Set("Content-Type", "text/html; charset=UTF-8")
	page := `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Application passwords</title></head><body>
<h1>Application passwords</h1>
<p>%s asks for an application password. Who runs this site makes one with this command, and it is shown once:</p>
<pre>umdeck passwords create --user LOGIN --name %s</pre>
<p>A program that has one makes others with POST %s/wp/v2/users/me/application-passwords.</p>
</body></html>
`
	name := html.EscapeString(cut(app, 100))
	if _, err := fmt.Fprintf(w, page, name, html.EscapeString(fmt.Sprintf("%q", cut(app, 100))), wire.RestRoot); err != nil {
		s.lost(r, err)
	}
}

// linkRest tells on the home page where the REST API is.
func (s *Server) linkRest(w http.ResponseWriter, r *http.Request) {
	home, err := s.home(r)
	if err != nil {
		s.log.WarnContext(r.Context(), "no home address", "id", requestOf(r.Context()), "error", err)
		return
	}
	w.Header().Set("Link", restLink(home))
}

// hostURL returns the address that the client used.
func (s *Server) hostURL(r *http.Request) string {
	scheme := "http"
	if s.secure(r) {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// secure reports whether the client has TLS, to here or to the proxy.
func (s *Server) secure(r *http.Request) bool {
	return r.TLS != nil || s.cfg.BehindProxy && r.Header.Get("X-Forwarded-Proto") == "https"
}
