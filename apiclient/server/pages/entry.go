package pages

import (
	"net/http"
	"strconv"

	"umdeck/apiclient"
)

func (p *Pages) routes() {
	p.mux.HandleFunc("GET /umdeck.css", p.serveStyle)
	p.on("GET /{$}", p.home)
	p.on("GET /register", p.registerForm)
	p.on("POST /register", p.register)
	p.on("GET /register/{form}", p.registerForm)
	p.on("POST /register/{form}", p.register)
	p.on("GET /login", p.loginForm)
	p.on("POST /login", p.login)
	p.on("GET /logout", p.logoutForm)
	p.on("POST /logout", p.logout)
	p.on("GET /password-reset", p.resetForm)
	p.on("POST /password-reset", p.reset)
	p.on("GET /account", p.account)
	p.on("GET /account/{tab}", p.account)
	p.on("POST /account", p.saveAccount)
	p.on("POST /account/{tab}", p.saveAccount)
	p.on("GET /user", p.profile)
	p.on("GET /user/{name}", p.profile)
	p.on("POST /user/{name}", p.saveProfile)
	p.on("POST /user/{name}/photo/{key}", p.savePhoto)
	p.on("GET /members", p.members)
	p.on("/", func(*visit) error {
		return apiclient.Errorf(apiclient.NotFound, "There is no page at this address.")
	})
}

func (p *Pages) serveStyle(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	if _, err := w.Write(p.style); err != nil {
		p.cfg.Logger.DebugContext(r.Context(), "the visitor is gone", "error", err)
	}
}

// home is the home page, and where activation links lead.
func (p *Pages) home(v *visit) error {
	q := v.r.URL.Query()
	if q.Get("act") == "activate_via_email" {
		reply, err := p.cfg.Members.Activate(v.r.Context(), v.visitor, q.Get("hash"), q.Get("user_id"))
		if err != nil {
			return err
		}
		if reply.Redirect != "" || reply.Message != "" {
			return p.done(v, reply, apiclient.PathLogin)
		}
	}
	return p.show(v, http.StatusOK, "home", "Welcome", p.nav(v))
}

// formID is the registration form that the address names; 0: the site's own.
func formID(r *http.Request) (apiclient.FormID, error) {
	text := r.PathValue("form")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, apiclient.Errorf(apiclient.NotFound, "There is no page at this address.")
	}
	return apiclient.FormID(n), nil
}

func (p *Pages) registerForm(v *visit) error {
	id, err := formID(v.r)
	if err != nil {
		return err
	}
	form, err := p.cfg.Members.RegisterForm(v.r.Context(), v.visitor, id)
	if err != nil {
		return err
	}
	form.Title = "Register"
	return p.showForm(v, http.StatusOK, "form", filled{form: form, action: v.r.URL.Path, fresh: true}, trapped)
}

// trapped adds the input that a person does not see.
func trapped(f *formView) { f.Trapped = true }

func (p *Pages) register(v *visit) error {
	id, err := formID(v.r)
	if err != nil {
		return err
	}
	s, err := submission(v.r)
	if err != nil {
		return err
	}
	s.Form = id // the address decides, so that a form cannot pose as another one
	reply, err := p.cfg.Members.Register(v.r.Context(), v.visitor, s)
	if err == nil {
		return p.done(v, reply, apiclient.PathLogin)
	}
	form, missing := p.cfg.Members.RegisterForm(v.r.Context(), v.visitor, id)
	if missing != nil {
		return missing
	}
	form.Title = "Register"
	return p.again(v, err, "form", filled{form: form, action: v.r.URL.Path, sent: &s, fresh: true}, trapped)
}

func (p *Pages) loginForm(v *visit) error {
	if !v.session.Guest() {
		p.redirect(v, v.session.Path)
		return nil
	}
	form, err := p.cfg.Members.LoginForm(v.r.Context(), v.visitor, 0)
	if err != nil {
		return err
	}
	form.Title = "Login" // the form's own title is for administrators
	return p.showForm(v, http.StatusOK, "form", filled{form: form, action: apiclient.PathLogin}, nil)
}

func (p *Pages) login(v *visit) error {
	s, err := submission(v.r)
	if err != nil {
		return err
	}
	reply, err := p.cfg.Members.Login(v.r.Context(), v.visitor, s)
	if err == nil {
		return p.done(v, reply, "/")
	}
	form, missing := p.cfg.Members.LoginForm(v.r.Context(), v.visitor, s.Form)
	if missing != nil {
		return missing
	}
	form.Title = "Login" // the form's own title is for administrators
	return p.again(v, err, "form", filled{form: form, action: apiclient.PathLogin, sent: &s}, nil)
}

// logoutForm asks, because a link that logs out could stand on any page.
func (p *Pages) logoutForm(v *visit) error {
	if v.session.Guest() {
		p.redirect(v, apiclient.PathLogin)
		return nil
	}
	form := apiclient.PageForm{Title: "Logout", Submit: "Logout"}
	return p.showForm(v, http.StatusOK, "form", filled{form: form, action: apiclient.PathLogout}, nil)
}

func (p *Pages) logout(v *visit) error {
	reply, err := p.cfg.Members.Logout(v.r.Context(), v.visitor)
	if err != nil {
		return err
	}
	return p.done(v, reply, "/")
}
