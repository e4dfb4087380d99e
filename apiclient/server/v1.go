package server

import (
	"context"
	"maps"
	"net/http"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// handle serves an endpoint: who calls, may they, decode, call, encode. Errors
// end in fail.
func handle[In, Out any](s *Server, e wire.Endpoint[In, Out], fn func(context.Context, In) (Out, error)) {
	s.mux.HandleFunc(e.Pattern(), func(w http.ResponseWriter, r *http.Request) {
		ctx, in, err := enter(s, e, r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		out, err := fn(ctx, in)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		s.write(w, r, e.Status, out)
	})
}

func enter[In, Out any](s *Server, e wire.Endpoint[In, Out], r *http.Request) (context.Context, In, error) {
	var in In
	ctx, err := s.login(r, apiclient.OriginConsole)
	if err != nil {
		return nil, in, err
	}
	if err := callerOf(ctx).need(e.Needs); err != nil {
		return nil, in, err
	}
	in, err = e.Decode(r)
	return ctx, in, err
}

// to converts the answer of a method that did not fail.
func to[From, To any](convert func(From) To) func(From, error) (To, error) {
	return func(v From, err error) (To, error) {
		if err != nil {
			var none To
			return none, err
		}
		return convert(v), nil
	}
}

// all converts a list. The answer is never nil: JSON has [] then.
func all[From, To any](convert func(From) To) func([]From) []To {
	return func(list []From) []To {
		out := make([]To, len(list))
		for i, v := range list {
			out[i] = convert(v)
		}
		return out
	}
}

func nothing(err error) (wire.Nothing, error) { return wire.Nothing{}, err }

func (s *Server) routeSite() {
	handle(s, wire.Site, func(ctx context.Context, _ wire.Nothing) (wire.SiteAnswer, error) {
		site, err := s.api.Site(ctx)
		if err != nil {
			return wire.SiteAnswer{}, err
		}
		return wire.SiteOf(forCaller(site, callerOf(ctx))), nil
	})
	handle(s, wire.GetHealth, func(ctx context.Context, _ wire.Nothing) (wire.Health, error) {
		return to(wire.HealthOf)(s.api.Health(ctx))
	})
	handle(s, wire.Audits, func(ctx context.Context, in wire.PageRequest) (wire.AuditPage, error) {
		return to(wire.AuditPageOf)(s.api.Audits(ctx, apiclient.AuditQuery{Filter: apiclient.Filter(in.Filter), After: in.After, Limit: in.Limit}))
	})
	handle(s, wire.GetAudit, func(ctx context.Context, in wire.AuditRef) (wire.Audit, error) {
		return to(wire.AuditOf)(s.api.Audit(ctx, in.ID))
	})
	handle(s, wire.UndoAudit, func(ctx context.Context, in wire.AuditRef) (wire.Audit, error) {
		// Taking a change of roles back would give them.
		if err := callerOf(ctx).need(wire.CapPromoteUsers); err != nil {
			return wire.Audit{}, err
		}
		return to(wire.AuditOf)(s.api.UndoAudit(ctx, in.ID))
	})
}

// forCaller says what of the site's capabilities the caller's role leaves out.
func forCaller(site apiclient.Site, c caller) apiclient.Site {
	if c.actor.Login != "" {
		site.User = c.actor.Login
	}
	site.Missing = maps.Clone(site.Missing)
	for capability, needs := range needed() {
		if _, missing := site.Missing[capability]; missing || c.can(needs) {
			continue
		}
		if site.Missing == nil {
			site.Missing = map[apiclient.Capability]string{}
		}
		site.Missing[capability] = c.need(needs).Error()
	}
	if !c.all {
		if site.Missing == nil {
			site.Missing = map[apiclient.Capability]string{}
		}
		site.Missing[apiclient.CanReadHashes] = noHashes
	}
	return site
}

// needed returns the WordPress capability behind each of a site's capabilities.
func needed() map[apiclient.Capability]string {
	return map[apiclient.Capability]string{
		apiclient.CanListUsers:     wire.Users.Needs,
		apiclient.CanFilterStatus:  wire.Users.Needs,
		apiclient.CanFilterFields:  wire.Users.Needs,
		apiclient.CanReadStatus:    wire.GetUser.Needs,
		apiclient.CanReadFields:    wire.GetUser.Needs,
		apiclient.CanCreateUsers:   wire.CreateUser.Needs,
		apiclient.CanMoveUsers:     wire.CapImport,
		apiclient.CanReadHashes:    "", // a matter of the machine and not of a role: see forCaller
		apiclient.CanEditUsers:     wire.UpdateUser.Needs,
		apiclient.CanActOnUsers:    wire.Needs(apiclient.ActionApprove),
		apiclient.CanSetRoles:      wire.Needs(apiclient.ActionRole),
		apiclient.CanDeleteUsers:   wire.Needs(apiclient.ActionDelete),
		apiclient.CanEditRoles:     wire.CreateRole.Needs,
		apiclient.CanReadZaps:      wire.Zaps.Needs,
		apiclient.CanReadZapState:  wire.Zaps.Needs,
		apiclient.CanWriteZaps:     wire.CreateZap.Needs,
		apiclient.CanSampleZaps:    wire.SampleZap.Needs,
		apiclient.CanReadFieldSet:  wire.Fields.Needs,
		apiclient.CanWriteFields:   wire.CreateField.Needs,
		apiclient.CanReadForms:     wire.Forms.Needs,
		apiclient.CanWriteForms:    wire.CreateForm.Needs,
		apiclient.CanFiles:         wire.UploadFile.Needs,
		apiclient.CanListSubs:      wire.Subscriptions.Needs,
		apiclient.CanAddSubs:       wire.AddSubscription.Needs,
		apiclient.CanRemoveSubs:    wire.RemoveSubscription.Needs,
		apiclient.CanTestSubs:      wire.TestSubscription.Needs,
		apiclient.CanReadHours:     wire.SubscriptionHours.Needs,
		apiclient.CanReadLog:       wire.Watch.Needs,
		apiclient.CanRedeliver:     wire.Redeliver.Needs,
		apiclient.CanReplay:        wire.StartReplay.Needs,
		apiclient.CanFireTriggers:  wire.FireTrigger.Needs,
		apiclient.CanPasswords:     wire.CreatePassword.Needs,
		apiclient.CanReadSettings:  wire.Settings.Needs,
		apiclient.CanWriteSettings: wire.ChangeSettings.Needs,
		apiclient.CanReadAudit:     wire.Audits.Needs,
		apiclient.CanUndo:          wire.UndoAudit.Needs,
		apiclient.CanSendMail:      "", // nobody asks for a mail
		apiclient.CanMail:          wire.Mails.Needs,
		apiclient.CanReadHealth:    wire.GetHealth.Needs,
	}
}
