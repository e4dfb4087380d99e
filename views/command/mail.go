package command

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/theme"
	"umdeck/views/column"
)

// mailFlag adds the flag --mail, and returns what it says: nil when it is not given.
func mailFlag(cmd *cobra.Command) func() *bool {
	var mail bool
	cmd.Flags().BoolVar(&mail, "mail", false, "--mail: send the mails though they are off; --mail=false: send none (default: as the site's settings say)")
	return func() *bool {
		if !cmd.Flags().Changed("mail") {
			return nil
		}
		return &mail
	}
}

func (a *app) mail() *cobra.Command {
	cmd := group("mail", "Read what was mailed, or why not, and send it again", a.mailList(), a.mailGet(), a.mailResend(), a.mailTest(), a.mailTemplates())
	cmd.Aliases = []string{"mails"}
	return cmd
}

type mailList struct {
	*app
	listFlags
}

func (a *app) mailList() *cobra.Command {
	o := &mailList{app: a}
	cmd := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List mails, newest first",
		Example: "  umdeck mail list --filter 'slug:checkmail_email state:suppressed at:7d'\n  umdeck mail list --filter 'login:ada'",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.use(cmd, o.run) },
	}
	o.bind(cmd, 50, column.Keys(column.Mails()))
	return cmd
}

func (o *mailList) run(ctx context.Context, api apiclient.API) error {
	get, err := o.fetchMails(api, o.filter)
	if err != nil {
		return err
	}
	return paged(ctx, o.app, &o.listFlags, view[apiclient.Mail]{all: column.Mails()}, get)
}

func (a *app) fetchMails(api apiclient.API, text string) (fetch[apiclient.Mail], error) {
	tree, err := filter.Parse(text, filter.Options{Columns: filter.Mails(), Now: a.cfg.Now})
	return func(ctx context.Context, after apiclient.Cursor, limit int) ([]apiclient.Mail, apiclient.Cursor, error) {
		p, err := api.Mails(ctx, apiclient.MailQuery{Filter: tree, After: after, Limit: limit})
		return p.Mails, p.Next, err
	}, err
}

func (a *app) mailGet() *cobra.Command {
	reveal := false
	cmd := a.byRef("get ID", "Show one mail with its text and attempts", func(ctx context.Context, api apiclient.API, f format, ref string) error {
		id, err := idOf[apiclient.MailID]("mail", ref)
		if err != nil {
			return err
		}
		get := api.Mail
		if reveal {
			get = api.RevealMail
		}
		m, err := get(ctx, id)
		if err != nil {
			return err
		}
		o := append(column.Object(column.Mails(), m), apiclient.Member{Key: "text", Value: m.Text})
		if f == formatTable {
			return a.mailPage(f, o, m)
		}
		attempts := make([]apiclient.Payload, len(m.Log))
		for i, t := range m.Log {
			attempts[i] = column.Object(column.MailAttempts(), t)
		}
		return one(a, f, append(o, apiclient.Member{Key: "html", Value: m.HTML}, apiclient.Member{Key: "log", Value: attempts}))
	})
	cmd.Flags().BoolVar(&reveal, "reveal", false, "show the links as they were sent: whoever reads them can use them, and the audit says who did")
	return cmd
}

// mailPage writes a mail for people, its attempts below it.
func (a *app) mailPage(f format, o apiclient.Payload, m apiclient.Mail) error {
	if err := one(a, f, o); err != nil || len(m.Log) == 0 {
		return err
	}
	if err := written(fmt.Fprintln(a.cfg.Stdout)); err != nil {
		return err
	}
	s, err := sheetOf(a, f, view[apiclient.MailAttempt]{all: column.MailAttempts()})
	if err != nil {
		return err
	}
	for _, attempt := range m.Log {
		if err := s.add(attempt); err != nil {
			return err
		}
	}
	return s.end()
}

type mailResend struct {
	*app
	writeFlags
	filter string
}

func (a *app) mailResend() *cobra.Command {
	o := &mailResend{app: a}
	cmd := &cobra.Command{
		Use:   "resend ID…",
		Short: "Send mails once more, as new mails",
		Long: `Send mails once more, as new mails with the same text, whatever became of the first
ones and whether their templates are on or off. A mail whose activation or password
link is not valid any more is refused; umdeck users resend sends a new activation link.`,
		Example: "  umdeck mail resend 12 --yes\n  umdeck mail resend --filter 'state:dead at:1d' --dry-run",
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.use(cmd, func(ctx context.Context, api apiclient.API) error { return o.run(ctx, api, args) })
		},
	}
	o.bind(cmd)
	cmd.Flags().StringVarP(&o.filter, "filter", "f", "", "send all again that match, such as 'state:dead at:1d'")
	return cmd
}

func (o *mailResend) run(ctx context.Context, api apiclient.API, refs []string) error {
	switch {
	case len(refs) > 0 && o.filter != "":
		return apiclient.FieldErrorf("filter", "Both mails and a filter are given; choose one.")
	case len(refs) == 0 && o.filter == "":
		return apiclient.FieldErrorf("id", "No mail is named; give ids, or --filter.")
	}
	if o.filter != "" {
		var err error
		if refs, err = o.matching(ctx, api); err != nil {
			return err
		}
	}
	if !o.dryRun && len(refs) > 0 {
		site, err := siteName(ctx, api)
		if err != nil {
			return err
		}
		if err := o.confirm(&o.writeFlags, fmt.Sprintf("Send %s of %s again?", counted(len(refs), "mail", "mails"), site)); err != nil {
			return err
		}
	}
	return o.forEach(o.format, refs, func(ref string) result {
		id, err := idOf[apiclient.MailID]("mail", ref)
		if err != nil {
			return result{Err: err}
		}
		r := result{Subject: "mail " + ref}
		if o.dryRun {
			m, err := api.Mail(ctx, id)
			r.Word, r.Err = "would be sent again to "+m.To, err
			return r
		}
		m, err := api.ResendMail(ctx, id)
		if r.Word, r.Err = fmt.Sprintf("sent again as mail %d", m.ID), err; m.State == apiclient.MailHeld {
			r.Word = fmt.Sprintf("waits as mail %d: %s", m.ID, m.Why)
		}
		return r
	})
}

// matching returns the ids of the filter's mails, oldest first.
func (o *mailResend) matching(ctx context.Context, api apiclient.API) ([]string, error) {
	get, err := o.fetchMails(api, o.filter)
	if err != nil {
		return nil, err
	}
	var refs []string
	err = each(ctx, 0, get, func(list []apiclient.Mail) error {
		for _, m := range list {
			refs = append(refs, strconv.FormatInt(int64(m.ID), 10))
		}
		return nil
	})
	slices.Reverse(refs)
	return refs, err
}

func (a *app) mailTest() *cobra.Command {
	cmd := a.byRef("test ADDRESS", "Send a test mail and show what the mail server says", func(ctx context.Context, api apiclient.API, f format, to string) error {
		t, err := api.TestMail(ctx, to)
		if err != nil {
			return err
		}
		if f == formatTable {
			for _, line := range t.Dialogue {
				if err := written(fmt.Fprintln(a.cfg.Stdout, theme.Clean(line))); err != nil {
					return err
				}
			}
		} else if err := one(a, f, testOf(t)); err != nil {
			return err
		}
		if t.Error != "" {
			return apiclient.Errorf(apiclient.Unavailable, "The test mail was not sent: %s. %s", t.Error, t.Fix)
		}
		if f != formatTable {
			return nil
		}
		return written(fmt.Fprintf(a.cfg.Stdout, "%s took the test mail for %s.\n", t.Server, theme.Clean(t.To)))
	})
	cmd.Example = "  umdeck settings set smtp_host=smtp.example.com smtp_user=site --yes\n  umdeck settings set --stdin smtp_password --yes < password.txt\n  umdeck mail test ada@example.com"
	return cmd
}

func testOf(t apiclient.MailTest) apiclient.Payload {
	return apiclient.Payload{
		{Key: "to", Value: t.To},
		{Key: "server", Value: t.Server},
		{Key: "ms", Value: t.Duration.Milliseconds()},
		{Key: "sent", Value: t.Error == ""},
		{Key: "error", Value: words(t.Error)},
		{Key: "fix", Value: words(t.Fix)},
		{Key: "dialogue", Value: t.Dialogue},
	}
}

func (a *app) mailTemplates() *cobra.Command {
	cmd := bareList(a, "List the e-mails: whether they are on, who gets them and when", column.MailTemplates(),
		func(ctx context.Context, api apiclient.API) ([]column.MailTemplate, error) {
			all, err := api.Settings(ctx)
			return column.TemplatesOf(all), err
		})
	cmd.Use, cmd.Aliases = "templates", nil
	cmd.Example = "  umdeck mail templates\n  umdeck settings set checkmail_email_on=on --yes\n  umdeck settings set --stdin checkmail_email --yes < mail.html"
	return cmd
}
