package pages

import (
	"bytes"
	"context"
	"errors"
	"html/template"
	"net/http"
	"strings"

	"github.com/justinas/nosurf"

	"umdeck/apiclient"
)

// A layout is what every page shows round its body.
type layout struct {
	Base, Site, Title string
	NoIndex           bool
	Nav               []navLink
	Viewer            viewer
	Notice            string
	Problems          []problem
	Token             string // against forged requests
	Body              any
}

type navLink struct {
	URL, Text string
	Here      bool
}

// A viewer is who is logged in; without a name nobody is.
type viewer struct{ Name string }

// A problem is a line of the summary at the top.
type problem struct {
	ID      string // of the control; empty: of none
	Message string
}

// show writes a page with a template of its own.
func (p *Pages) show(v *visit, status int, name, title string, body any, problems ...problem) error {
	site, err := p.cfg.Name(v.r.Context())
	if err != nil {
		return err
	}
	l := layout{
		Base: p.cfg.Base, Site: site, Title: title, Nav: p.nav(v), Token: nosurf.Token(v.r), Body: body,
		Problems: append(p.told(v), problems...), Notice: apiclient.Notice(v.r.URL.Query().Get("updated")),
	}
	if !v.session.Guest() {
		l.Viewer.Name = v.session.User.Name()
	}
	if n, ok := body.(interface{ noIndex() bool }); ok {
		l.NoIndex = n.noIndex()
	}
	return p.write(v.r.Context(), v.w, status, name, l)
}

// told is what the address says is wrong. Of a page that has a problem of its own
// it would be yesterday's.
func (p *Pages) told(v *visit) []problem {
	if text := apiclient.Notice(v.r.URL.Query().Get("err")); text != "" && v.r.Method != http.MethodPost {
		return []problem{{Message: text}}
	}
	return nil
}

func (p *Pages) nav(v *visit) []navLink {
	list := []navLink{{URL: apiclient.PathMembers, Text: "Members"}}
	if v.session.Guest() {
		list = append(list, navLink{URL: apiclient.PathLogin, Text: "Login"}, navLink{URL: apiclient.PathRegister, Text: "Register"})
	} else {
		list = append(list, navLink{URL: v.session.Path, Text: "Profile"}, navLink{URL: apiclient.PathAccount, Text: "Account"})
	}
	for i := range list {
		path := list[i].URL
		list[i].Here = v.r.URL.Path == path || path != "" && strings.HasPrefix(v.r.URL.Path, path+"/")
		list[i].URL = p.at(path)
	}
	return list
}

// write renders the whole page before its first byte goes out.
func (p *Pages) write(ctx context.Context, w http.ResponseWriter, status int, name string, l layout) error {
	var b bytes.Buffer
	if err := p.templates.ExecuteTemplate(&b, name+".html", l); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if _, err := w.Write(b.Bytes()); err != nil {
		p.cfg.Logger.DebugContext(ctx, "the visitor is gone", "error", err)
	}
	return nil
}

// fail answers an error: a refusal leads elsewhere, the rest is a page that says it.
func (p *Pages) fail(v *visit, err error) {
	var refusal *apiclient.Refusal
	if errors.As(err, &refusal) && refusal.Redirect != "" {
		p.redirect(v, refusal.Redirect)
		return
	}
	status := statusOf(err)
	text := apiclient.MessageOf(err)
	if status == http.StatusInternalServerError {
		p.cfg.Logger.ErrorContext(v.r.Context(), "page failed", "path", v.r.URL.Path, "error", err)
		text = "Something went wrong on our side. Nothing was changed; try again later."
	}
	p.refuse(v.w, v.r, status, text)
}

// statusOf returns the HTTP status of an error.
func statusOf(err error) int {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return http.StatusRequestEntityTooLarge
	}
	switch apiclient.KindOf(err) {
	case apiclient.Invalid:
		return http.StatusUnprocessableEntity
	case apiclient.NotFound:
		return http.StatusNotFound
	case apiclient.Unauthorized:
		return http.StatusUnauthorized
	case apiclient.Forbidden:
		return http.StatusForbidden
	case apiclient.Conflict:
		return http.StatusConflict
	case apiclient.Unavailable:
		return http.StatusTooManyRequests
	default:
		return http.StatusInternalServerError
	}
}

// refuse answers with a page that says text alone. It asks nothing of the site but
// its name, which may fail, too.
func (p *Pages) refuse(w http.ResponseWriter, r *http.Request, status int, text string) {
	site, err := p.cfg.Name(r.Context())
	if err != nil {
		p.cfg.Logger.ErrorContext(r.Context(), "the site has no name", "error", err)
		site = "umdeck"
	}
	l := layout{Base: p.cfg.Base, Site: site, Title: http.StatusText(status), Body: text}
	if err := p.write(r.Context(), w, status, "error", l); err != nil {
		p.cfg.Logger.ErrorContext(r.Context(), "error page failed", "error", err)
		http.Error(w, text, status)
	}
}

// clean returns HTML that an administrator wrote without what could harm a visitor.
func (p *Pages) clean(text string) template.HTML {
	return template.HTML(p.policy.Sanitize(text)) //nolint:gosec // that is what the policy is for
}
