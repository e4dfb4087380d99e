package server

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

func (s *Server) mayListUsers(ctx context.Context, in *restIn) error {
	if callerOf(ctx).can(wire.CapListUsers) {
		return nil
	}
	orderby := in.Text("orderby")
	switch {
	case wire.RestTruth(in.Param("roles")):
		return denied(ctx, "rest_user_cannot_view", "Sorry, you are not allowed to filter users by role.")
	case wire.RestTruth(in.Param("capabilities")):
		return denied(ctx, "rest_user_cannot_view", "Sorry, you are not allowed to filter users by capability.")
	case in.Text("context") == "edit":
		return denied(ctx, "rest_forbidden_context", "Sorry, you are not allowed to edit users.")
	case orderby == "email" || orderby == "registered_date":
		return denied(ctx, "rest_forbidden_orderby", "Sorry, you are not allowed to order users by this parameter.")
	case in.Text("who") == "authors" && !callerOf(ctx).can(capEditPosts):
		return denied(ctx, "rest_forbidden_who", "Sorry, you are not allowed to query users by this parameter.")
	}
	return nil
}

// capEditPosts is the capability of who may write posts: WordPress's authors.
const capEditPosts = "edit_posts"

// restUsers lists users.
func (s *Server) restUsers(ctx context.Context, in *restIn) (restOut, error) {
	users, total, err := s.restPage(ctx, in)
	if err != nil {
		return restOut{}, err
	}
	v, err := s.view(ctx, in)
	if err != nil {
		return restOut{}, err
	}
	items := []wire.RestObject{}
	for _, u := range users {
		if v.Context == "edit" && !s.mayEdit(ctx, u.ID) {
			continue
		}
		item, links := s.item(ctx, v, u)
		if links != nil {
			item = append(item, wire.RestMember{Name: "_links", Value: links})
		}
		items = append(items, item)
	}
	return restOut{data: v.Fields.Cut(items), header: pageHeader(in, total)}, nil
}

// restPage returns the users that a request asks for and how many there are on all
// pages. A caller who may not list users sees those who have published something,
// which is nobody.
func (s *Server) restPage(ctx context.Context, in *restIn) ([]apiclient.User, int, error) {
	list, authors := callerOf(ctx).can(wire.CapListUsers), in.Text("who") == "authors"
	if !list && !authors || wire.RestTruth(in.Param("has_published_posts")) {
		return nil, 0, nil
	}
	f, err := s.restFilter(ctx, in, list)
	if err != nil {
		return nil, 0, err
	}
	if ids := in.Integers("include"); len(ids) > 0 && in.Text("orderby") == "include" {
		return s.includedUsers(ctx, in, f, ids)
	}
	if slugs := in.Texts("slug"); len(slugs) > 0 && in.Text("orderby") == "include_slugs" {
		return s.sluggedUsers(ctx, in, f, slugs)
	}
	counts, err := s.api.CountUsers(ctx, f)
	if err != nil || counts.Total <= in.offset() {
		return nil, counts.Total, err
	}
	q := apiclient.UserQuery{Filter: f, Sort: restSort(in), Limit: in.perPage(), WithFields: needsFields(in)}
	users, err := s.places.read(ctx, s.api, q, in.offset(), counts.Total)
	return users, counts.Total, err
}

func (in *restIn) perPage() int { return int(in.Integer("per_page")) }

// offset is how many users come before the page.
func (in *restIn) offset() int {
	if n := in.Integer("offset"); n != 0 {
		return int(min(max(n, 0), math.MaxInt32))
	}
	return int(min((in.Integer("page")-1)*in.Integer("per_page"), math.MaxInt32))
}

// needsFields reports whether the answer shows more than columns of the account.
func needsFields(in *restIn) bool {
	fields := wire.ReadRestFields(in.Param("_fields"))
	return slices.ContainsFunc([]string{"first_name", "last_name", "nickname", "description"}, fields.Includes)
}

// restSort returns the order of the list. A list by include without such a
// parameter is by login, as in WordPress.
func restSort(in *restIn) apiclient.Sort {
	columns := map[string]string{
		"id": "id", "name": "display_name", "registered_date": "registered", "slug": "user_nicename", "email": "email", "url": "user_url",
	}
	return apiclient.Sort{Column: cmp.Or(columns[in.Text("orderby")], "login"), Desc: in.Text("order") == "desc"}
}

// maxNamed is how many users a list may name by number or slug.
const maxNamed = 1000

func (s *Server) restFilter(ctx context.Context, in *restIn, list bool) (apiclient.Filter, error) {
	var terms []apiclient.Filter
	for _, name := range []string{"include", "exclude", "slug"} {
		if len(in.Texts(name)) > maxNamed {
			return apiclient.Filter{}, wire.InvalidRestParam(name, name+" names more than "+strconv.Itoa(maxNamed)+" users; name fewer at a time.", nil)
		}
	}
	if ids := in.Integers("include"); len(ids) > 0 {
		terms = append(terms, anyIs("id", numbers(ids)))
	} else if ids := in.Integers("exclude"); len(ids) > 0 {
		terms = append(terms, apiclient.Filter{Op: apiclient.Not, Terms: []apiclient.Filter{anyIs("id", numbers(ids))}})
	}
	if slugs := in.Texts("slug"); len(slugs) > 0 {
		terms = append(terms, anyIs("user_nicename", slugs))
	}
	if search := strings.TrimSpace(in.Text("search")); search != "" && search != "0" {
		terms = append(terms, searched(strings.Trim(search, "*"), in.Texts("search_columns"), list))
	}
	roles, err := s.rolesOf(ctx, in)
	if err != nil {
		return apiclient.Filter{}, err
	}
	for _, slugs := range roles {
		terms = append(terms, anyIs("role", slugs))
	}
	return apiclient.AllOf(terms...), nil
}

// rolesOf returns lists of roles of each of which a user must have one: those that
// are named, together with those that have a capability that is named, and those of
// authors.
func (s *Server) rolesOf(ctx context.Context, in *restIn) ([][]string, error) {
	roles, capabilities, authors := in.Texts("roles"), in.Texts("capabilities"), in.Text("who") == "authors"
	if len(capabilities) == 0 && !authors {
		if len(roles) == 0 {
			return nil, nil
		}
		return [][]string{roles}, nil
	}
	known, err := s.api.Roles(ctx)
	if err != nil {
		return nil, err
	}
	having := func(capabilities []string) (slugs []string) {
		for _, r := range known {
			if slices.ContainsFunc(capabilities, r.Can) {
				slugs = append(slugs, string(r.Slug))
			}
		}
		return slugs
	}
	var lists [][]string
	if len(roles)+len(capabilities) > 0 {
		lists = append(lists, slices.Concat(roles, capabilities, having(capabilities))) // a role is a capability of its name
	}
	if authors {
		lists = append(lists, having([]string{capEditPosts}))
	}
	return lists, nil
}

// searched looks for a piece of text where WordPress looks for one of that shape
// (WP_User_Query). What a caller who may not list users looks in has no addresses.
func searched(text string, columns []string, list bool) apiclient.Filter {
	known := map[string]string{"email": "email", "name": "display_name", "id": "id", "username": "login", "slug": "user_nicename"}
	var in []string
	for _, c := range columns {
		in = append(in, known[c])
	}
	_, err := strconv.ParseFloat(text, 64)
	switch {
	case !list:
		in = []string{"id", "login", "user_nicename", "display_name"}
	case in != nil:
	case strings.Contains(text, "@"):
		in = []string{"email"}
	case err == nil:
		in = []string{"login", "id"}
	case strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://"):
		in = []string{"user_url"}
	default:
		in = []string{"login", "user_url", "email", "user_nicename", "display_name"}
	}
	var terms []apiclient.Filter
	for _, column := range in {
		m := apiclient.Match{Field: column, Op: apiclient.Contains, Value: text}
		if column == "id" {
			if _, err := strconv.ParseInt(text, 10, 64); err != nil {
				continue
			}
			m.Op = apiclient.Equals
		}
		terms = append(terms, apiclient.Filter{Op: apiclient.Leaf, Match: m})
	}
	return apiclient.Filter{Op: apiclient.Or, Terms: terms}
}

// anyIs holds where the column has one of the values; the empty value is nobody's.
// The tree is balanced: a store bounds how deep one may be.
func anyIs(column string, values []string) apiclient.Filter {
	if len(values) == 0 || len(values) == 1 && values[0] == "" {
		return apiclient.FieldIs("id", "0")
	}
	if len(values) == 1 {
		return apiclient.FieldIs(column, values[0])
	}
	half := len(values) / 2
	return apiclient.Filter{Op: apiclient.Or, Terms: []apiclient.Filter{anyIs(column, values[:half]), anyIs(column, values[half:])}}
}

func numbers(ids []int64) []string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return texts
}

// includedUsers lists users in the order of their numbers in the request.
func (s *Server) includedUsers(ctx context.Context, in *restIn, f apiclient.Filter, ids []int64) ([]apiclient.User, int, error) {
	return s.rankedUsers(ctx, in, f, in.Text("order") == "desc", func(u apiclient.User) int { return slices.Index(ids, int64(u.ID)) })
}

// sluggedUsers lists users in the order of their slugs in the request, which no
// parameter turns round.
func (s *Server) sluggedUsers(ctx context.Context, in *restIn, f apiclient.Filter, slugs []string) ([]apiclient.User, int, error) {
	return s.rankedUsers(ctx, in, f, false, func(u apiclient.User) int { return slices.Index(slugs, u.Nicename) })
}

// rankedUsers reads all of the few users that a request names, and returns the page.
func (s *Server) rankedUsers(ctx context.Context, in *restIn, f apiclient.Filter, desc bool, rank func(apiclient.User) int) ([]apiclient.User, int, error) {
	page, err := s.api.Users(ctx, apiclient.UserQuery{Filter: f, Sort: apiclient.Sort{Column: "id"}, Limit: maxNamed, WithFields: needsFields(in)})
	if err != nil {
		return nil, 0, err
	}
	users := page.Users
	slices.SortStableFunc(users, func(a, b apiclient.User) int {
		if desc {
			a, b = b, a
		}
		return rank(a) - rank(b)
	})
	from := min(in.offset(), len(users))
	return users[from:min(from+in.perPage(), len(users))], len(users), nil
}

// pageHeader counts, and links to the pages before and after.
func pageHeader(in *restIn, total int) http.Header {
	per := max(1, in.perPage())
	pages, page := (total+per-1)/per, (in.offset()+per-1)/per+1
	h := http.Header{"X-Wp-Total": {strconv.Itoa(total)}, "X-Wp-Totalpages": {strconv.Itoa(pages)}}
	var links []string
	add := func(page int, rel string) {
		links = append(links, "<"+pageURL(in, page)+`>; rel="`+rel+`"`)
	}
	if page > 1 {
		add(min(page-1, pages), "prev")
	}
	if pages > page {
		add(page+1, "next")
	}
	if links != nil {
		h.Set("Link", strings.Join(links, ", "))
	}
	return h
}

// pageURL is the address of the request, with its values cleaned and with another
// page in it.
func pageURL(in *restIn, page int) string {
	var parts []string
	for _, m := range in.Query {
		switch v := in.Param(m.Name).(type) {
		case []any:
			for i, item := range v {
				parts = append(parts, fmt.Sprintf("%s%%5B%d%%5D=%s", m.Name, i, escaped(item)))
			}
		case wire.RestObject:
			for _, inner := range v {
				parts = append(parts, m.Name+"%5B"+inner.Name+"%5D="+escaped(inner.Value))
			}
		default:
			if m.Name == "page" {
				v = int64(page)
			}
			parts = append(parts, m.Name+"="+escaped(v))
		}
	}
	if !in.Query.Has("page") {
		parts = append(parts, "page="+strconv.Itoa(page))
	}
	return in.home + wire.RestRoot + "/" + wire.RestNamespace + "/users?" + strings.Join(parts, "&")
}

func escaped(v any) string { return url.QueryEscape(wire.RestScalar(v)) }
