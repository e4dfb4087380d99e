package apitest

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"umdeck/apiclient"
)

// testMails makes mails, or reasons why there are none, and reads and resends them.
func testMails(t *testing.T, s *subject) {
	s.need(t, apiclient.CanMail, apiclient.CanCreateUsers, apiclient.CanActOnUsers)
	n := User(s.login("mail"), AwaitingReview)
	n.Mail = new(false)
	u := must(s.CreateUser(t.Context(), n))(t)
	about := apiclient.FieldIs("user", strconv.FormatInt(int64(u.ID), 10))
	m := s.unwanted(t, u, n.Email, about)
	out := must(s.DoUsers(t.Context(), apiclient.UserAction{Action: apiclient.ActionApprove, Users: []apiclient.UserID{u.ID}, Mail: new(true)}))(t)
	if out[0].Err != nil {
		t.Fatal(out[0].Err)
	}
	both := must(s.Mails(t.Context(), apiclient.MailQuery{Filter: about}))(t).Mails
	if len(both) != 2 || both[0].Slug != apiclient.MailApproved || both[0].State == apiclient.MailSuppressed || both[1].ID != m.ID {
		t.Fatalf("after an approval that is to be mailed: %+v", both)
	}
	s.sentAgain(t, m, about)
	s.refuseMails(t)
}

// unwanted returns the mail about a new account that nobody was to be mailed about.
func (s *subject) unwanted(t *testing.T, u apiclient.User, email string, about apiclient.Filter) apiclient.Mail {
	t.Helper()
	first := must(s.Mails(t.Context(), apiclient.MailQuery{Filter: about}))(t).Mails
	if len(first) != 1 || first[0].Slug != apiclient.MailPending || first[0].State != apiclient.MailSuppressed || first[0].Why == "" ||
		!strings.EqualFold(first[0].To, email) || first[0].Login != u.Login || first[0].At.IsZero() || first[0].Cause == "" || first[0].Subject == "" || first[0].Text != "" {
		t.Fatalf("after an account that nobody is to be mailed about: %+v", first)
	}
	m := must(s.Mail(t.Context(), first[0].ID))(t)
	if m.Text == "" || m.HTML == "" || m.MessageID != first[0].MessageID {
		t.Errorf("the mail is %+v", m)
	}
	return m
}

// sentAgain reads two mails page by page, and sends and reveals the older one.
func (s *subject) sentAgain(t *testing.T, m apiclient.Mail, about apiclient.Filter) {
	t.Helper()
	page := must(s.Mails(t.Context(), apiclient.MailQuery{Filter: about, Limit: 1}))(t)
	rest := must(s.Mails(t.Context(), apiclient.MailQuery{Filter: about, Limit: 1, After: page.Next}))(t)
	if len(page.Mails) != 1 || len(rest.Mails) != 1 || rest.Next != "" || rest.Mails[0].ID != m.ID {
		t.Errorf("page by page: %+v, %+v", page, rest)
	}
	again := must(s.ResendMail(t.Context(), m.ID))(t)
	if again.ResendOf != m.ID || again.ID == m.ID || again.MessageID == m.MessageID || again.Subject != m.Subject || again.State == apiclient.MailSuppressed {
		t.Errorf("sent again: %+v", again)
	}
	if seen := must(s.RevealMail(t.Context(), m.ID))(t); seen.Text != m.Text {
		t.Errorf("a mail without a link, revealed, says %q; want %q", seen.Text, m.Text)
	}
}

// refuseMails asks for what there is not.
func (s *subject) refuseMails(t *testing.T) {
	t.Helper()
	const nobody = apiclient.MailID(1 << 40)
	_, err := s.Mail(t.Context(), nobody)
	wantKind(t, "Mail", err, apiclient.NotFound)
	_, err = s.RevealMail(t.Context(), nobody)
	wantKind(t, "RevealMail", err, apiclient.NotFound)
	_, err = s.ResendMail(t.Context(), nobody)
	wantKind(t, "ResendMail", err, apiclient.NotFound)
	_, err = s.TestMail(t.Context(), "no address")
	wantKind(t, "TestMail", err, apiclient.Invalid)
	for _, bad := range []apiclient.MailQuery{{After: "x"}, {Limit: -1}, {Limit: apiclient.MaxLimit + 1}, {Filter: apiclient.FieldIs("no_such_column", "x")}} {
		_, err := s.Mails(t.Context(), bad)
		wantKind(t, fmt.Sprintf("Mails(%+v)", bad), err, apiclient.Invalid)
	}
}
