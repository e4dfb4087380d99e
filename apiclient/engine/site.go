package engine

import (
	"context"
	"os/user"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

const noMail = "umdeck sends no mail yet; tell the members yourself."

// Site describes the instance.
func (e *Engine) Site(ctx context.Context) (apiclient.Site, error) {
	if err := ctx.Err(); err != nil {
		return apiclient.Site{}, &apiclient.Error{Kind: apiclient.Unavailable, Message: "The call ended before it was answered; try again.", Err: err}
	}
	o, err := view(ctx, e, e.options)
	if err != nil {
		return apiclient.Site{}, err
	}
	s := apiclient.Site{
		Kind: apiclient.SiteUmdeck, Name: o.Text("blogname"), URL: e.cfg.URL,
		Versions: map[string]string{"umdeck": e.cfg.Version},
		User:     apiclient.ActorOf(ctx).Login,
		Missing:  map[apiclient.Capability]string{apiclient.CanSendMail: noMail},
	}
	if s.User == "" {
		s.User = systemUser()
	}
	if e.cfg.AllowPrivateTargets {
		s.Warnings = append(s.Warnings, "Private targets are allowed: whoever may subscribe can reach this machine's network (--allow-private-targets).")
	}
	if err := e.outbox.Trouble(); err != nil {
		s.Warnings = append(s.Warnings, "Nothing is sent, because results cannot be recorded: "+apiclient.MessageOf(err))
	}
	return s, nil
}

// systemUser returns the login of the operating system's user; empty: not known.
func systemUser() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return u.Username
}

// info is what the bodies of hooks need to know of the site.
func (e *Engine) info(ctx context.Context, tx *store.Tx) (apiclient.SiteInfo, error) {
	o, err := e.options(ctx, tx)
	if err != nil {
		return apiclient.SiteInfo{}, err
	}
	info := apiclient.SiteInfo{CommaLists: o.Text("umdeck_array_format") == "comma"}
	if e.cfg.URL != "" {
		info.UploadsURL = e.cfg.URL + "/wp-content/uploads"
	}
	return info, nil
}
