package mail_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/mail"
)

// values are what placeholders stand for in these tests.
func values(m map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		v, ok := m[name]
		return v, ok
	}
}

func TestCompose(t *testing.T) {
	hostile := "Ada <b>&\r\nBcc: eve@example.com {email}\x1b[2J"
	for _, c := range []struct {
		name, subject, body string
		values              map[string]string
		want                mail.Text
	}{
		{
			"values are text", "Hello {display_name}", "<p>Hello {display_name},</p>\n<p>bye {nobody} {usermeta:x y}</p>",
			map[string]string{"display_name": "Ada & Søn <x>", "usermeta:x y": "1"},
			mail.Text{Subject: "Hello Ada & Søn <x>", Plain: "Hello Ada & Søn <x>,\n\nbye {nobody} 1\n", HTML: "<p>Hello Ada &amp; Søn &lt;x&gt;,</p>\n<p>bye {nobody} 1</p>"},
		},
		{
			"a subject is one line", "Hi {display_name}", "<p>{display_name}</p>",
			map[string]string{"display_name": hostile, "email": "a@example.com"},
			mail.Text{Subject: "Hi Ada <b>& Bcc: eve@example.com {email} [2J", Plain: "Ada <b>&\nBcc: eve@example.com {email}[2J\n", HTML: "<p>Ada &lt;b&gt;&amp;\r<br>\nBcc: eve@example.com {email}\x1b[2J</p>"},
		},
		{
			"links", "", `<p><a href="{login_url}">Log in</a> or <a href="{site_url}">{site_url}</a>, <a href="mailto:a@example.com">a@example.com</a></p><ul><li>one</li><li>two</li></ul>`,
			map[string]string{"login_url": "https://example.com/login?a=1&b=2", "site_url": "https://example.com"},
			mail.Text{
				Plain: "Log in (https://example.com/login?a=1&b=2) or https://example.com, a@example.com\n\n- one\n- two\n",
				HTML:  `<p><a href="https://example.com/login?a=1&amp;b=2">Log in</a> or <a href="https://example.com">https://example.com</a>, <a href="mailto:a@example.com">a@example.com</a></p><ul><li>one</li><li>two</li></ul>`,
			},
		},
		{
			"text without tags", "", "Hello {display_name},\nwelcome.\n\nBye",
			map[string]string{"display_name": "Ada"},
			mail.Text{Plain: "Hello Ada,\nwelcome.\n\nBye\n", HTML: "<p>Hello Ada,<br>\nwelcome.</p>\n<p>Bye</p>"},
		},
		{
			"no secret in a subject", "{password_reset_link} {account_activation_link}", "<p>{password_reset_link}</p>",
			map[string]string{"password_reset_link": "https://example.com/?hash=x", "account_activation_link": "y"},
			mail.Text{Subject: "{password_reset_link} {account_activation_link}", Plain: "https://example.com/?hash=x\n", HTML: "<p>https://example.com/?hash=x</p>"},
		},
		{
			"what is not shown", "", "<style>p{color:red}</style><p>a<!-- b --><script>c</script>d</p>", nil,
			mail.Text{Plain: "ad\n", HTML: "<style>p{color:red}</style><p>a<!-- b --><script>c</script>d</p>"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			template := apiclient.MailTemplate{Subject: c.subject, Body: c.body}
			got := mail.Compose(template, true, values(c.values))
			_, body, _ := strings.Cut(got.HTML, "padding: 0 1em;\">\n")
			got.HTML, _, _ = strings.Cut(body, "\n</body>")
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			c.want.HTML = ""
			if diff := cmp.Diff(c.want, mail.Compose(template, false, values(c.values))); diff != "" {
				t.Errorf("text alone (-want +got):\n%s", diff)
			}
		})
	}
}

// TestEveryTemplate fills in the fourteen: nothing is left open, and nothing that a
// template uses is unknown.
func TestEveryTemplate(t *testing.T) {
	o := apiclient.DefaultOptions()
	for _, slug := range apiclient.MailSlugs() {
		known := map[string]string{}
		for _, name := range slug.Placeholders() {
			known[name] = "<" + name + ">"
		}
		got := mail.Compose(o.MailTemplate(slug), true, values(known))
		if got.Subject == "" || strings.ContainsAny(got.Subject+got.Plain, "{}") || !strings.Contains(got.HTML, "&lt;") {
			t.Errorf("%s: %+v", slug, got)
		}
	}
}

func FuzzCompose(f *testing.F) {
	for _, seed := range []string{"<p>{a}</p>", "{a}{", "<a href={a}>{a}", "<!--", "</p></a>", "\xff\xfe{a}", "{usermeta:a}"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, body, value string) {
		got := mail.Compose(apiclient.MailTemplate{Subject: body, Body: body}, true, values(map[string]string{"a": value}))
		if strings.ContainsAny(got.Subject, "\r\n\x00") {
			t.Errorf("the subject has lines: %q", got.Subject)
		}
		if strings.ContainsAny(got.Plain, "\x1b\r\x00") {
			t.Errorf("the text has control characters: %q", got.Plain)
		}
	})
}
