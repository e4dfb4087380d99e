package remote_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A restDifference is one that umdeck is allowed to have, and why. It covers what
// matches where: "status", "header NAME" or a member such as body[0].roles.
type restDifference struct {
	rows  string // of the names of rows; empty: all
	where string
	why   string
}

// restDifferences are all that the comparison finds on WordPress 6.1. One that it
// does not find any more fails the test, too.
func restDifferences() []restDifference {
	const item = `body(\[\d+\])?(\.previous)?`
	return []restDifference{
		{"", `body\..*(args|properties)\..*\.description`, "descriptions are umdeck's own words: people read them, and no program does"},
		{"", item + `\.avatar_urls\.\d+`, "avatars have the addresses that WordPress 7 gives them, by SHA-256 and over https"},
		{"", item + `\._links\.self\[0\]\.targetHints`, "WordPress 6.8 and later say there what the caller may do"},
		{"", item + `\.capabilities\.(level_\d+|manage_links)`, "umdeck's roles have neither the levels of old WordPress nor the rights of its link manager"},
		{"", `.*\.args\.search_columns`, "WordPress 6.1 has no search_columns, later ones do"},
		{"", `.*\._modified\.readonly`, "WordPress writes this one false out"},
		{"index", `body\.(name|timezone_string)`, "what the site is called, and that it keeps its times in UTC, is the site's own"},
		{"index", `body\.namespaces`, "umdeck has its own API and no oembed, site health and block editor"},
		{"(ada: )?(get a password|end a password|end it).*", `header Allow`, "umdeck does not rename application passwords"},
		{"update a slug of another script", `body\.(slug|link)`, "a user keeps an address where WordPress would take the slug away"},
		{"introspect", `body\.last_ip`, "umdeck does not keep which address used a password"},
		{"make .*|ada: make .*", `body\.password`, "a password is a new one each time"},
	}
}

// TestRESTLikeWordPress sends the table's requests to WordPress and to umdeck:
// status, headers and JSON are the same, but for the differences that are allowed.
func TestRESTLikeWordPress(t *testing.T) {
	wordpress, _ := onWordPress(t)
	umdeck := onUmdeck(t)
	allowed := newAllowed(t, restDifferences())
	for _, row := range restRows() {
		t.Run(row.name, func(t *testing.T) {
			want, got := wordpress.ask(t, row), umdeck.ask(t, row)
			row.check(t, want)
			compareAnswers(t, allowed, wordpress, umdeck, row, want, got)
		})
	}
	allowed.unused(t)
}

// restHeaders are the headers that clients of the REST API look at.
var restHeaders = []string{
	"Content-Type", "Link", "Allow", "X-WP-Total", "X-WP-TotalPages", "Location", "X-Robots-Tag", "X-Content-Type-Options",
	"Access-Control-Expose-Headers", "Access-Control-Allow-Headers",
}

func compareAnswers(t *testing.T, allowed *allowed, wordpress, umdeck *restSite, row restRow, want, got restAnswer) {
	t.Helper()
	var found []string
	differ := func(where, text string) {
		if !allowed.covers(row.name, where) {
			found = append(found, where+": "+text)
		}
	}
	if want.status != got.status {
		differ("status", fmt.Sprintf("%d; WordPress has %d", got.status, want.status))
	}
	for _, name := range restHeaders {
		w, g := wordpress.headerOf(want.header, name), umdeck.headerOf(got.header, name)
		if w != g {
			differ("header "+name, fmt.Sprintf("%q; WordPress has %q", g, w))
		}
	}
	compareJSON("body", want.data, got.data, differ)
	if len(found) > 0 {
		t.Errorf("%s %s differs:\n\t%s\nWordPress: %.1500s\numdeck:    %.1500s", row.method, row.path, strings.Join(found, "\n\t"), want.body, got.body)
	}
}

func (s *restSite) headerOf(h http.Header, name string) string {
	return s.nameless(strings.Join(h.Values(name), ", "))
}

// moments are members that tell a time: both sites must write one, not the same.
var moments = regexp.MustCompile(`\.(registered_date|created|last_used)$`)

var momentShape = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\+00:00)?$`)

// compareJSON tells each difference, and where it is.
func compareJSON(where string, want, got any, differ func(where, text string)) {
	switch w := want.(type) {
	case map[string]any:
		if g, ok := got.(map[string]any); ok {
			compareObjects(where, w, g, differ)
			return
		}
	case []any:
		if g, ok := got.([]any); ok && len(w) == len(g) {
			for i := range w {
				compareJSON(fmt.Sprintf("%s[%d]", where, i), w[i], g[i], differ)
			}
			return
		}
	case string:
		if g, ok := got.(string); ok && moments.MatchString(where) && momentShape.MatchString(w) && momentShape.MatchString(g) && len(w) == len(g) {
			return
		}
	}
	if !reflect.DeepEqual(want, got) {
		differ(where, show(got)+"; WordPress has "+show(want))
	}
}

func compareObjects(where string, want, got map[string]any, differ func(where, text string)) {
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if _, ok := got[name]; !ok {
			differ(where+"."+name, "missing; WordPress has "+show(want[name]))
			continue
		}
		compareJSON(where+"."+name, want[name], got[name], differ)
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[name]; !ok {
			differ(where+"."+name, show(got[name])+"; WordPress has none")
		}
	}
}

func show(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%.300s", text)
}

// allowed is a list of differences, and which of them were found.
type allowed struct {
	list        []restDifference
	rows, where []*regexp.Regexp
	used        []bool
}

func newAllowed(t *testing.T, list []restDifference) *allowed {
	t.Helper()
	a := &allowed{list: list, used: make([]bool, len(list))}
	for _, d := range list {
		if d.why == "" {
			t.Errorf("the difference at %s has no reason", d.where)
		}
		a.rows = append(a.rows, regexp.MustCompile("^(?:"+d.rows+")$"))
		a.where = append(a.where, regexp.MustCompile("^(?:"+d.where+")$"))
	}
	return a
}

func (a *allowed) covers(row, where string) bool {
	for i, d := range a.list {
		if (d.rows == "" || a.rows[i].MatchString(row)) && a.where[i].MatchString(where) {
			a.used[i] = true
			return true
		}
	}
	return false
}

// unused fails for differences that there are no more.
func (a *allowed) unused(t *testing.T) {
	t.Helper()
	for i, d := range a.list {
		if !a.used[i] && !t.Failed() {
			t.Errorf("no row differs at %q any more (%s); take the difference off the list", d.where, d.why)
		}
	}
}

// TestRESTWrongCredentials sends wrong credentials to umdeck and to a WordPress where
// a plugin asks early for the user. Elsewhere WordPress takes who sends them for a
// visitor, which nobody wants who mistyped a password; umdeck never does.
func TestRESTWrongCredentials(t *testing.T) {
	wordpress, site := onWordPress(t)
	umdeck := onUmdeck(t)
	site.Behave(t, "early-auth")
	none := newAllowed(t, nil)
	for _, path := range []string{"/wp-json/", users, users + "?context=edit", users + "/me", users + "/1", "/wp-json/wp/v2/nothing"} {
		row := restRow{name: path, as: "wrong", method: "GET", path: path, status: 401, code: "incorrect_password"}
		want, got := wordpress.ask(t, row), umdeck.ask(t, row)
		row.check(t, want)
		row.check(t, got)
		compareAnswers(t, none, wordpress, umdeck, row, want, got)
	}
}
