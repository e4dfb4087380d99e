package pages

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

func said(f apiclient.Field, v apiclient.Value) apiclient.ProfileField {
	f.Key, f.Label = "x", "A question"
	return apiclient.ProfileField{FormField: apiclient.FormField{Field: f}, Value: v}
}

// Answers as a profile shows them.
func TestAnswers(t *testing.T) {
	blank := apiclient.Link{Target: "_blank", Rel: "nofollow", Text: "My site"}
	tests := map[string]struct {
		in   apiclient.ProfileField
		want answer
		none bool
	}{
		"text":          {in: said(apiclient.Field{Type: apiclient.FieldText}, apiclient.Text("<i>Ada</i>")), want: answer{Text: "<i>Ada</i>"}},
		"nothing":       {in: said(apiclient.Field{Type: apiclient.FieldText}, apiclient.Value{}), none: true},
		"list":          {in: said(apiclient.Field{Type: apiclient.FieldMultiselect, Choices: apiclient.Choices("a", "b")}, apiclient.List("a", "b")), want: answer{Text: "a, b"}},
		"ticked":        {in: said(apiclient.Field{Type: apiclient.FieldCheckbox, Choices: apiclient.Choices("Yes please")}, apiclient.List("Yes please")), want: answer{Text: "Yes"}},
		"day":           {in: said(apiclient.Field{Type: apiclient.FieldDate}, apiclient.Text("2001/02/03")), want: answer{Text: "3 Feb 2001"}},
		"day by format": {in: said(apiclient.Field{Type: apiclient.FieldDate, Format: `l, jS \o\f F Y`}, apiclient.Text("20010203")), want: answer{Text: "Saturday, 3rd of February 2001"}},
		"link":          {in: said(apiclient.Field{Type: apiclient.FieldURL, Link: blank}, apiclient.Text("https://example.com")), want: answer{Text: "My site", Link: "https://example.com", NewWindow: true, Rel: "noopener ugc nofollow"}},
		"no link":       {in: said(apiclient.Field{Type: apiclient.FieldURL}, apiclient.Text("javascript:alert(1)")), want: answer{Text: "javascript:alert(1)"}},
		"stars":         {in: said(apiclient.Field{Type: apiclient.FieldNumber, Core: apiclient.CoreRating, Stars: 10}, apiclient.Text("7")), want: answer{Text: "7 of 10"}},
		"rich text":     {in: said(apiclient.Field{Type: apiclient.FieldTextarea, HTML: true}, apiclient.Text("<b>x</b><script>y</script>")), want: answer{Block: "<b>x</b>"}},
		"password":      {in: said(apiclient.Field{Type: apiclient.FieldPassword}, apiclient.Text("hash")), none: true},
	}
	p, err := New(Config{Members: &scripted{}, Name: nameless})
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, ok := p.answer(tt.in)
			if ok == tt.none {
				t.Fatalf("shown: %t", ok)
			}
			if tt.none {
				return
			}
			tt.want.Label = "A question"
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

func TestYears(t *testing.T) {
	born := time.Date(2000, time.February, 29, 0, 0, 0, 0, time.UTC)
	for now, want := range map[string]int{"2001-02-28": 0, "2001-03-01": 1, "2020-02-29": 20, "2020-02-28": 19} {
		day, err := time.Parse(time.DateOnly, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := years(born, day); got != want {
			t.Errorf("on %s: %d, want %d", now, got, want)
		}
	}
}

func TestProfilePage(t *testing.T) {
	site := &scripted{
		session: apiclient.Session{Token: apiclient.NewSecret("t"), User: apiclient.User{ID: 3, Login: "ada"}, Path: "/user/ada"},
		profile: apiclient.Profile{
			User: 3, Slug: "ada", Name: `Ada "<Countess>" ☕`, Photo: "/wp-content/uploads/ultimatemember/3/profile_photo.jpg", CanEdit: true, NoIndex: true,
			Fields: []apiclient.ProfileField{said(apiclient.Field{Type: apiclient.FieldText}, apiclient.Text("<script>alert(1)</script>"))},
		},
		form: apiclient.PageForm{Fields: []apiclient.PageField{ask(apiclient.Field{Key: "first_name", Label: "First Name", Type: apiclient.FieldText}, "Ada")}},
	}
	b := visitPages(t, site, nil)
	page := b.get("/user/ada")
	accessible(t, page)
	if page.find("script", "", "") != nil || !strings.Contains(words(page.root), "<script>alert(1)</script>") {
		t.Error("the answer is not shown as it is")
	}
	if page.find("meta", "name", "robots") == nil {
		t.Error("search engines are let in")
	}
	edit := page.find("a", "href", "/user/ada?um_action=edit")
	if edit == nil {
		t.Fatalf("no way to the form:\n%s", page.text)
	}
	form := b.get("/user/ada?um_action=edit")
	accessible(t, form)
	if attr(form.find("input", "name", "first_name"), "value") != "Ada" || form.find("form", "action", "/user/ada/photo/cover_photo") == nil {
		t.Errorf("the form:\n%s", form.text)
	}
	site.reply = apiclient.Reply{}
	if page := b.post("/user/ada?um_action=edit", url.Values{"first_name": {"Augusta"}}); page.Header.Get("Location") != "/user/ada" {
		t.Errorf("saved: %d to %q", page.StatusCode, page.Header.Get("Location"))
	}
}

func TestPhotoIsRemoved(t *testing.T) {
	site := &scripted{form: apiclient.PageForm{}}
	b := visitPages(t, site, nil)
	token := b.token("/user/ada?um_action=edit")
	page := b.do(http.MethodPost, "/user/ada/photo/profile_photo", "application/x-www-form-urlencoded", strings.NewReader(url.Values{"csrf_token": {token}}.Encode()))
	if page.Header.Get("Location") != "/user/ada?um_action=edit" || site.submitted.Values["removed"] == nil {
		t.Errorf("status %d to %q, submitted %v", page.StatusCode, page.Header.Get("Location"), site.submitted)
	}
}

func TestAccountTabs(t *testing.T) {
	site := &scripted{account: apiclient.AccountPage{
		Tabs:    []apiclient.AccountTab{{Slug: "general", Title: "Account"}, {Slug: "delete", Title: "Delete Account"}},
		Current: apiclient.AccountTab{Slug: "delete", Title: "Delete Account"},
		Intro:   `<p onclick="bad()">This cannot be undone.</p>`,
		Form: apiclient.PageForm{Submit: "Delete Account", Fields: []apiclient.PageField{
			ask(apiclient.Field{Key: apiclient.FieldOwnPass, Label: "Password", Type: apiclient.FieldPassword, Required: true}),
		}},
	}}
	b := visitPages(t, site, nil)
	page := b.get("/account/delete")
	accessible(t, page)
	if n := page.find("a", "href", "/account/delete"); attr(n, "aria-current") != "page" {
		t.Error("the tab does not say that it is the one")
	}
	if strings.Contains(page.text, "bad()") || page.find("button", "class", "danger") == nil {
		t.Errorf("the tab:\n%s", page.text)
	}
	site.err = apiclient.Problems{{Field: apiclient.FieldOwnPass, Message: "This is not your password"}}
	page = b.post("/account/delete", url.Values{apiclient.FieldOwnPass: {"x"}})
	accessible(t, page)
	if page.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(words(page.root), "This is not your password") || page.find("a", "href", "/account/general") == nil {
		t.Errorf("status %d:\n%s", page.StatusCode, page.text)
	}
	site.err = nil
	if page := b.post("/account/general", nil); page.Header.Get("Location") != "/account/general?updated=account" {
		t.Errorf("saved: to %q", page.Header.Get("Location"))
	}
}

func TestDirectoryPage(t *testing.T) {
	site := &scripted{directory: apiclient.Directory{
		Search: true, Next: "next+/=", Sorts: []apiclient.Choice{{Value: "user_registered_desc", Label: "New users first"}, {Value: "display_name", Label: "Display name"}},
		Filters: []apiclient.PageField{ask(apiclient.Field{Key: "country", Label: "Country", Type: apiclient.FieldCountry})},
		Members: []apiclient.Card{{Name: "林 <小>", Path: "/user/lin", Fields: []apiclient.ProfileField{said(apiclient.Field{Type: apiclient.FieldText}, apiclient.Text("Taipei"))}}},
	}}
	b := visitPages(t, site, nil)
	page := b.get("/members?search=lin&filter_country=Spain&filter_role=&sort=display_name")
	accessible(t, page)
	want := apiclient.DirectoryQuery{Search: "lin", Sort: "display_name", Where: map[string][]string{"country": {"Spain"}}}
	if diff := cmp.Diff(want, site.asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	if n := page.find("a", "href", "/user/lin"); words(n) != "林 <小>" {
		t.Errorf("the member is %q", words(n))
	}
	next := page.find("a", "rel", "next")
	b.get(attr(next, "href"))
	if site.asked.After != "next+/=" || site.asked.Search != "lin" {
		t.Errorf("the next page asks %+v", site.asked)
	}
	site.directory = apiclient.Directory{}
	if page := b.get("/members?search=nobody"); !strings.Contains(words(page.root), "No member matches") {
		t.Errorf("nobody:\n%s", page.text)
	}
}
