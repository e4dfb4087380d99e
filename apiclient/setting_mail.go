package apiclient

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// mailSettings are Ultimate Member's Settings > Email (version 2.13,
// includes/class-config.php), and the mail server, which WordPress leaves to plugins.
func mailSettings() []Setting {
	list := slices.Concat(senderSettings(), serverSettings())
	for _, k := range mailKinds {
		whom := "the member"
		if k.admin {
			whom = "the administrators"
		}
		list = append(
			list,
			Setting{Key: k.slug.keyOn(), Group: templateGroup, Label: k.title + ": enabled", Kind: SettingCheckbox, Default: map[bool]string{true: "1", false: "0"}[k.on], Help: fmt.Sprintf("Sent to %s when %s.", whom, k.moment)},
			Setting{Key: k.slug.keySubject(), Group: templateGroup, Label: k.title + ": subject", Kind: SettingText, Default: k.subject, Help: "The subject; placeholders such as {display_name} are filled in."},
			Setting{Key: k.slug.keyBody(), Group: templateGroup, Label: k.title + ": message", Kind: SettingTextarea, Default: k.slug.Body(), Help: "The text, as HTML; it may use {" + strings.Join(k.slug.Placeholders(), "}, {") + "} and {usermeta:KEY}."},
		)
	}
	return list
}

const (
	mailGroup     = "Mail"
	templateGroup = "Mail templates"
)

func senderSettings() []Setting {
	return []Setting{
		{Key: "mail_from", Group: mailGroup, Label: "Mail appears from", Kind: SettingText, Help: "The name of the sender; empty: the title of the site."},
		{Key: "mail_from_addr", Group: mailGroup, Label: "Mail appears from address", Kind: SettingText, Help: "The address of the sender; empty: the first of the administrators' addresses."},
		{Key: "email_html", Group: mailGroup, Label: "Use HTML for E-mails", Kind: SettingCheckbox, Default: "1", Help: "Mails have their text as HTML and as plain text; off: as plain text alone."},
	}
}

// The values of smtp_security.
const (
	SMTPStartTLS = "starttls"
	SMTPTLS      = "tls"
	SMTPNone     = "none"
)

func serverSettings() []Setting {
	return []Setting{
		{Key: "smtp_host", Group: mailGroup, Label: "SMTP host", Kind: SettingText, Help: "The mail server, as a name or an address; empty: there is none, and mails are kept and not sent."},
		{Key: "smtp_port", Group: mailGroup, Label: "SMTP port", Kind: SettingNumber, Min: 1, Max: 65535, Default: "587", Help: "587 for STARTTLS, 465 for TLS, 25 between servers."},
		{
			Key: "smtp_security", Group: mailGroup, Label: "SMTP encryption", Kind: SettingSelect, Default: SMTPStartTLS, Help: "How the connection is secured; the server's certificate is always checked.",
			Choices: []Choice{{SMTPStartTLS, "STARTTLS"}, {SMTPTLS, "TLS from the start"}, {SMTPNone, "None, for a server on this machine"}},
		},
		{Key: "smtp_user", Group: mailGroup, Label: "SMTP user", Kind: SettingText, Help: "The user name at the mail server; empty: it is used without logging in."},
		{Key: "smtp_password", Group: mailGroup, Label: "SMTP password", Kind: SettingText, Secret: true, Help: "The password at the mail server."},
		{Key: "umdeck_smtp_plain", Group: mailGroup, Label: "Allow unencrypted SMTP", Kind: SettingCheckbox, Default: "0", Help: "Mails and the password may cross the network in the open, to a server on another machine."},
		{Key: "umdeck_mail_rate", Group: mailGroup, Label: "Mails a minute", Kind: SettingNumber, Min: 0, Max: 100_000, Default: "60", Help: "How many mails a minute the mail server is given at most; 0: as many as there are."},
	}
}

// checkMailSetting refuses what a setting about mail cannot mean.
func checkMailSetting(key, text string) error {
	switch {
	case text == "":
	case key == "mail_from_addr" && !isEmail(text):
		return FieldErrorf(key, "%s cannot be %s: that is no e-mail address.", key, quote(text))
	case key == "smtp_host" && !isHost(text):
		return FieldErrorf(key, "%s cannot be %s; give the name of the server alone, such as smtp.example.com, and its port as smtp_port.", key, quote(text))
	}
	return nil
}

// isHost reports whether text is an IP address or can be a host's name.
func isHost(text string) bool {
	if _, err := netip.ParseAddr(text); err == nil {
		return true
	}
	return len(text) <= 253 && !strings.ContainsFunc(text, func(r rune) bool {
		return r != '.' && r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

// checkServer refuses a mail server that passwords and links would be sent to in the open.
func (o Options) checkServer() error {
	host := o.Text("smtp_host")
	if host == "" || o.Text("smtp_security") != SMTPNone || o.On("umdeck_smtp_plain") || isLoopback(host) {
		return nil
	}
	return FieldErrorf("smtp_security", "Mails to %s would cross the network in the open; use starttls or tls, or allow it with umdeck_smtp_plain.", host)
}

// isLoopback reports whether a host is this machine by its very name.
func isLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && a.IsLoopback()
}
