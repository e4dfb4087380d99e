package wire

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// RestRoot is where the paths of WordPress's REST API start, and RestNamespace the
// name of the part of it that is core's.
const (
	RestRoot      = "/wp-json"
	RestNamespace = "wp/v2"
)

// A RestRoute is an address of WordPress's REST API, by the pattern that WordPress
// registers it with.
type RestRoute struct {
	Pattern   string
	Namespace string
	Endpoints []RestEndpoint
	Schema    func() RestObject // of its items; nil: it says none
	match     *regexp.Regexp
}

// A RestEndpoint is what a route does for some methods.
type RestEndpoint struct {
	Name    string // for the server that serves it
	Methods []string
	Args    RestArgs
}

// Has reports whether the endpoint answers the method; HEAD is answered where GET is.
func (e RestEndpoint) Has(method string) bool {
	return slices.Contains(e.Methods, method) || method == http.MethodHead && slices.Contains(e.Methods, http.MethodGet)
}

// Match returns the parameters that a path gives the route; ok is false for a path
// of another route. Case does not matter.
func (r RestRoute) Match(path string) (params RestObject, ok bool) {
	found := r.match.FindStringSubmatch(path)
	if found == nil {
		return nil, false
	}
	for i, name := range r.match.SubexpNames() {
		if name != "" {
			params = append(params, RestMember{name, found[i]})
		}
	}
	return params, true
}

// Describe returns what the index says of the route. Its address stands in it where
// the path has no parameters; help adds the schema.
func (r RestRoute) Describe(home string, help bool) RestObject {
	var methods []string
	endpoints := []RestObject{}
	for _, e := range r.Endpoints {
		methods = append(methods, e.Methods...)
		endpoints = append(endpoints, RestObject{{"methods", e.Methods}, {"args", e.Args}})
	}
	o := RestObject{{"namespace", r.Namespace}, {"methods", methods}, {"endpoints", endpoints}}
	if help && r.Schema != nil {
		o = append(o, RestMember{"schema", r.Schema()})
	}
	if !strings.Contains(r.Pattern, "(?P<") {
		o = append(o, RestMember{"_links", RestObject{{"self", []RestObject{{{"href", home + RestRoot + r.Pattern}}}}}})
	}
	return o
}

// The endpoints by name.
const (
	RestIndex           = "index"
	RestNamespaceIndex  = "namespace"
	RestListUsers       = "users.list"
	RestCreateUser      = "users.create"
	RestGetUser         = "users.get"
	RestUpdateUser      = "users.update"
	RestDeleteUser      = "users.delete"
	RestGetMe           = "me.get"
	RestUpdateMe        = "me.update"
	RestDeleteMe        = "me.delete"
	RestListPasswords   = "passwords.list"
	RestCreatePassword  = "passwords.create"
	RestDeletePasswords = "passwords.delete-all"
	RestIntrospect      = "passwords.introspect"
	RestGetPassword     = "passwords.get"
	RestDeletePassword  = "passwords.delete"
)

// RestRoutes returns the routes of core that umdeck serves, in the order in which
// WordPress looks through them.
func RestRoutes() []RestRoute {
	const (
		users     = "/" + RestNamespace + "/users"
		passwords = users + `/(?P<user_id>(?:[\d]+|me))/application-passwords`
	)
	get, put := []string{http.MethodGet}, []string{http.MethodPost, http.MethodPut, http.MethodPatch}
	post, remove := []string{http.MethodPost}, []string{http.MethodDelete}
	routes := []RestRoute{
		{Pattern: "/", Endpoints: []RestEndpoint{{RestIndex, get, RestArgs{plainContext()}}}},
		{Pattern: "/" + RestNamespace, Endpoints: []RestEndpoint{
			{RestNamespaceIndex, get, RestArgs{{Name: "namespace", RestSchema: RestSchema{Default: RestNamespace}}, plainContext()}},
		}},
		{Pattern: users, Schema: userSchema, Endpoints: []RestEndpoint{{RestListUsers, get, userQueryArgs()}, {RestCreateUser, post, userArgs(true)}}},
		{Pattern: users + `/(?P<id>[\d]+)`, Schema: userSchema, Endpoints: []RestEndpoint{
			{RestGetUser, get, RestArgs{idArg(), contextArg()}},
			{RestUpdateUser, put, append(RestArgs{idArg()}, userArgs(false)...)},
			{RestDeleteUser, remove, append(RestArgs{idArg()}, deleteArgs()...)},
		}},
		{Pattern: users + "/me", Schema: userSchema, Endpoints: []RestEndpoint{
			{RestGetMe, get, RestArgs{contextArg()}}, {RestUpdateMe, put, userArgs(false)}, {RestDeleteMe, remove, deleteArgs()},
		}},
		{Pattern: passwords, Schema: passwordSchema, Endpoints: []RestEndpoint{
			{RestListPasswords, get, RestArgs{contextArg()}}, {RestCreatePassword, post, passwordArgs()}, {RestDeletePasswords, remove, nil},
		}},
		{Pattern: passwords + "/introspect", Schema: passwordSchema, Endpoints: []RestEndpoint{{RestIntrospect, get, RestArgs{contextArg()}}}},
		{Pattern: passwords + `/(?P<uuid>[\w\-]+)`, Schema: passwordSchema, Endpoints: []RestEndpoint{
			{RestGetPassword, get, RestArgs{contextArg()}}, {RestDeletePassword, remove, nil},
		}},
	}
	for i := range routes {
		if i > 0 {
			routes[i].Namespace = RestNamespace
		}
		routes[i].match = regexp.MustCompile("(?i)^" + routes[i].Pattern + "$")
	}
	return routes
}

func text() []string    { return []string{"string"} }
func integer() []string { return []string{"integer"} }

// plainContext is the parameter as the two indexes have it: any text will do.
func plainContext() RestArg { return RestArg{Name: "context", RestSchema: RestSchema{Default: "view"}} }

func contextArg() RestArg {
	return RestArg{Name: "context", Clean: CleanKey, RestSchema: RestSchema{
		Types: text(), Enum: []string{"view", "embed", "edit"}, Default: "view", Description: "Who is looking; decides which fields an item has.",
	}}
}

func idArg() RestArg {
	return RestArg{Name: "id", Late: true, RestSchema: RestSchema{Types: integer(), Description: "Number of the user."}}
}

func userQueryArgs() RestArgs {
	one, hundred := 1, 100
	integers := &RestSchema{Types: integer()}
	texts := &RestSchema{Types: text()}
	late := func(name, description string, s RestSchema) RestArg {
		s.Description = description
		return RestArg{Name: name, RestSchema: s, Late: true}
	}
	return RestArgs{
		contextArg(),
		{Name: "page", RestSchema: RestSchema{Types: integer(), Default: int64(1), Minimum: &one, Description: "Which page of the list."}},
		{Name: "per_page", RestSchema: RestSchema{Types: integer(), Default: int64(10), Minimum: &one, Maximum: &hundred, Description: "How many items a page has."}},
		{Name: "search", Clean: CleanText, RestSchema: RestSchema{Types: text(), Description: "Only users with this in login, nicename, e-mail address, URL or display name."}},
		late("exclude", "Without the users of these numbers.", RestSchema{Types: []string{"array"}, Items: integers, Default: []any{}}),
		late("include", "Only the users of these numbers.", RestSchema{Types: []string{"array"}, Items: integers, Default: []any{}}),
		late("offset", "How many items to skip; comes before page.", RestSchema{Types: integer()}),
		late("order", "Upwards or downwards.", RestSchema{Types: text(), Enum: []string{"asc", "desc"}, Default: "asc"}),
		late("orderby", "What the list is sorted by.", RestSchema{
			Types: text(), Default: "name", Enum: []string{"id", "include", "name", "registered_date", "slug", "include_slugs", "email", "url"},
		}),
		late("slug", "Only the users with one of these slugs.", RestSchema{Types: []string{"array"}, Items: texts}),
		late("roles", "Only the users with one of these roles.", RestSchema{Types: []string{"array"}, Items: texts}),
		late("capabilities", "Only the users with one of these capabilities.", RestSchema{Types: []string{"array"}, Items: texts}),
		late("who", "Only the users who may write posts.", RestSchema{Types: text(), Enum: []string{"authors"}}),
		late("has_published_posts", "Only the users who have published something, which on umdeck nobody has.", RestSchema{Types: []string{"boolean", "array"}, Items: &RestSchema{
			Types: text(), EnumNamed: true,
			Enum: []string{"post", "page", "attachment", "nav_menu_item", "wp_block", "wp_template", "wp_template_part", "wp_navigation"},
		}}),
		late("search_columns", "Where to search.", RestSchema{Types: []string{"array"}, Default: []any{}, Items: &RestSchema{
			Types: text(), Enum: []string{"email", "name", "id", "username", "slug"},
		}}),
	}
}

// userArgs are the parameters that a user is created or changed with: the fields
// that are not read only.
func userArgs(create bool) RestArgs {
	var args RestArgs
	for _, f := range userFields() {
		if f.ReadOnly {
			continue
		}
		a := RestArg{Name: f.Name, RestSchema: f.RestSchema}
		a.Context, a.Required = nil, f.Required && create
		switch f.Name {
		case "username":
			a.Clean = CleanLogin
		case "password":
			a.Clean = CleanPassword
		case "name", "first_name", "last_name", "nickname", "email":
			a.Clean = CleanText
		case "description":
			a.Clean = CleanProse
		case "url":
			a.Clean = CleanURL
		case "slug":
			a.Clean = CleanSlug
		case "meta":
			a.Bare = true
		}
		args = append(args, a)
	}
	return args
}

func deleteArgs() RestArgs {
	return RestArgs{
		{Name: "force", Late: true, RestSchema: RestSchema{Types: []string{"boolean"}, Default: false, Description: "Must be true: users have no trash."}},
		{Name: "reassign", Late: true, Clean: CleanReassign, RestSchema: RestSchema{Types: integer(), Required: true, Description: "Who gets the user's posts, which on umdeck nobody has; or false."}},
	}
}

func passwordArgs() RestArgs {
	var args RestArgs
	for _, f := range passwordFields() {
		if f.ReadOnly {
			continue
		}
		a := RestArg{Name: f.Name, RestSchema: f.RestSchema}
		a.Context = nil
		args = append(args, a)
	}
	return args
}
