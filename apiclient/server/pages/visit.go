package pages

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"umdeck/apiclient"
)

// A visit is a request with who makes it.
type visit struct {
	w       http.ResponseWriter
	r       *http.Request
	visitor apiclient.Visitor
	session apiclient.Session
}

// A page handles a visit. What it returns as an error has answered nothing yet.
type page func(*visit) error

// on serves a page for a method and path.
func (p *Pages) on(pattern string, do page) {
	p.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		v, err := p.visit(w, r)
		if err == nil {
			err = do(v)
		}
		if err != nil {
			p.fail(v, err)
		}
	})
}

// visit finds out who makes a request.
func (p *Pages) visit(w http.ResponseWriter, r *http.Request) (*visit, error) {
	v := &visit{w: w, r: r, visitor: apiclient.Visitor{Address: p.cfg.Address(r), Agent: r.UserAgent()}}
	if c, err := r.Cookie(p.cookieName(r)); err == nil {
		v.visitor.Token = apiclient.NewSecret(c.Value)
	}
	session, err := p.cfg.Members.Session(r.Context(), v.visitor)
	if err != nil {
		return v, err
	}
	if !session.Token.Equal(v.visitor.Token) {
		p.keep(v, session)
	}
	v.session = session
	return v, nil
}

// cookieName binds the cookie to this host where TLS lets a browser check that.
func (p *Pages) cookieName(r *http.Request) string {
	if p.cfg.Secure(r) {
		return "__Host-umdeck_session"
	}
	return "umdeck_session"
}

// keep gives the session to the visitor's browser, or takes it away.
func (p *Pages) keep(v *visit, s apiclient.Session) {
	c := &http.Cookie{
		Name: p.cookieName(v.r), Value: s.Token.Reveal(), Path: "/", HttpOnly: true, Secure: p.cfg.Secure(v.r), SameSite: http.SameSiteLaxMode,
	}
	switch {
	case s.Guest():
		c.MaxAge, c.Expires = -1, time.Unix(1, 0)
	case s.Remember:
		c.Expires = s.Expires
	}
	http.SetCookie(v.w, c)
	v.visitor.Token, v.session = s.Token, s
}

// done sends the visitor where the reply says, with the session that it gives, or
// shows its message.
func (p *Pages) done(v *visit, reply apiclient.Reply, stay string) error {
	if reply.Session != nil {
		p.keep(v, *reply.Session)
	}
	if reply.Redirect == "" && reply.Message != "" {
		return p.show(v, http.StatusOK, "message", "Thank you", p.clean(reply.Message))
	}
	target := reply.Redirect
	if target == "" {
		target = stay
	}
	p.redirect(v, target)
	return nil
}

// redirect sends the visitor to a path of the site or to an address, with GET.
func (p *Pages) redirect(v *visit, target string) {
	http.Redirect(v.w, v.r, p.at(target), http.StatusSeeOther)
}

// at returns the address of a path of the site; an address stays as it is.
func (p *Pages) at(target string) string {
	if strings.HasPrefix(target, "/") {
		return p.cfg.Base + target
	}
	return target
}

// with returns a path with parameters, those that are empty left away.
func with(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}
