package wordpress

import (
	"context"
	"maps"
	"slices"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/remote/internal/link"
	"umdeck/apiclient/wire"
)

const (
	reasonNoAction     = "The site has no running action zap, which the Zapier extension wants for every change of a user; create one in WP Admin > Ultimate Member > Zaps."
	reasonNoTrigger    = "The site has no running trigger zap, whose sample is how a member's fields are read; create one in WP Admin > Ultimate Member > Zaps."
	reasonNoStatus     = "The site does not tell an account's status: WordPress's REST API leaves it out, and no running trigger zap carries the field account_status; add that field to a trigger zap."
	reasonMove         = "WordPress takes neither the hash of a password nor a last login from outside; import such accounts on the site itself, or leave those columns away."
	reasonHashes       = "WordPress gives the hashes of passwords to nobody; export them on the site itself."
	reasonFilterStatus = "WordPress's REST API leaves the account status out, so users cannot be filtered or counted by it; a plugin on the site can show it by registering the user meta account_status."
	reasonFilterFields = "WordPress finds users by free text, role, id, login, e-mail address, names and registration date alone; member fields and last logins are not in its REST API."
	reasonEditRoles    = "Neither WordPress's REST API nor the Zapier extension has a request that reads the settings of a role or changes one; use WP Admin > Ultimate Member > User Roles."
	reasonZapState     = "The Zapier extension does not tell the event of a zap, and it does not offer drafts."
	reasonWriteZaps    = "The Zapier extension has no request that changes zaps; use WP Admin > Ultimate Member > Zaps."
	reasonFieldSet     = "The Zapier extension tells the fields of each zap, not Ultimate Member's whole catalogue."
	reasonWriteFields  = "The Zapier extension has no request that changes fields; use WP Admin > Ultimate Member > Forms."
	reasonForms        = "The Zapier extension has no request about forms; use WP Admin > Ultimate Member > Forms."
	reasonFiles        = "Neither WordPress nor the Zapier extension has a request for members' files; use the member's profile, or give a URL as the answer."
	reasonListSubs     = "The Zapier extension has no request that lists subscriptions, and umdeck does not remember those that it made."
	reasonRemoveSubs   = "The Zapier extension has no request that ends a subscription; turn the Zap off at Zapier, or let the target answer 410."
	reasonTestSubs     = "The Zapier extension has no request that sends a test; read the zap's sample instead."
	reasonLog          = "The Zapier extension keeps no log of deliveries; look at what the subscriber received, such as the history of the Zap at Zapier."
	reasonHours        = "The Zapier extension counts no deliveries; look at what the subscriber received, such as the history of the Zap at Zapier."
	reasonFire         = "The Zapier extension has no request that raises a trigger."
	reasonMail         = "WordPress keeps no record of the mails that it sends; look into the mail server's log, or resend the activation e-mail to whoever lacks it."
	reasonMailWish     = "Ultimate Member mails by its own settings alone; leave the wish for mails away."
	reasonAudit        = "WordPress keeps no audit."
	reasonSettings     = "Ultimate Member has no request for its settings; use WP Admin > Ultimate Member > Settings."
	reasonHealth       = "WordPress sends its hooks at once and keeps no queue whose health it could tell; look at WP Admin > Tools > Site Health."
	reasonPasswords    = "Application passwords are switched off on the site."
)

// fixed are the capabilities that no WordPress site has.
var fixed = map[apiclient.Capability]string{
	apiclient.CanFilterFields:  reasonFilterFields,
	apiclient.CanMoveUsers:     reasonMove,
	apiclient.CanReadHashes:    reasonHashes,
	apiclient.CanEditRoles:     reasonEditRoles,
	apiclient.CanReadZapState:  reasonZapState,
	apiclient.CanWriteZaps:     reasonWriteZaps,
	apiclient.CanReadFieldSet:  reasonFieldSet,
	apiclient.CanWriteFields:   reasonWriteFields,
	apiclient.CanReadForms:     reasonForms,
	apiclient.CanWriteForms:    reasonForms,
	apiclient.CanFiles:         reasonFiles,
	apiclient.CanListSubs:      reasonListSubs,
	apiclient.CanRemoveSubs:    reasonRemoveSubs,
	apiclient.CanTestSubs:      reasonTestSubs,
	apiclient.CanReadHours:     reasonHours,
	apiclient.CanReadLog:       reasonLog,
	apiclient.CanRedeliver:     reasonLog,
	apiclient.CanReplay:        reasonLog,
	apiclient.CanFireTriggers:  reasonFire,
	apiclient.CanReadSettings:  reasonSettings,
	apiclient.CanWriteSettings: reasonSettings,
	apiclient.CanReadAudit:     reasonAudit,
	apiclient.CanUndo:          reasonAudit,
	apiclient.CanMail:          reasonMail,
	apiclient.CanReadHealth:    reasonHealth,
}

// Site proves the credentials again and says what they and the site allow.
func (c *Client) Site(ctx context.Context) (apiclient.Site, error) {
	if err := c.alive(ctx); err != nil {
		return apiclient.Site{}, err
	}
	missing, err := c.missing(ctx)
	if err != nil {
		return apiclient.Site{}, err
	}
	s := apiclient.Site{
		Kind: apiclient.SiteWordPress, Name: c.cfg.Index.SiteName(), URL: c.cfg.Home, User: c.login(),
		Versions: c.versions(ctx), Missing: missing,
	}
	if s.Name == "" {
		s.Name = strings.TrimPrefix(strings.TrimPrefix(c.cfg.Home, "https://"), "http://")
	}
	if c.noZapier != nil {
		s.Warnings = append(s.Warnings, "Statuses, zaps and member fields are out of reach: "+c.noZapier.Message)
	}
	if c.cfg.REST == "" {
		s.Warnings = append(s.Warnings, "Users are out of reach: "+c.cfg.NoREST.Message)
	}
	s.Warnings = append(s.Warnings, c.cfg.Link.Warnings()...)
	return s, nil
}

// alive asks each surface that answered at first once more.
func (c *Client) alive(ctx context.Context) error {
	if c.cfg.REST == "" {
		_, err := c.act(ctx, "um_zapier_auth_test", nil, true)
		return err
	}
	return c.core(ctx, request{path: "/wp/v2/users/me", query: map[string][]string{"context": {"edit"}, "_fields": {"id"}}}, nil)
}

// versions reads the plugins, which administrators may.
func (c *Client) versions(ctx context.Context) map[string]string {
	versions := map[string]string{}
	if !c.can("activate_plugins") {
		return versions
	}
	var plugins []wire.WordPressPlugin
	if err := c.core(ctx, request{path: "/wp/v2/plugins", query: map[string][]string{"_fields": {"plugin,status,version"}}}, &plugins); err != nil {
		c.cfg.Logger.Debug("the list of plugins is not readable", "err", err)
		return versions
	}
	for _, p := range plugins {
		name, _, _ := strings.Cut(p.Plugin, "/")
		if p.Status == "active" && (name == "ultimate-member" || strings.HasPrefix(name, "um-")) {
			versions[link.Clean(name, 40)] = link.Clean(p.Version, 20)
		}
	}
	return versions
}

// missing returns the reason for each capability that is not there.
func (c *Client) missing(ctx context.Context) (map[apiclient.Capability]string, error) {
	m := maps.Clone(fixed)
	if !c.me.ShowsStatus() {
		m[apiclient.CanFilterStatus] = reasonFilterStatus
	}
	c.missingCore(m)
	return m, c.missingZapier(ctx, m)
}

// missingCore looks at the REST API and at the rights of who asks.
func (c *Client) missingCore(m map[apiclient.Capability]string) {
	rights := map[apiclient.Capability]string{
		apiclient.CanListUsers: "list_users", apiclient.CanEditUsers: "edit_users", apiclient.CanSetRoles: "promote_users",
		apiclient.CanDeleteUsers: "delete_users", apiclient.CanCreateUsers: "create_users", apiclient.CanActOnUsers: "edit_users",
		apiclient.CanReadStatus: "edit_users", apiclient.CanReadFields: "edit_users",
	}
	for capability, right := range rights {
		switch {
		case c.cfg.REST == "":
			m[capability] = "WordPress's REST API, which users are read with, does not answer: " + c.cfg.NoREST.Message
		case !c.can(right):
			m[capability] = "The account " + c.login() + " lacks the WordPress capability " + right + "; use an administrator's application password."
		}
	}
	switch {
	case c.cfg.REST == "":
		m[apiclient.CanPasswords] = "WordPress's REST API, which application passwords are made with, does not answer: " + c.cfg.NoREST.Message
	case c.noPasswords():
		m[apiclient.CanPasswords] = reasonPasswords
	}
}

// missingZapier looks at the extension and at the zaps that it offers.
func (c *Client) missingZapier(ctx context.Context, m map[apiclient.Capability]string) error {
	set := func(why string, caps ...apiclient.Capability) {
		for _, k := range caps {
			if m[k] == "" {
				m[k] = why
			}
		}
	}
	if c.noZapier != nil {
		why := "Ultimate Member's Zapier extension does not answer: " + c.noZapier.Message
		set(why, apiclient.CanCreateUsers, apiclient.CanActOnUsers, apiclient.CanReadZaps, apiclient.CanSampleZaps, apiclient.CanAddSubs, apiclient.CanReadFields)
		if !c.me.ShowsStatus() {
			set(why, apiclient.CanReadStatus)
		}
		return nil
	}
	_, tells, any, err := c.statusZap(ctx)
	if err != nil {
		return err
	}
	if !any {
		set(reasonNoTrigger, apiclient.CanReadFields)
	}
	if !tells && !c.me.ShowsStatus() {
		set(reasonNoStatus, apiclient.CanReadStatus, apiclient.CanActOnUsers)
	}
	if _, _, err := c.actionZap(ctx, nil, nil); apiclient.KindOf(err) == apiclient.Unsupported {
		set(reasonNoAction, apiclient.CanCreateUsers, apiclient.CanActOnUsers)
	} else if err != nil {
		return err
	}
	return nil
}

// need fails with Unsupported and the reason when the site lacks the capability.
// The zaps are read only where the capability hangs on them.
func (c *Client) need(ctx context.Context, k apiclient.Capability) error {
	m := map[apiclient.Capability]string{}
	c.missingCore(m)
	if m[k] == "" && slices.Contains(onZaps, k) {
		if err := c.missingZapier(ctx, m); err != nil {
			return err
		}
	}
	if why, lacks := m[k]; lacks {
		return apiclient.Errorf(apiclient.Unsupported, "%s", why)
	}
	return nil
}

// onZaps are the capabilities that the extension or one of its zaps gives.
var onZaps = []apiclient.Capability{
	apiclient.CanReadStatus, apiclient.CanReadFields, apiclient.CanCreateUsers, apiclient.CanActOnUsers,
	apiclient.CanReadZaps, apiclient.CanSampleZaps, apiclient.CanAddSubs,
}
