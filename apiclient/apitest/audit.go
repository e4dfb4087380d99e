package apitest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"umdeck/apiclient"
)

// testAudits makes each kind of write: each leaves a row that names its noun, and
// no row holds a secret.
func testAudits(t *testing.T, s *subject) {
	s.need(t, apiclient.CanReadAudit, apiclient.CanCreateUsers, apiclient.CanEditUsers, apiclient.CanActOnUsers)
	const secret = "Aud1t-secret-horse"
	u := s.user(t, "audit", AwaitingReview)
	s.audited(t, "users.", u.Login, "CreateUser", func() error {
		n := User(s.login("audit2"))
		n.Password = apiclient.NewSecret(secret)
		_, err := s.CreateUser(t.Context(), n)
		return err
	}, s.login("audit2"))
	s.audited(t, "users.", u.Login, "UpdateUser", func() error {
		_, err := s.UpdateUser(t.Context(), u.ID, apiclient.UserUpdate{DisplayName: new("Audited"), Password: new(apiclient.NewSecret(secret))})
		return err
	})
	s.audited(t, "users.approve", u.Login, "DoUsers", func() error {
		out, err := s.DoUsers(t.Context(), apiclient.UserAction{Action: apiclient.ActionApprove, Users: []apiclient.UserID{u.ID}})
		if err == nil && out[0].Err != nil {
			return out[0].Err
		}
		return err
	})
	if s.can(apiclient.CanWriteZaps) {
		s.auditZaps(t)
	}
	if s.can(apiclient.CanWriteSettings) {
		s.audited(t, "settings.change", "settings", "ChangeSettings", func() error {
			_, err := s.ChangeSettings(t.Context(), map[string]string{"permalink_base": "name"})
			return err
		}, "settings")
	}
	if s.can(apiclient.CanPasswords) {
		var text apiclient.Secret
		s.audited(t, "passwords.", "", "CreatePassword", func() (err error) {
			_, text, err = s.CreatePassword(t.Context(), u.ID, "audit")
			return err
		})
		s.noSecret(t, text.Reveal(), strings.ReplaceAll(text.Reveal(), " ", ""))
	}
	s.noSecret(t, secret)
	for _, bad := range []apiclient.AuditQuery{{After: "x"}, {Limit: -1}, {Limit: apiclient.MaxLimit + 1}, {Filter: apiclient.FieldIs("no_such_column", "x")}} {
		_, err := s.Audits(t.Context(), bad)
		wantKind(t, fmt.Sprintf("Audits(%+v)", bad), err, apiclient.Invalid)
	}
}

func (s *subject) auditZaps(t *testing.T) {
	z := s.zap(t, TriggerZap("Audit", apiclient.TriggerLogin, "first_name"))
	s.audited(t, "zaps.", "", "UpdateZap", func() error {
		_, err := s.UpdateZap(t.Context(), z.ID, apiclient.ZapUpdate{Name: new("Audited")})
		return err
	})
	if s.can(apiclient.CanAddSubs) {
		s.audited(t, "subscriptions.", "", "AddSubscription", func() error {
			_, _, err := s.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: "https://example.com/audit"})
			return err
		})
	}
	s.audited(t, "zaps.", "", "DeleteZap", func() error { return s.DeleteZap(t.Context(), z.ID) })
	if s.can(apiclient.CanWriteFields) {
		s.audited(t, "fields.", s.tag+"_audit", "CreateField", func() error {
			_, err := s.CreateField(t.Context(), apiclient.Field{Key: s.tag + "_audit", Label: "Audit", Type: apiclient.FieldText})
			return err
		})
	}
}

// audited checks that write leaves a row whose action starts with prefix and
// whose subject names one of the subjects, unless they are empty.
func (s *subject) audited(t *testing.T, prefix, subject, what string, write func() error, subjects ...string) {
	t.Helper()
	newest := int64(0)
	if p := must(s.Audits(t.Context(), apiclient.AuditQuery{Limit: 1}))(t); len(p.Audits) > 0 {
		newest = p.Audits[0].ID
	}
	if err := write(); err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	if len(subjects) > 0 {
		subject = subjects[0]
	}
	p := must(s.Audits(t.Context(), apiclient.AuditQuery{Limit: 20}))(t)
	if !slices.ContainsFunc(p.Audits, func(a apiclient.Audit) bool {
		return a.ID > newest && strings.HasPrefix(a.Action, prefix) && strings.Contains(a.Subject, subject) && !a.At.IsZero() && a.Origin != ""
	}) {
		t.Errorf("%s left no row after %d with action %s… and subject …%s…: %+v", what, newest, prefix, subject, p.Audits)
	}
}

// noSecret reads the whole audit of the last writes for the texts.
func (s *subject) noSecret(t *testing.T, texts ...string) {
	t.Helper()
	for _, a := range must(s.Audits(t.Context(), apiclient.AuditQuery{Limit: 100}))(t).Audits {
		for _, text := range texts {
			if strings.Contains(a.Before+a.After+a.Subject, text) {
				t.Errorf("row %d of the audit (%s) holds a secret", a.ID, a.Action)
			}
		}
	}
}
