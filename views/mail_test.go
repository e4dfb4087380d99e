package views_test

import (
	"testing"

	"umdeck/apiclient"
)

// The screen shows what was mailed and why not, and sends it again.
func TestMailScreen(t *testing.T) {
	in(t, play{seed: func(s *stage) {
		_, err := s.api.CreateUser(s.ctx, apiclient.NewUser{Login: "ada", Email: "ada@example.com", Status: apiclient.StatusAwaitingEmail})
		must(s.t, err)
	}}, func(t *testing.T, s *stage, press func(string)) {
		press("7")
		s.WaitText("[7 Mail]")
		s.WaitText("checkmail_email")
		s.WaitText("its template is off")
		press("r")
		s.WaitText("goes to ada@example.com once more")
		press("y")
		s.WaitText("The mail waits: no mail server is configured.")
		s.WaitText("rows 1-2 of 2")
		p, err := s.api.Mails(s.ctx, apiclient.MailQuery{})
		must(t, err)
		if len(p.Mails) != 2 || p.Mails[0].State != apiclient.MailHeld || p.Mails[0].ResendOf != p.Mails[1].ID {
			t.Errorf("the mails are %+v", p.Mails)
		}
		press("o")
		s.WaitText("[1 Users]")
	})
}
