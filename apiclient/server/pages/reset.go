package pages

import (
	"cmp"
	"net/http"

	"umdeck/apiclient"
)

// link returns the login and the key of a link to a new password, and whether the
// address is one.
func link(r *http.Request) (login string, key apiclient.Secret, ok bool) {
	q := r.URL.Query()
	return q.Get("login"), apiclient.NewSecret(q.Get("hash")), q.Get("act") == "reset_password"
}

// resetForm asks for a link to a new password, or for the password where the
// visitor comes from such a link.
func (p *Pages) resetForm(v *visit) error {
	login, key, ok := link(v.r)
	if ok {
		form, err := p.cfg.Members.CheckReset(v.r.Context(), v.visitor, login, key)
		if err != nil {
			return err
		}
		return p.showForm(v, http.StatusOK, "form", p.newPassword(v, form), nil)
	}
	form, err := p.cfg.Members.ResetForm(v.r.Context(), v.visitor)
	if err != nil {
		return err
	}
	form.Title = "Password Reset"
	return p.showForm(v, http.StatusOK, "form", filled{form: form, action: apiclient.PathReset}, nil)
}

// newPassword is the form where a link leads. It is sent to the same address, which
// holds the key.
func (p *Pages) newPassword(v *visit, form apiclient.PageForm) filled {
	form.Title = cmp.Or(form.Title, "Choose a new password")
	q := v.r.URL.Query()
	return filled{form: form, fresh: true, action: with(apiclient.PathReset, "act", "reset_password", "hash", q.Get("hash"), "login", q.Get("login"))}
}

func (p *Pages) reset(v *visit) error {
	s, err := submission(v.r)
	if err != nil {
		return err
	}
	ctx := v.r.Context()
	if login, key, ok := link(v.r); ok {
		reply, err := p.cfg.Members.ResetPassword(ctx, v.visitor, login, key, s)
		if err == nil {
			return p.done(v, reply, apiclient.PathLogin)
		}
		form, missing := p.cfg.Members.CheckReset(ctx, v.visitor, login, key)
		if missing != nil {
			return missing
		}
		f := p.newPassword(v, form)
		f.sent = &s
		return p.again(v, err, "form", f, nil)
	}
	reply, err := p.cfg.Members.RequestReset(ctx, v.visitor, s)
	if err == nil {
		return p.done(v, reply, with(apiclient.PathReset, "updated", "checkemail"))
	}
	form, missing := p.cfg.Members.ResetForm(ctx, v.visitor)
	if missing != nil {
		return missing
	}
	form.Title = "Password Reset"
	return p.again(v, err, "form", filled{form: form, action: apiclient.PathReset, sent: &s}, nil)
}
