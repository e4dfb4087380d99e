package mail

import (
	"html"
	"strings"
	"unicode"

	"umdeck/apiclient"
)

// A Text is the finished text of a mail.
type Text struct {
	Subject string
	Plain   string
	HTML    string // a whole document; empty for a mail that is text alone
}

// maxSubject is how many characters a subject has at most.
const maxSubject = 200

// Compose fills a template in: value returns what a placeholder stands for, as plain
// text, and false for one that there is not. Placeholders for links that let their
// reader in are not filled into the subject, which stands in lists.
func Compose(t apiclient.MailTemplate, withHTML bool, value func(name string) (string, bool)) Text {
	body := t.Body
	if !strings.Contains(body, "<") {
		body = paragraphs(body)
	}
	body = apiclient.Expand(body, func(name string) (string, bool) {
		v, ok := value(name)
		return strings.ReplaceAll(html.EscapeString(v), "\n", "<br>\n"), ok
	})
	text := Text{Plain: plain(body), Subject: oneLine(apiclient.Expand(t.Subject, func(name string) (string, bool) {
		if name == apiclient.PlaceActivation || name == apiclient.PlaceReset {
			return "", false
		}
		return value(name)
	}))}
	if withHTML {
		text.HTML = document(text.Subject, body)
	}
	return text
}

// paragraphs makes HTML of a text without a tag: an empty line ends a paragraph.
func paragraphs(text string) string {
	var s strings.Builder
	for part := range strings.SplitSeq(text, "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			s.WriteString("<p>" + strings.ReplaceAll(part, "\n", "<br>\n") + "</p>\n")
		}
	}
	return s.String()
}

func document(title, body string) string {
	return `<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>` + html.EscapeString(title) + `</title>
</head>
<body style="font-family: sans-serif; line-height: 1.5; max-width: 40em; margin: 1em auto; padding: 0 1em;">
` + strings.TrimSpace(body) + `
</body>
</html>
`
}

// oneLine makes a subject of what may hold a stranger's text.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))), " ")
	if r := []rune(s); len(r) > maxSubject {
		return string(r[:maxSubject-1]) + "…"
	}
	return s
}
