package apitest

import (
	"fmt"
	"strings"
	"testing"

	"umdeck/apiclient"
)

// hostile are texts that have broken such programs before.
func hostile() map[string]string {
	return map[string]string{
		"quotes":         `O'Brien "the" \ two`,
		"SQL":            `'; DROP TABLE users; --`,
		"markup":         `a <b>bold</b> <script>alert(1)</script> word`,
		"entities":       `Tom &amp; Jerry & co`,
		"PHP":            `a:1:{s:1:"x";b:1;}`,
		"JSON":           `{"a":[1,null]}`,
		"escape codes":   "red \x1b[31mtext\x1b[0m",
		"zero byte":      "zero\x00byte",
		"latin":          "Zoë Søn-Łukasz",
		"han":            "李小龍",
		"arabic":         "محمد علي",
		"emoji":          "👩‍👩‍👧 family 🇩🇪",
		"combining":      "Zoe\u0308",
		"right to left":  "safe\u202egnp.exe",
		"not UTF-8":      "bad \xff\xfe byte",
		"spaces":         "  padded   inside  ",
		"percent":        "100% _under_ *star*",
		"long":           strings.Repeat("long ", 400),
		"formula":        `=HYPERLINK("http://example.com")`,
		"digits":         "007",
		"false":          "false",
		"lines":          "one\ntwo\r\nthree",
		"null in quotes": `null`,
	}
}

// testUserText stores hostile texts in a field of one line and in one of several:
// what is read back is what the field accepts, and what it does not accept is
// Invalid and stores nothing.
func testUserText(t *testing.T, s *subject) {
	s.need(t, apiclient.CanCreateUsers, apiclient.CanListUsers, apiclient.CanReadFields)
	catalogue := s.catalogue(t)
	i := 0
	for name, text := range hostile() {
		for _, key := range []string{"first_name", "description"} {
			i++
			login := s.login(fmt.Sprintf("h%d", i))
			t.Run(name+"/"+key, func(t *testing.T) { s.storeText(t, catalogue[key], login, text) })
		}
	}
}

func (s *subject) storeText(t *testing.T, f apiclient.Field, login, text string) {
	want, refused := f.Accept(apiclient.Text(text))
	u, err := s.CreateUser(t.Context(), User(login, Answer(f.Key, text)))
	if refused != nil {
		wantKind(t, "CreateUser", err, apiclient.Invalid)
		_, err = s.FindUser(t.Context(), login)
		wantKind(t, "FindUser afterwards", err, apiclient.NotFound)
		return
	}
	if err != nil {
		t.Fatalf("CreateUser: %v; the rules accept the text as %q", err, want)
	}
	s.removeLater(t, u.ID)
	if s.site.Kind == apiclient.SiteWordPress && f.Type == apiclient.FieldText {
		want.Text = strings.Join(strings.Fields(want.Text), " ") // sanitize_text_field makes one space of several
	}
	if got := must(s.User(t.Context(), u.ID))(t).Value(f.Key); !got.Equal(want) {
		t.Errorf("stored %q as %q; want %q", text, got, want)
	}
}

// catalogue returns the site's fields by key, or Ultimate Member's own where the
// site does not tell.
func (s *subject) catalogue(t *testing.T) map[string]apiclient.Field {
	t.Helper()
	list := apiclient.PredefinedFields()
	if s.can(apiclient.CanReadFieldSet) {
		list = must(s.Fields(t.Context()))(t)
	}
	m := make(map[string]apiclient.Field, len(list))
	for _, f := range list {
		m[f.Key] = f
	}
	return m
}
