package engine

import (
	"cmp"
	"context"
	"fmt"
	"os/user"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

const noMail = "No mail server is configured: mails are kept, and sent when one is within 24 hours; set smtp_host."

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
		Missing:  map[apiclient.Capability]string{},

		PrivateTargets: e.cfg.AllowPrivateTargets,
	}
	for _, p := range e.cfg.AllowTargets {
		s.AllowTargets = append(s.AllowTargets, p.String())
	}
	if o.Text("smtp_host") == "" {
		s.Missing[apiclient.CanSendMail] = noMail
	}
	if s.User == "" {
		s.User = systemUser()
	}
	if e.cfg.AllowPrivateTargets {
		s.Warnings = append(s.Warnings, "Private targets are allowed: whoever may subscribe can reach this machine's network (--allow-private-targets).")
	}
	if why, err := e.locksOut(ctx, o); err != nil {
		return apiclient.Site{}, err
	} else if why != "" {
		s.Warnings = append(s.Warnings, why)
	}
	if trouble := e.mailer.Trouble(); trouble != "" {
		s.Warnings = append(s.Warnings, "Mails wait: "+trouble+"; umdeck mail test says what to do.")
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

// siteURL is the address of the site in links: where it is served, or was last.
func (e *Engine) siteURL() string { return cmp.Or(e.cfg.URL, e.address, "http://localhost") }

// keepAddress remembers where the instance is served, for the links in mails that are
// posted while it is not.
func (e *Engine) keepAddress(ctx context.Context, tx *store.Tx) (err error) {
	if e.address, err = tx.Meta(ctx, metaURL); err != nil || e.cfg.URL == "" || e.cfg.URL == e.address {
		return err
	}
	e.address = e.cfg.URL
	return tx.SetMeta(ctx, metaURL, e.cfg.URL)
}

// locksOut warns of roles whose new members can never log in, because the mail with
// their activation link is off; empty: there is none.
func (e *Engine) locksOut(ctx context.Context, o apiclient.Options) (string, error) {
	if mailsOn(o)(apiclient.MailCheckmail) {
		return "", nil
	}
	roles, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) ([]apiclient.Role, error) { return tx.Roles(ctx) })
	if err != nil {
		return "", err
	}
	var names []string
	for _, r := range roles {
		if r.Registration == apiclient.RegistrationCheckmail {
			names = append(names, string(r.Slug))
		}
	}
	if len(names) == 0 {
		return "", nil
	}
	return fmt.Sprintf("New members with the role %s need an activation link, but checkmail_email is off: nobody gets it (umdeck settings set checkmail_email_on=on).", strings.Join(names, ", ")), nil
}
