package engine

import (
	"context"
	"slices"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// formOf returns the form with the number, or the site's own of the mode for 0. One of
// another mode is NotFound, as one that there is not.
func formOf(ctx context.Context, tx *store.Tx, id apiclient.FormID, mode apiclient.FormMode) (apiclient.Form, error) {
	if id == 0 {
		return tx.CoreForm(ctx, mode)
	}
	f, err := tx.Form(ctx, id)
	if err == nil && f.Mode != mode {
		return f, apiclient.Errorf(apiclient.NotFound, "There is no %s form %d on this site.", mode, id)
	}
	return f, err
}

// custom returns a setting that counts only where the form has settings of its own.
func custom(f apiclient.Form, name string) string {
	if f.On("use_custom_settings") {
		return f.Setting(name)
	}
	return apiclient.Form{Mode: f.Mode}.Setting(name)
}

// pageForm is a form with those of its fields that are asked, and with what holds no
// answer. values are those of the inputs.
func pageForm(f apiclient.Form, asked []apiclient.Field, values func(apiclient.Field) []string) apiclient.PageForm {
	p := apiclient.PageForm{ID: f.ID, Title: f.Title, Submit: custom(f, "primary_btn_word"), Rows: f.Rows}
	for _, x := range f.Fields {
		i := slices.IndexFunc(asked, func(a apiclient.Field) bool { return a.Key == x.Key })
		if i < 0 && x.CoreType().Holds() {
			continue
		}
		q := apiclient.PageField{FormField: x}
		if i >= 0 {
			q.Field, q.Values = asked[i], values(asked[i])
			q.Confirm = q.Password.Confirm && f.Mode != apiclient.FormLogin
		}
		p.Fields = append(p.Fields, q)
	}
	return p
}

// guest refuses a member: what is for guests leads them to their profile.
func (e *Engine) guest(ctx context.Context, tx *store.Tx, v apiclient.Visitor) error {
	found, err := e.visiting(ctx, tx, v)
	if err != nil || found == nil {
		return err
	}
	home, err := e.home(ctx, tx, found.account.User)
	if err != nil {
		return err
	}
	return &apiclient.Refusal{Kind: apiclient.Forbidden, Redirect: home}
}

// LoginForm returns a login form.
func (e *Engine) LoginForm(ctx context.Context, v apiclient.Visitor, id apiclient.FormID) (apiclient.PageForm, error) {
	f, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (apiclient.Form, error) {
		if err := e.guest(ctx, tx, v); err != nil {
			return apiclient.Form{}, err
		}
		return formOf(ctx, tx, id, apiclient.FormLogin)
	})
	if err != nil {
		return apiclient.PageForm{}, err
	}
	in := apiclient.Intake{Mode: apiclient.FormLogin}
	p := pageForm(f, in.Asked(apiclient.FieldsOf(f.Fields)), func(apiclient.Field) []string { return nil })
	p.Remember = custom(f, "show_rememberme") == "1"
	if custom(f, "forgot_pass_link") == "1" {
		p.ForgotPath = apiclient.PathReset
	}
	second(f, &p, apiclient.PathRegister)
	return p, nil
}

// second fills in the second button.
func second(f apiclient.Form, p *apiclient.PageForm, path string) {
	if custom(f, "secondary_btn") != "1" {
		return
	}
	p.OtherTitle, p.OtherPath = custom(f, "secondary_btn_word"), path
	if to := custom(f, "secondary_btn_url"); to != "" {
		p.OtherPath = to
	}
}

// RegisterForm returns a registration form.
func (e *Engine) RegisterForm(ctx context.Context, v apiclient.Visitor, id apiclient.FormID) (apiclient.PageForm, error) {
	r, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (registration, error) {
		return e.registration(ctx, tx, v, apiclient.Submission{Form: id})
	})
	if err != nil {
		return apiclient.PageForm{}, err
	}
	p := pageForm(r.form, r.in.Asked(r.fields), func(f apiclient.Field) []string { return filledIn(f, apiclient.Value{}) })
	p.Stamp = e.stamp(r.form.ID)
	if r.form.On("use_gdpr") {
		p.AgreementLabel = r.form.Setting("use_gdpr_agreement")
	}
	second(r.form, &p, apiclient.PathLogin)
	return p, nil
}

// withRoles fills in the roles that a field offers: of those that forms may give, the
// ones that its choices name, or all of them.
func withRoles(f apiclient.Field, all []apiclient.Role) apiclient.Field {
	if f.Key != "role_select" && f.Key != "role_radio" {
		return f
	}
	named := f.Choices
	f.Choices, f.OptionsSource = nil, ""
	for _, r := range apiclient.EditableRoles(all) {
		in := slices.ContainsFunc(named, func(c apiclient.Choice) bool {
			return c.Value == string(r.Slug) || strings.EqualFold(c.Label, r.Name)
		})
		if in || len(named) == 0 {
			f.Choices = append(f.Choices, apiclient.Choice{Value: string(r.Slug), Label: r.Name})
		}
	}
	return f
}
