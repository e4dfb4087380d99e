package remote_test

import "strings"

// A restRow is a request of WordPress's REST API, and what must come back from
// umdeck and from WordPress alike.
type restRow struct {
	name, as           string // as: a login, "" for a visitor, "wrong" for wrong credentials
	method, path, body string
	kind               string            // of the body; empty: as its first letter says
	header             map[string]string // of the request
	status             int               // 0: 200
	code               string            // of an error
	save               map[string]string // words for members of the answer
	savePassword       string            // login whose application password the answer has
}

const users = "/wp-json/wp/v2/users"

// restRows are the requests in their order: later ones need what earlier ones made.
func restRows() []restRow {
	var rows []restRow
	for _, part := range [][]restRow{restIndexRows(), restCreateRows(), restReadRows(), restListRows(), restWrongRows(), restUpdateRows(), restPasswordRows(), restBodyRows(), restDeleteRows()} {
		rows = append(rows, part...)
	}
	for i := range rows {
		if rows[i].method == "" {
			rows[i].method = "GET"
		}
	}
	return rows
}

func restIndexRows() []restRow {
	return []restRow{
		{name: "index", path: "/wp-json/?_fields=name,description,url,home,gmt_offset,timezone_string,namespaces,authentication,site_icon"},
		{name: "index without a slash", path: "/wp-json?_fields=home"},
		{name: "index of a plain site", path: "/?rest_route=/&_fields=home"},
		{name: "index, one route", path: "/wp-json/?_fields=routes./wp/v2/users/me"},
		{name: "index in context help", path: "/wp-json/?context=help&_fields=routes./wp/v2/users"},
		{name: "index of wp/v2", path: "/wp-json/wp/v2?_fields=namespace"},
		{name: "index HEAD", method: "HEAD", path: "/wp-json/"},
		{name: "index POST", method: "POST", path: "/wp-json/", body: "a=b", status: 404, code: "rest_no_route"},
		{name: "options of users", method: "OPTIONS", path: users},
		{name: "options of users as admin", as: "admin", method: "OPTIONS", path: users},
		{name: "options of a user as admin", as: "admin", method: "OPTIONS", path: users + "/1"},
		{name: "options of me", as: "admin", method: "OPTIONS", path: users + "/me"},
		{name: "options of passwords", as: "admin", method: "OPTIONS", path: users + "/1/application-passwords"},
		{name: "options of nothing", method: "OPTIONS", path: "/wp-json/wp/v2/nothing"},
		{name: "no route", path: "/wp-json/wp/v2/nothing", status: 404, code: "rest_no_route"},
		{name: "no method", as: "admin", method: "PUT", path: users, body: "a=b", status: 404, code: "rest_no_route"},
		{name: "no user route", path: users + "/abc", status: 404, code: "rest_no_route"},
		{name: "capitals in the route", path: "/wp-json/WP/v2/Users"},
	}
}

func restCreateRows() []restRow {
	create := func(name, body string, save map[string]string) restRow {
		return restRow{name: "create " + name, as: "admin", method: "POST", path: users, body: body, status: 201, save: save}
	}
	refuse := func(name, body string, status int, code string) restRow {
		return restRow{name: "create " + name, as: "admin", method: "POST", path: users, body: body, status: status, code: code}
	}
	const full = "username=x1&email=x1@example.com&password=Secret-1"
	return []restRow{
		create("ada", "username=ada&email=ada@example.com&password=Secret-1", map[string]string{"ada": "id"}),
		create("bob", `{"username":"Bob.Smith","email":"bob@example.com","password":"Secret-1","first_name":"Bob","last_name":"Smith & Søn","roles":["editor"],"url":"https://bob.example.com/?a=1&b=2","description":"Line one.\nLine two.","nickname":"bobby"}`, map[string]string{"bob": "id"}),
		create("carol", "username=carol&email=carol@example.com&password=Secret-1&name=Carol+1%3C2&roles[]=author&roles[]=subscriber&slug=Ca+rol%C3%A9&url=carol.example.com", map[string]string{"carol": "id"}),
		create("with a slug that is taken", "username=dave&email=dave@example.com&password=Secret-1&slug=ada&first_name=Dave&locale=en_US", map[string]string{"dave": "id"}),
		create("with fields", "username=erin&email=erin@example.com&password=Secret-1&last_name=Erinson&_fields=id,name,slug", map[string]string{"erin": "id"}),
		create("with a comma list of roles", "username=frank&email=frank@example.com&password=Secret-1&roles=subscriber,contributor", map[string]string{"frank": "id"}),
		{name: "create over a plain address", as: "admin", method: "POST", path: "/?rest_route=/wp/v2/users&_fields=id", body: "username=gina&email=gina@example.com&password=Secret-1", status: 201, save: map[string]string{"gina": "id"}},
		{name: "create as a visitor", method: "POST", path: users, body: full, status: 401, code: "rest_cannot_create_user"},
		refuse("nothing", "", 400, "rest_missing_callback_param"),
		refuse("without a password", "username=x1&email=x1@example.com", 400, "rest_missing_callback_param"),
		refuse("a bad address", "username=x1&email=nope&password=Secret-1", 400, "rest_invalid_param"),
		refuse("a number for a name", `{"username":5,"email":"x","password":true}`, 400, "rest_invalid_param"),
		refuse("an array for a name", "username[]=x&email=x1@example.com&password=Secret-1", 400, "rest_invalid_param"),
		refuse("a login of other characters", "username=%E5%B1%B1%E7%94%B0&email=x1@example.com&password=Secret-1", 400, "rest_invalid_param"),
		refuse("a login and a password that are none", `username=a/b&email=x1@example.com&password=a%5Cb`, 400, "rest_invalid_param"),
		refuse("an empty password", "username=x1&email=x1@example.com&password=", 400, "rest_invalid_param"),
		refuse("a login of 61 characters", "username="+strings.Repeat("x", 61)+"&email=x1@example.com&password=Secret-1", 500, "user_login_too_long"),
		refuse("a login that is taken", "username=ADA&email=x1@example.com&password=Secret-1", 500, "existing_user_login"),
		refuse("an address that is taken", "username=x1&email=ADA@example.com&password=Secret-1", 500, "existing_user_email"),
		refuse("a role that is none", full+"&roles=nobody", 400, "rest_user_invalid_role"),
		refuse("a locale that is none", full+"&locale=xx_XX", 400, "rest_invalid_param"),
		refuse("a user that exists", full+"&id=1", 400, "rest_user_exists"),
		refuse("meta that is text", full+"&meta=x", 400, "rest_invalid_param"),
		refuse("a slug that is too long", full+"&slug="+strings.Repeat("x", 51), 500, "user_nicename_too_long"),
	}
}

func restReadRows() []restRow {
	return []restRow{
		{name: "get", as: "admin", path: users + "/{bob}"},
		{name: "get to edit", as: "admin", path: users + "/{bob}?context=edit"},
		{name: "get carol to edit", as: "admin", path: users + "/{carol}?context=edit"},
		{name: "get to embed", as: "admin", path: users + "/{ada}?context=embed"},
		{name: "get fields", as: "admin", path: users + "/{ada}?_fields=id,slug,roles"},
		{name: "get fields to edit", as: "admin", path: users + "/{ada}?context=edit&_fields=id,username,roles,_links"},
		{name: "get fields that are none", as: "admin", path: users + "/{ada}?_fields=nonsense"},
		{name: "get HEAD", as: "admin", method: "HEAD", path: users + "/{ada}"},
		{name: "get over a plain address", as: "admin", path: "/?rest_route=/wp/v2/users/{ada}&_fields=id,name"},
		{name: "get as a visitor", path: users + "/{ada}", status: 401, code: "rest_user_cannot_view"},
		{name: "get to edit as a visitor", path: users + "/{ada}?context=edit", status: 401, code: "rest_forbidden_context"},
		{name: "get nobody", as: "admin", path: users + "/999999", status: 404, code: "rest_user_invalid_id"},
		{name: "get zero", as: "admin", path: users + "/0", status: 404, code: "rest_user_invalid_id"},
		{name: "get in a context that is none", as: "admin", path: users + "/1?context=full", status: 400, code: "rest_invalid_param"},
		{name: "get with a list for context", as: "admin", path: users + "/1?context[]=edit", status: 400, code: "rest_invalid_param"},
		{name: "me", as: "admin", path: users + "/me"},
		{name: "me to edit", as: "admin", path: users + "/me?context=edit"},
		{name: "me by address", as: "admin@example.com", path: users + "/me", status: 200},
		{name: "me as a visitor", path: users + "/me", status: 401, code: "rest_not_logged_in"},
		{name: "get in an envelope", as: "admin", path: users + "/{ada}?_envelope&_fields=id"},
		{name: "an error in an envelope", path: users + "/me?_envelope"},
	}
}

func restListRows() []restRow {
	list := func(name, query string) restRow {
		return restRow{name: "list " + name, as: "admin", path: users + "?" + query}
	}
	return []restRow{
		list("to edit", "context=edit&orderby=id"),
		list("to view", "orderby=id"),
		list("to embed", "context=embed&orderby=id"),
		list("by name", "_fields=id,name"),
		list("by name downwards", "_fields=id,name&order=desc"),
		list("by slug", "orderby=slug&_fields=id,slug"),
		list("by address", "orderby=email&_fields=id&order=desc"),
		list("page one", "orderby=id&per_page=3&_fields=id"),
		list("page two", "orderby=id&per_page=3&page=2&_fields=id,_links"),
		list("the last page", "orderby=id&per_page=3&page=3&_fields=id"),
		list("beyond the last page", "orderby=id&per_page=3&page=30&_fields=id"),
		list("from an offset", "orderby=id&per_page=2&offset=3&_fields=id"),
		list("an offset and a page", "orderby=id&per_page=2&offset=3&page=9&_fields=id"),
		list("over a plain address", "per_page=3&page=2&orderby=id&_fields=id"),
		{name: "list plainly", as: "admin", path: "/?rest_route=/wp/v2/users&per_page=3&orderby=id&_fields=id"},
		list("some", "include={ada},{bob}&orderby=id&_fields=id"),
		list("some in their order", "include[]={carol}&include[]={ada}&include[]={bob}&orderby=include&_fields=id"),
		list("some in their order downwards", "include={carol},{ada},{bob}&orderby=include&order=desc&per_page=2&_fields=id"),
		list("all but some", "exclude={ada}&exclude[]={bob}&orderby=id&_fields=id"),
		list("by include without one", "orderby=include&_fields=id"),
		list("a slug", "slug=bob-smith&_fields=id,slug"),
		list("slugs", "slug[]=ada&slug[]=nobody&slug[]=carole&_fields=id,slug"),
		list("slugs in their order", "slug=carole,ada&orderby=include_slugs&order=desc&_fields=id,slug"),
		list("a role", "roles=subscriber&orderby=id&_fields=id"),
		list("roles", "roles[]=editor&roles[]=author&orderby=id&_fields=id"),
		list("a role that is none", "roles=nobody&_fields=id"),
		list("an empty list of roles", "roles=&orderby=id&_fields=id"),
		list("a capability", "capabilities=edit_users&orderby=id&_fields=id"),
		list("authors", "who=authors&orderby=id&_fields=id"),
		list("who has published something", "has_published_posts=true&_fields=id"),
		list("who has published pages", "has_published_posts[]=page&_fields=id"),
		list("and search a login", "search=ada&_fields=id"),
		list("and search a display name", "search=ob&orderby=id&_fields=id"),
		list("and search an address", "search=bob@example&_fields=id"),
		list("and search a website", "search=https://bob&_fields=id"),
		list("and search a slug", "search=bob-smith&_fields=id"),
		list("and search a number", "search=1&_fields=id"),
		list("and search in vain", "search=nothing-like-it&_fields=id"),
		list("and search spaces", "search=++&orderby=id&_fields=id"),
		list("in an envelope", "_envelope=1&per_page=2&orderby=id&_fields=id"),
		{name: "list HEAD", as: "admin", method: "HEAD", path: users + "?per_page=2"},
		{name: "list by _method", as: "admin", method: "POST", path: users + "?_method=GET&orderby=id&_fields=id"},
		{name: "list as a visitor", path: users},
		{name: "list a page as a visitor", path: users + "?page=2"},
		{name: "list to edit as a visitor", path: users + "?context=edit", status: 401, code: "rest_forbidden_context"},
		{name: "list a role as a visitor", path: users + "?roles=editor", status: 401, code: "rest_user_cannot_view"},
		{name: "list a capability as a visitor", path: users + "?capabilities=edit_posts", status: 401, code: "rest_user_cannot_view"},
		{name: "list by address as a visitor", path: users + "?orderby=email", status: 401, code: "rest_forbidden_orderby"},
		{name: "list authors as a visitor", path: users + "?who=authors", status: 401, code: "rest_forbidden_who"},
	}
}

func restWrongRows() []restRow {
	wrong := func(name, query string) restRow {
		return restRow{name: "list with " + name, as: "admin", path: users + "?" + query, status: 400, code: "rest_invalid_param"}
	}
	return []restRow{
		wrong("101 on a page", "per_page=101"),
		wrong("none on a page", "per_page=0"),
		wrong("page zero", "page=0"),
		wrong("pages that are no numbers", "page=x&per_page=1.5"),
		wrong("mistakes of both passes", "page=0&order=up"),
		wrong("mistakes of the second pass", "order=up&orderby=size&include=a,b"),
		wrong("an order that is a list", "order[]=asc"),
		wrong("an offset that is no number", "offset=x"),
		wrong("who else", "who=x"),
		wrong("has_published_posts that is none", "has_published_posts=maybe"),
		wrong("a context that is none", "context=full"),
		wrong("lists for texts", "search[]=x&page[]=1"),
		wrong("an object for a list", "include[a][b]=1"),
	}
}

func restUpdateRows() []restRow {
	update := func(name, body string) restRow {
		return restRow{name: "update " + name, as: "admin", method: "POST", path: users + "/{ada}", body: body}
	}
	refuse := func(name, who, body string, status int, code string) restRow {
		return restRow{name: "update " + name, as: "admin", method: "POST", path: users + "/" + who, body: body, status: status, code: code}
	}
	return []restRow{
		update("nothing", ""),
		update("names", "first_name=Ada&last_name=A+%26+B&nickname=&name=Ada+L."),
		update("names as JSON", `{"name":"  Zoë &amp; <b>Søn</b>  1<2 ","description":"A & B","url":"https://ada.example.com"}`),
		update("without a display name", "name="),
		update("without a website", "url="),
		update("a website without a scheme", "url=ada.example.com/x"),
		update("a website of a forbidden scheme", "url=javascript:alert(1)"),
		update("an address", "email=ada2@example.com"),
		update("the same address in capitals", "email=ADA2@example.com"),
		update("a role", "roles=editor"),
		update("two roles", `{"roles":["subscriber","contributor"]}`),
		update("no roles", `{"roles":[]}`),
		update("the role back", "roles[]=subscriber"),
		update("a password", "password=Secret-2"),
		update("a slug", "slug=Ada+Lovelace"),
		update("a slug of another script", "slug=%E5%B1%B1"),
		update("an empty slug", "slug="),
		update("the login that it is", "username=ada"),
		update("a locale", "locale=en_US"),
		update("what is null", `{"name":null,"first_name":null}`),
		refuse("a password that is null", "{ada}", `{"password":null}`, 400, "rest_invalid_param"),
		update("what is read only", "registered_date=2020-01-01T00:00:00&link=x&nonsense=1"),
		{name: "update by PUT", as: "admin", method: "PUT", path: users + "/{ada}", body: "first_name=Put"},
		{name: "update by PATCH", as: "admin", method: "PATCH", path: users + "/{ada}", body: `{"first_name":"Patch"}`},
		{name: "update by override", as: "admin", method: "POST", path: users + "/{ada}?_fields=first_name", body: "first_name=Over", header: map[string]string{"X-HTTP-Method-Override": "PATCH"}},
		refuse("nobody", "999999", "first_name=x", 404, "rest_user_invalid_id"),
		refuse("to an address that is taken", "{ada}", "email=bob@example.com", 400, "rest_user_invalid_email"),
		refuse("to an address that is none", "{ada}", "email=nope", 400, "rest_invalid_param"),
		refuse("to no address", "{ada}", "email=", 400, "rest_invalid_param"),
		refuse("the login", "{ada}", "username=other", 400, "rest_user_invalid_argument"),
		refuse("to a slug that is taken", "{ada}", "slug=bob-smith", 400, "rest_user_invalid_slug"),
		refuse("to a role that is none", "{ada}", "roles=nobody", 400, "rest_user_invalid_role"),
		refuse("to an empty password", "{ada}", "password=", 400, "rest_invalid_param"),
		refuse("the own role away", "1", "roles=subscriber", 403, "rest_user_invalid_role"),
		{name: "update as a visitor", method: "POST", path: users + "/{ada}", body: "first_name=x", status: 401, code: "rest_cannot_edit"},
		{name: "update roles as a visitor", method: "POST", path: users + "/{ada}", body: "roles=editor", status: 401, code: "rest_cannot_edit_roles"},
		{name: "update me", as: "admin", method: "POST", path: users + "/me?_fields=id,first_name", body: "first_name=Admin"},
		{name: "update me as a visitor", method: "POST", path: users + "/me", body: "first_name=x", status: 404, code: "rest_user_invalid_id"},
		{name: "get after the updates", as: "admin", path: users + "/{ada}?context=edit"},
	}
}

func restPasswordRows() []restRow {
	const of = users + "/{ada}/application-passwords"
	return []restRow{
		{name: "make a password for ada", as: "admin", method: "POST", path: of, body: "name=ada", status: 201, save: map[string]string{"one": "uuid"}, savePassword: "ada"},
		{name: "make another", as: "admin", method: "POST", path: of, body: `{"name":" Two  <b>words</b> "}`, status: 201, save: map[string]string{"two": "uuid"}},
		{name: "make one of the same name", as: "admin", method: "POST", path: of, body: "name=ADA", status: 409, code: "application_password_duplicate_name"},
		{name: "make one without a name", as: "admin", method: "POST", path: of, body: "", status: 400, code: "rest_missing_callback_param"},
		{name: "make one with an empty name", as: "admin", method: "POST", path: of, body: "name=", status: 400, code: "rest_invalid_param"},
		{name: "make one with spaces for a name", as: "admin", method: "POST", path: of, body: "name=++", status: 400, code: "rest_invalid_param"},
		{name: "make one with an app_id that is none", as: "admin", method: "POST", path: of, body: "name=three&app_id=x", status: 400, code: "rest_invalid_param"},
		{name: "make one as a visitor", method: "POST", path: of, body: "name=x", status: 401, code: "rest_cannot_create_application_passwords"},
		{name: "list passwords", as: "admin", path: of},
		{name: "list passwords to embed", as: "admin", path: of + "?context=embed"},
		{name: "list passwords' names", as: "admin", path: of + "?_fields=name"},
		{name: "list passwords as a visitor", path: of, status: 401, code: "rest_cannot_list_application_passwords"},
		{name: "list passwords of nobody", as: "admin", path: users + "/999999/application-passwords", status: 404, code: "rest_user_invalid_id"},
		{name: "list my passwords as a visitor", path: users + "/me/application-passwords", status: 401, code: "rest_not_logged_in"},
		{name: "get a password", as: "admin", path: of + "/{one}"},
		{name: "get a password that is none", as: "admin", path: of + "/nothing", status: 404, code: "rest_application_password_not_found"},
		{name: "get a password of another", as: "admin", path: users + "/1/application-passwords/{one}", status: 404, code: "rest_application_password_not_found"},
		{name: "introspect", as: "ada", path: users + "/me/application-passwords/introspect"},
		{name: "introspect another", as: "admin", path: of + "/introspect", status: 403, code: "rest_cannot_introspect_app_password_for_non_authenticated_user"},
		{name: "introspect as a visitor", path: users + "/me/application-passwords/introspect", status: 401, code: "rest_not_logged_in"},

		{name: "ada: me", as: "ada", path: users + "/me?context=edit"},
		{name: "ada: herself", as: "ada", path: users + "/{ada}?context=edit&_fields=id,email,roles"},
		{name: "ada: list", as: "ada", path: users},
		{name: "ada: list to edit", as: "ada", path: users + "?context=edit", status: 403, code: "rest_forbidden_context"},
		{name: "ada: list by role", as: "ada", path: users + "?roles=editor", status: 403, code: "rest_user_cannot_view"},
		{name: "ada: list authors", as: "ada", path: users + "?who=authors", status: 403, code: "rest_forbidden_who"},
		{name: "ada: another", as: "ada", path: users + "/{bob}", status: 403, code: "rest_user_cannot_view"},
		{name: "ada: another to edit", as: "ada", path: users + "/{bob}?context=edit", status: 403, code: "rest_forbidden_context"},
		{name: "ada: create", as: "ada", method: "POST", path: users, body: "username=x&email=x1@example.com&password=Secret-1", status: 403, code: "rest_cannot_create_user"},
		{name: "ada: update herself", as: "ada", method: "POST", path: users + "/me", body: "first_name=Augusta"},
		{name: "ada: update herself by number", as: "ada", method: "PATCH", path: users + "/{ada}", body: "last_name=King"},
		{name: "ada: update her role", as: "ada", method: "POST", path: users + "/me", body: "roles=administrator", status: 403, code: "rest_cannot_edit_roles"},
		{name: "ada: update another", as: "ada", method: "POST", path: users + "/{bob}", body: "first_name=x", status: 403, code: "rest_cannot_edit"},
		{name: "ada: delete another", as: "ada", method: "DELETE", path: users + "/{bob}?force=true&reassign=", status: 403, code: "rest_user_cannot_delete"},
		{name: "ada: delete herself", as: "ada", method: "DELETE", path: users + "/me?force=true&reassign=", status: 403, code: "rest_user_cannot_delete"},
		{name: "ada: passwords of another", as: "ada", path: users + "/{bob}/application-passwords", status: 403, code: "rest_cannot_list_application_passwords"},
		{name: "ada: make a password", as: "ada", method: "POST", path: users + "/me/application-passwords", body: "name=hers", status: 201, save: map[string]string{"hers": "uuid"}},
		{name: "ada: end it", as: "ada", method: "DELETE", path: users + "/me/application-passwords/{hers}"},
		{name: "ada: index", as: "ada", path: "/wp-json/?_fields=home"},

		{name: "end a password", as: "admin", method: "DELETE", path: of + "/{two}"},
		{name: "end it again", as: "admin", method: "DELETE", path: of + "/{two}", status: 404, code: "rest_application_password_not_found"},
		{name: "end a password as a visitor", method: "DELETE", path: of + "/{one}", status: 401, code: "rest_cannot_delete_application_password"},
		{name: "end all passwords", as: "admin", method: "DELETE", path: of},
		{name: "end all passwords of nobody", as: "admin", method: "DELETE", path: users + "/999999/application-passwords", status: 404, code: "rest_user_invalid_id"},
	}
}

func restBodyRows() []restRow {
	const ada = users + "/{ada}?_fields=first_name"
	return []restRow{
		{name: "body that is no JSON", as: "admin", method: "POST", path: ada, body: `{"first_name":`, status: 400, code: "rest_invalid_json"},
		{name: "body that is no JSON, read", as: "admin", path: ada, body: `{`, status: 400, code: "rest_invalid_json"},
		{name: "body that is no JSON, no route", as: "admin", path: "/wp-json/wp/v2/nothing", body: `{`, status: 404, code: "rest_no_route"},
		{name: "body that is not UTF-8", as: "admin", method: "POST", path: ada, kind: "application/json", body: "{\"first_name\":\"\xff\"}", status: 400, code: "rest_invalid_json"},
		{name: "body that is a list", as: "admin", method: "POST", path: ada, body: `["first_name"]`},
		{name: "body that is a text", as: "admin", method: "POST", path: ada, kind: "text/plain", body: "first_name=Plain"},
		{name: "body with a vendor's JSON", as: "admin", method: "POST", path: ada, kind: "application/vnd.api+json", body: `{"first_name":"Vendor"}`},
		{name: "body before the query", as: "admin", method: "POST", path: ada + "&first_name=Query", body: "first_name=Body"},
		{name: "query alone", as: "admin", method: "POST", path: ada + "&first_name=Query"},
		{name: "a name twice", as: "admin", method: "POST", path: ada, body: "first_name=One&first_name=Two"},
		{name: "JSON with a name twice", as: "admin", method: "POST", path: ada, body: `{"first_name":"One","first_name":"Two"}`},
		{name: "multipart", as: "admin", method: "POST", path: ada, kind: "multipart/form-data; boundary=b", body: "--b\r\nContent-Disposition: form-data; name=\"first_name\"\r\n\r\nParts\r\n--b--\r\n"},
		{name: "JSON that is read", as: "admin", path: users, body: `{"include":[1],"_fields":"id"}`},
		{name: "JSON with numbers as texts", as: "admin", path: users, body: `{"include":["1"],"per_page":"5","page":1.0,"_fields":["id"]}`},
		{name: "JSON with numbers that are none", as: "admin", path: users, body: `{"include":[1.5],"per_page":true}`, status: 400, code: "rest_invalid_param"},
	}
}

func restDeleteRows() []restRow {
	remove := func(name, who, query string, status int, code string) restRow {
		return restRow{name: "delete " + name, as: "admin", method: "DELETE", path: users + "/" + who + "?" + query, status: status, code: code}
	}
	return []restRow{
		remove("without reassign", "{ada}", "force=true", 400, "rest_missing_callback_param"),
		remove("without force", "{ada}", "reassign=false", 501, "rest_trash_not_supported"),
		remove("with a force that is none", "{ada}", "force=maybe&reassign=", 400, "rest_invalid_param"),
		remove("with a bad reassign", "{ada}", "force=true&reassign=x", 400, "rest_invalid_param"),
		remove("and reassign to nobody", "{ada}", "force=true&reassign=999999", 400, "rest_user_invalid_reassign"),
		remove("and reassign to oneself", "{ada}", "force=true&reassign={ada}", 400, "rest_user_invalid_reassign"),
		remove("nobody", "999999", "force=true&reassign=", 404, "rest_user_invalid_id"),
		{name: "delete as a visitor", method: "DELETE", path: users + "/{ada}?force=true&reassign=", status: 401, code: "rest_user_cannot_delete"},
		{name: "delete me as a visitor", method: "DELETE", path: users + "/me?force=true&reassign=", status: 404, code: "rest_user_invalid_id"},
		remove("ada", "{ada}", "force=true&reassign=false", 0, ""),
		remove("ada again", "{ada}", "force=true&reassign=false", 404, "rest_user_invalid_id"),
		remove("bob for the administrator", "{bob}", "force=1&reassign=1&_fields=deleted", 0, ""),
		{name: "delete by a body", as: "admin", method: "DELETE", path: users + "/{carol}", body: `{"force":true,"reassign":false}`},
		{name: "delete by _method", as: "admin", method: "POST", path: users + "/{dave}?_method=DELETE", body: "force=true&reassign=1"},
		{name: "get after the deletion", as: "admin", path: users + "/{ada}", status: 404, code: "rest_user_invalid_id"},
		{name: "list after the deletions", as: "admin", path: users + "?orderby=id&_fields=id,slug"},
	}
}
