package mail

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/ui"
	"umdeck/ui/dialog/confirm"
	"umdeck/ui/dialog/pager"
	"umdeck/views/list"
)

// waiting is how long an account may await its e-mail confirmation before it counts as
// lost: its mail is hardly still on the way.
const waiting = "3d"

// Actions implements ui.Screen.
func (s *Screen) Actions() []ui.Action {
	aim := list.AimOf(s.Model)
	nobody, single := aim.None("mail"), aim.Single("mail")
	m, _ := aim.One()
	about := ""
	if m.User == 0 {
		about = "The mail is about no user."
	}
	missing := s.Missing(apiclient.CanMail)
	actions := []ui.Action{
		{ID: "mail.resend", Key: "r", Title: "Send again…", Short: "send again", Help: "the same text, as a new mail", Writes: true, Disabled: list.First(nobody, missing), Run: s.resend},
		{ID: "mail.raw", Key: "t", Title: "Show the text whole…", Short: "whole", Help: "text and HTML as they are sent, links hidden", Disabled: list.First(single, missing), Run: s.read(m.ID, false)},
		{ID: "mail.reveal", Key: "T", Title: "Show with its links…", Short: "-", Help: "whoever reads a link can use it; the audit says who did", Writes: true, Disabled: list.First(single, missing), Run: s.reveal(m)},
		{ID: "mail.user", Key: "o", Title: "Go to the user", Short: "user", Disabled: list.First(single, about), Run: func() tea.Cmd { return ui.Go("users/" + list.Number(m.User)) }},
		{ID: "mail.lost", Key: "w", Title: "Accounts that still await e-mail confirmation", Short: "unconfirmed", Help: "for 3 days and longer: mark all and send the activation e-mail anew", Run: func() tea.Cmd {
			return ui.Go("users?filter=status:awaiting_email_confirmation registered:<" + waiting)
		}},
	}
	return append(actions, s.Model.Actions()...)
}

func (s *Screen) resend() tea.Cmd {
	mails := s.Targets()
	lines := []string{fmt.Sprintf("%d mails go out once more, with the text of the first time.", len(mails))}
	if len(mails) == 1 {
		lines = []string{mails[0].Subject, "goes to " + mails[0].To + " once more, with the text of the first time."}
	}
	return ui.Open(confirm.New(confirm.Options{
		Env: s.Env, Title: "Send again", Lines: lines, Go: "Send",
		Yes: func() tea.Cmd {
			return list.Do(ID, func() list.DidMsg { return s.send(mails) })
		},
	}))
}

// send sends the mails again; the first refusal ends it.
func (s *Screen) send(mails []apiclient.Mail) list.DidMsg {
	state := apiclient.MailDue
	for i, m := range mails {
		made, err := s.API.ResendMail(s.Env.Ctx, m.ID)
		if err != nil {
			if i > 0 {
				err = apiclient.Errorf(apiclient.KindOf(err), "%d of %d are sent again; then: %s", i, len(mails), apiclient.MessageOf(err))
			}
			return list.DidMsg{Err: err}
		}
		state = made.State
	}
	if state == apiclient.MailHeld {
		return list.DidMsg{Text: "The mail waits: no mail server is configured."}
	}
	return list.DidMsg{Text: fmt.Sprintf("Sent again: %d.", len(mails))}
}

// revealedMsg brings a mail to be shown whole.
type revealedMsg struct {
	mail apiclient.Mail
	err  error
}

func (s *Screen) reveal(m apiclient.Mail) func() tea.Cmd {
	return func() tea.Cmd {
		return ui.Open(confirm.New(confirm.Options{
			Env: s.Env, Title: "Show mail " + list.Number(m.ID) + " with its links", Go: "Show",
			Lines: []string{"Whoever reads an activation or password link can use it.", "The audit says that you looked."},
			Yes:   s.read(m.ID, true),
		}))
	}
}

func (s *Screen) read(id apiclient.MailID, reveal bool) func() tea.Cmd {
	return func() tea.Cmd {
		ctx, get := s.Env.Ctx, s.API.Mail
		if reveal {
			get = s.API.RevealMail
		}
		return ui.To(ID, func() tea.Msg {
			m, err := get(ctx, id)
			return revealedMsg{m, err}
		})
	}
}

func (s *Screen) show(msg revealedMsg) tea.Cmd {
	if msg.err != nil {
		return list.DidMsg{Err: msg.err}.Tell()
	}
	m := msg.mail
	text := "Subject: " + m.Subject + "\nTo: " + m.To + "\nMessage-ID: <" + m.MessageID + ">\n\n" + m.Text
	if m.HTML != "" {
		text += "\n--- HTML ---\n\n" + m.HTML
	}
	return ui.Open(pager.New(pager.Options{Env: s.Env, Title: "Mail " + list.Number(m.ID), Text: text}))
}
