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

// A submission that the site's own page did not cause is refused before anything is
// asked of the site.
func TestForgedSubmission(t *testing.T) {
	for name, change := range map[string]func(*http.Request, string){
		"no token": func(r *http.Request, _ string) { r.Header.Set("Sec-Fetch-Site", "same-origin") },
		"another site": func(r *http.Request, _ string) {
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			r.Header.Set("Origin", "https://bad.example.com")
		},
		"another origin": func(r *http.Request, _ string) { r.Header.Set("Origin", "https://bad.example.com") },
	} {
		t.Run(name, func(t *testing.T) {
			site := &scripted{form: apiclient.PageForm{}, reply: apiclient.Reply{Redirect: "/x"}}
			b := visitPages(t, site, nil)
			values := url.Values{"username": {"ada"}}
			if name != "no token" {
				values.Set("csrf_token", b.token("/login"))
			}
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.base+"/login", strings.NewReader(values.Encode()))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			change(r, b.base)
			res, err := b.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if res.StatusCode != http.StatusBadRequest || site.submitted.Values != nil {
				t.Errorf("status %d, submitted %v", res.StatusCode, site.submitted.Values)
			}
		})
	}
}

func TestAddressIsLimited(t *testing.T) {
	site := &scripted{reply: apiclient.Reply{Redirect: "/x"}}
	b := visitPages(t, site, func(c *Config) { c.PerMinute = 3 })
	var got []int
	for range 5 {
		got = append(got, b.post("/login", nil).StatusCode)
	}
	if got[0] != http.StatusSeeOther || got[4] != http.StatusTooManyRequests {
		t.Errorf("statuses %v", got)
	}
	if page := b.get("/login"); page.StatusCode != http.StatusOK {
		t.Errorf("looking is limited, too: %d", page.StatusCode)
	}
}

func TestCookieOfTheSession(t *testing.T) {
	session := apiclient.Session{Token: apiclient.NewSecret("token"), User: apiclient.User{ID: 3, Login: "ada"}, Path: "/user/ada", Expires: time.Now().Add(time.Hour)}
	tests := map[string]struct {
		secure, remember bool
		want             []string
		not              []string
	}{
		"http":          {false, false, []string{"umdeck_session=token", "HttpOnly", "SameSite=Lax", "Path=/"}, []string{"Secure", "Expires"}},
		"https":         {true, false, []string{"__Host-umdeck_session=token", "HttpOnly", "Secure", "SameSite=Lax"}, []string{"Expires"}},
		"kept after it": {true, true, []string{"__Host-umdeck_session=token", "Expires="}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			site := &scripted{}
			b := visitPages(t, site, func(c *Config) { c.Secure = func(*http.Request) bool { return tt.secure } })
			token := b.get("/login") // a Secure cookie does not come back over http: the token is sent by hand
			s := session
			s.Remember = tt.remember
			site.reply = apiclient.Reply{Session: &s, Redirect: "/user/ada"}
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.base+"/login", strings.NewReader(url.Values{"csrf_token": {attr(token.find("input", "name", "csrf_token"), "value")}}.Encode()))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Sec-Fetch-Site", "same-origin")
			for _, c := range token.Cookies() {
				r.AddCookie(c)
			}
			b.Jar = nil
			res, err := b.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			var cookie string
			for _, line := range res.Header.Values("Set-Cookie") {
				if strings.Contains(line, "session=") {
					cookie = line
				}
			}
			if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/user/ada" {
				t.Errorf("status %d to %q", res.StatusCode, res.Header.Get("Location"))
			}
			for _, part := range tt.want {
				if !strings.Contains(cookie, part) {
					t.Errorf("%q has no %s", cookie, part)
				}
			}
			for _, part := range tt.not {
				if strings.Contains(cookie, part) {
					t.Errorf("%q has %s", cookie, part)
				}
			}
		})
	}
}

// A cookie that means nothing any more is taken away.
func TestStaleCookie(t *testing.T) {
	b := visitPages(t, &scripted{}, nil)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.base+"/login", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "umdeck_session", Value: "old"})
	res, err := b.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if !strings.Contains(strings.Join(res.Header.Values("Set-Cookie"), "\n"), "umdeck_session=; Path=/; Expires=") {
		t.Errorf("cookies: %q", res.Header.Values("Set-Cookie"))
	}
}

// Each error leads to its page.
func TestErrorsOfTheSite(t *testing.T) {
	tests := map[string]struct {
		err      error
		status   int
		location string
		words    string
	}{
		"refused":   {&apiclient.Refusal{Kind: apiclient.Forbidden, Code: "inactive", Redirect: "/login?err=inactive"}, http.StatusSeeOther, "/login?err=inactive", ""},
		"too often": {apiclient.Errorf(apiclient.Unavailable, "Wait a minute."), http.StatusTooManyRequests, "", "Wait a minute."},
		"forbidden": {apiclient.Errorf(apiclient.Forbidden, "You may not."), http.StatusForbidden, "", "You may not."},
		"not there": {apiclient.Errorf(apiclient.NotFound, "No such page."), http.StatusNotFound, "", "No such page."},
		"broken":    {http.ErrServerClosed, http.StatusInternalServerError, "", "Something went wrong on our side."},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			page := visitPages(t, &scripted{err: tt.err}, nil).post("/login", nil)
			if page.StatusCode != tt.status || page.Header.Get("Location") != tt.location || !strings.Contains(words(page.root), tt.words) {
				t.Errorf("status %d to %q:\n%s", page.StatusCode, page.Header.Get("Location"), page.text)
			}
			if strings.Contains(page.text, "Server closed") {
				t.Error("the cause is shown to the visitor")
			}
		})
	}
}

func TestAddressTellsWhatHappened(t *testing.T) {
	b := visitPages(t, &scripted{}, nil)
	if page := b.get("/login?updated=account_active"); !strings.Contains(words(page.find("p", "role", "status")), "Your account is now active") {
		t.Errorf("no notice:\n%s", page.text)
	}
	if page := b.get("/login?err=rejected"); !strings.Contains(words(page.find("div", "role", "alert")), "rejected") {
		t.Errorf("no alert:\n%s", page.text)
	}
	if page := b.get("/login?err=<script>"); page.find("div", "role", "alert") != nil {
		t.Error("a code that nobody knows is told")
	}
}

func TestActivationLink(t *testing.T) {
	site := &scripted{reply: apiclient.Reply{Redirect: "/login?updated=account_active"}}
	b := visitPages(t, site, func(c *Config) { c.Base = "/club" })
	page := b.get("/?act=activate_via_email&hash=H&user_id=7")
	if page.StatusCode != http.StatusSeeOther || page.Header.Get("Location") != "/club/login?updated=account_active" {
		t.Errorf("status %d to %q", page.StatusCode, page.Header.Get("Location"))
	}
	if diff := cmp.Diff(map[string][]string{"hash": {"H"}, "user": {"7"}}, site.submitted.Values); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	site.reply = apiclient.Reply{}
	if page := b.get("/?act=activate_via_email&hash=short&user_id=x"); page.StatusCode != http.StatusOK {
		t.Errorf("what is no link: status %d", page.StatusCode)
	}
}

func TestResetLink(t *testing.T) {
	site := &scripted{form: apiclient.PageForm{Fields: []apiclient.PageField{ask(apiclient.Field{Key: "user_password", Label: "New password", Type: apiclient.FieldPassword})}}}
	b := visitPages(t, site, nil)
	if page := b.get("/password-reset?act=reset_password&login=ada&hash=old"); page.Header.Get("Location") != "/password-reset?err=invalidkey" {
		t.Errorf("an old link leads to %q", page.Header.Get("Location"))
	}
	path := "/password-reset?act=reset_password&login=ada&hash=k"
	page := b.get(path)
	accessible(t, page)
	if n := page.find("input", "name", "user_password"); attr(n, "autocomplete") != "new-password" {
		t.Error("the browser would offer the old password")
	}
	site.reply = apiclient.Reply{Redirect: "/login?updated=password_changed"}
	if page := b.post(path, url.Values{"user_password": {"x"}}); page.Header.Get("Location") != "/login?updated=password_changed" {
		t.Errorf("status %d to %q", page.StatusCode, page.Header.Get("Location"))
	}
}
