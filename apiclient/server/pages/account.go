package pages

import (
	"cmp"
	"net/http"

	"umdeck/apiclient"
)

func tabPath(slug string) string { return apiclient.PathAccount + "/" + slug }

func (p *Pages) account(v *visit) error {
	page, err := p.cfg.Members.Account(v.r.Context(), v.visitor, v.r.PathValue("tab"))
	if err != nil {
		return err
	}
	return p.showTab(v, http.StatusOK, page, nil, nil)
}

func (p *Pages) saveAccount(v *visit) error {
	s, err := submission(v.r)
	if err != nil {
		return err
	}
	ctx, tab := v.r.Context(), v.r.PathValue("tab")
	reply, err := p.cfg.Members.SaveAccount(ctx, v.visitor, tab, s)
	if err == nil {
		return p.done(v, reply, with(v.r.URL.Path, "updated", "account"))
	}
	page, missing := p.cfg.Members.Account(ctx, v.visitor, tab)
	if missing != nil {
		return missing
	}
	return p.showTab(v, http.StatusUnprocessableEntity, page, &s, err)
}

// showTab shows a tab of the account; wrong is why what was sent is not accepted.
func (p *Pages) showTab(v *visit, status int, page apiclient.AccountPage, sent *apiclient.Submission, wrong error) error {
	page.Form.Title = cmp.Or(page.Current.Title, "Account")
	f := filled{form: page.Form, action: tabPath(page.Current.Slug), sent: sent, fresh: true}
	more := func(view *formView) {
		view.Danger = page.Current.Slug == "delete"
		view.Intro = p.clean(page.Intro)
		for _, t := range page.Tabs {
			view.Tabs = append(view.Tabs, navLink{URL: p.at(tabPath(t.Slug)), Text: t.Title, Here: t.Slug == page.Current.Slug})
		}
	}
	if wrong != nil {
		return p.again(v, wrong, "account", f, more)
	}
	return p.showForm(v, status, "account", f, more)
}
