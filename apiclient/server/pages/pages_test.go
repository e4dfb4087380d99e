package pages

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"umdeck/apiclient"
)

// A scripted is a site whose answers a test chooses; what a test does not expect to
// be asked is nil and panics.
type scripted struct {
	apiclient.Members
	session   apiclient.Session
	form      apiclient.PageForm
	account   apiclient.AccountPage
	profile   apiclient.Profile
	directory apiclient.Directory
	reply     apiclient.Reply
	err       error // of what changes something

	submitted apiclient.Submission
	uploaded  string
	asked     apiclient.DirectoryQuery
	visitor   apiclient.Visitor
}

func (s *scripted) Session(_ context.Context, v apiclient.Visitor) (apiclient.Session, error) {
	s.visitor = v
	return s.session, nil
}

func (s *scripted) did(in apiclient.Submission) (apiclient.Reply, error) {
	s.submitted = in
	for _, f := range in.Files {
		r, err := f.Open()
		if err != nil {
			return apiclient.Reply{}, err
		}
		b, err := io.ReadAll(r)
		if err != nil {
			return apiclient.Reply{}, err
		}
		s.uploaded = f.Name + ": " + string(b)
	}
	return s.reply, s.err
}

func (s *scripted) RegisterForm(context.Context, apiclient.Visitor, apiclient.FormID) (apiclient.PageForm, error) {
	return s.form, nil
}

func (s *scripted) Register(_ context.Context, _ apiclient.Visitor, in apiclient.Submission) (apiclient.Reply, error) {
	return s.did(in)
}

func (s *scripted) LoginForm(context.Context, apiclient.Visitor, apiclient.FormID) (apiclient.PageForm, error) {
	return s.form, nil
}

func (s *scripted) Login(_ context.Context, _ apiclient.Visitor, in apiclient.Submission) (apiclient.Reply, error) {
	return s.did(in)
}

func (s *scripted) Logout(context.Context, apiclient.Visitor) (apiclient.Reply, error) {
	return s.did(apiclient.Submission{})
}

func (s *scripted) Activate(_ context.Context, _ apiclient.Visitor, hash, user string) (apiclient.Reply, error) {
	return s.did(apiclient.Submission{Values: map[string][]string{"hash": {hash}, "user": {user}}})
}

func (s *scripted) ResetForm(context.Context, apiclient.Visitor) (apiclient.PageForm, error) {
	return s.form, nil
}

func (s *scripted) RequestReset(_ context.Context, _ apiclient.Visitor, in apiclient.Submission) (apiclient.Reply, error) {
	return s.did(in)
}

func (s *scripted) CheckReset(_ context.Context, _ apiclient.Visitor, login string, key apiclient.Secret) (apiclient.PageForm, error) {
	if login != "ada" || key.Reveal() != "k" {
		return apiclient.PageForm{}, &apiclient.Refusal{Kind: apiclient.Forbidden, Code: "invalidkey", Redirect: "/password-reset?err=invalidkey"}
	}
	return s.form, nil
}

func (s *scripted) ResetPassword(_ context.Context, _ apiclient.Visitor, _ string, _ apiclient.Secret, in apiclient.Submission) (apiclient.Reply, error) {
	return s.did(in)
}

func (s *scripted) Account(context.Context, apiclient.Visitor, string) (apiclient.AccountPage, error) {
	return s.account, nil
}

func (s *scripted) SaveAccount(_ context.Context, _ apiclient.Visitor, _ string, in apiclient.Submission) (apiclient.Reply, error) {
	return s.did(in)
}

func (s *scripted) Profile(context.Context, apiclient.Visitor, string) (apiclient.Profile, error) {
	return s.profile, nil
}

func (s *scripted) ProfileForm(context.Context, apiclient.Visitor, string) (apiclient.PageForm, error) {
	return s.form, nil
}

func (s *scripted) SaveProfile(_ context.Context, _ apiclient.Visitor, _ string, in apiclient.Submission) (apiclient.Reply, error) {
	return s.did(in)
}

func (s *scripted) SavePhoto(_ context.Context, _ apiclient.Visitor, _, _ string, f apiclient.SentFile) (apiclient.Reply, error) {
	return s.did(apiclient.Submission{Files: map[string]apiclient.SentFile{"photo": f}})
}

func (s *scripted) RemovePhoto(context.Context, apiclient.Visitor, string, string) (apiclient.Reply, error) {
	return s.did(apiclient.Submission{Values: map[string][]string{"removed": {"1"}}})
}

func (s *scripted) Directory(_ context.Context, _ apiclient.Visitor, q apiclient.DirectoryQuery) (apiclient.Directory, error) {
	s.asked = q
	return s.directory, nil
}

// A browser visits the pages, keeps cookies and follows nothing.
type browser struct {
	*http.Client
	t    *testing.T
	base string
}

func visitPages(t *testing.T, site *scripted, change func(*Config)) *browser {
	t.Helper()
	cfg := Config{
		Members: site, Name: func(context.Context) (string, error) { return "The <Site>", nil }, PerMinute: 1000,
		Logger: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
	if change != nil {
		change(&cfg)
	}
	p, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{
		Client: &http.Client{
			Jar: jar, Timeout: time.Minute,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		t: t, base: server.URL,
	}
}

// A shownPage is what came back.
type shownPage struct {
	*http.Response
	text string
	root *html.Node
}

func (b *browser) do(method, path, contentType string, body io.Reader) shownPage {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.base+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	res, err := b.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	root, err := html.Parse(strings.NewReader(string(text)))
	if err != nil {
		b.t.Fatal(err)
	}
	return shownPage{res, string(text), root}
}

func (b *browser) get(path string) shownPage {
	b.t.Helper()
	return b.do(http.MethodGet, path, "", nil)
}

// post sends a form of the page at path, with its token.
func (b *browser) post(path string, values url.Values) shownPage {
	b.t.Helper()
	if values == nil {
		values = url.Values{}
	}
	values.Set("csrf_token", b.token(path))
	return b.do(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(values.Encode()))
}

func (b *browser) token(path string) string {
	b.t.Helper()
	for n := range b.get(path).root.Descendants() {
		if n.Data == "input" && attr(n, "name") == "csrf_token" {
			return attr(n, "value")
		}
	}
	b.t.Fatalf("%s has no token", path)
	return ""
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// words is the text of a node.
func words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// find returns the first element of a kind whose attribute has a value.
func (p shownPage) find(tag, name, value string) *html.Node {
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && (tag == "" || n.Data == tag) && attr(n, name) == value {
			return n
		}
	}
	return nil
}

func nameless(context.Context) (string, error) { return "x", nil }
