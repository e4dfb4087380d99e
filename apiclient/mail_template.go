package apiclient

import (
	"embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed mailtext
var mailTexts embed.FS

// Body returns the mail's template as it is unless told otherwise: HTML with
// placeholders. It is empty for a mail that is none of the fourteen.
func (m MailSlug) Body() string {
	if !slices.Contains(MailSlugs(), m) {
		return ""
	}
	text, err := mailTexts.ReadFile("mailtext/" + string(m) + ".html")
	if err != nil {
		panic("apiclient: a mail without a template: " + err.Error())
	}
	return strings.TrimSpace(string(text))
}

// Subject returns the mail's subject as it is unless told otherwise.
func (m MailSlug) Subject() string { return m.kind().subject }

// The keys of the three settings of a mail.
func (m MailSlug) keyOn() string      { return string(m) + "_on" }
func (m MailSlug) keySubject() string { return string(m) + "_sub" }
func (m MailSlug) keyBody() string    { return string(m) }

// A MailTemplate is what a mail is made from, as the settings of a site have it.
type MailTemplate struct {
	Slug    MailSlug
	On      bool
	Subject string
	Body    string // HTML with placeholders; text without a single tag is taken as paragraphs
}

// MailTemplate returns the template of a mail.
func (o Options) MailTemplate(m MailSlug) MailTemplate {
	return MailTemplate{Slug: m, On: o.On(m.keyOn()), Subject: o.Text(m.keySubject()), Body: o.Text(m.keyBody())}
}

// Expand returns a template's text with what the placeholders in it stand for, as
// value says. A placeholder that value does not know stays as it is. What is put in
// is not looked at again, so that nobody's name can be a placeholder.
func Expand(text string, value func(name string) (string, bool)) string {
	var s strings.Builder
	for {
		before, name, after, ok := nextPlace(text)
		s.WriteString(before)
		if !ok {
			return s.String()
		}
		if v, known := value(name); known {
			s.WriteString(v)
		} else {
			s.WriteString("{" + name + "}")
		}
		text = after
	}
}

// nextPlace cuts text around its first placeholder: a name of small letters and _ in
// braces, or usermeta: and a key. ok is false when there is none.
func nextPlace(text string) (before, name, after string, ok bool) {
	for from := 0; ; {
		open := strings.IndexByte(text[from:], '{')
		if open < 0 {
			return text, "", "", false
		}
		open += from
		length := strings.IndexAny(text[open+1:], "{}\n")
		if length >= 0 && text[open+1+length] == '}' && isPlace(text[open+1:open+1+length]) {
			return text[:open], text[open+1 : open+1+length], text[open+2+length:], true
		}
		from = open + 1
	}
}

func isPlace(name string) bool {
	if key, ok := strings.CutPrefix(name, "usermeta:"); ok {
		return key != ""
	}
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_") == ""
}

// blockedMeta are what {usermeta:KEY} never shows (Ultimate Member 2.13,
// includes/um-short-functions.php).
var blockedMeta = []string{
	PlaceReset, "account_secret_hash", "account_secret_hash_expiry", PlaceActivation, "id", "role", "user_id", "user_pass",
}

// MetaAllowed reports whether {usermeta:KEY} may show what is stored under the key.
// Keys that hold a password, and those that no form may write, are not shown.
func MetaAllowed(key string) bool {
	key = strings.ToLower(key)
	return !slices.Contains(blockedMeta, key) && CheckKey(key) == nil && !strings.Contains(key, "password")
}

// Warning returns, for a template with a placeholder that its mail does not have or
// may not show, a sentence that names it; such a placeholder stays as it is. Empty:
// there is nothing to say about the value.
func (s Setting) Warning() string {
	slug, subject := MailSlug(s.Key), false
	if name, ok := strings.CutSuffix(s.Key, "_sub"); ok {
		slug, subject = MailSlug(name), true
	}
	if !slices.Contains(MailSlugs(), slug) {
		return ""
	}
	known, unknown := slug.Placeholders(), []string{}
	Expand(s.Value, func(name string) (string, bool) {
		key, meta := strings.CutPrefix(name, "usermeta:")
		ok := slices.Contains(known, name) || meta && MetaAllowed(key)
		if subject && (name == PlaceActivation || name == PlaceReset) {
			ok = false
		}
		if !ok && !slices.Contains(unknown, "{"+name+"}") {
			unknown = append(unknown, "{"+name+"}")
		}
		return "", true
	})
	if len(unknown) == 0 {
		return ""
	}
	return fmt.Sprintf("%s has %s in it, which %s cannot fill in there: it stays as it is.", s.Key, strings.Join(unknown, ", "), slug)
}
