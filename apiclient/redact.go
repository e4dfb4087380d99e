package apiclient

import (
	"regexp"
	"strings"
)

// secretShapes are what secrets look like where nobody has marked them as such:
// application passwords in groups of four, the credentials of a request, signing
// secrets, the path of a hook at Zapier, and user:password in a URL.
var secretShapes = []*regexp.Regexp{
	regexp.MustCompile(`\b[A-Za-z0-9]{4}(?: [A-Za-z0-9]{4}){5}\b`),
	regexp.MustCompile(`(?i)\b(?:basic|bearer) [A-Za-z0-9+/=._~-]{8,}`),
	regexp.MustCompile(`whsec_[A-Za-z0-9+/=]+`),
	regexp.MustCompile(`hooks\.zapier\.com/[^\s"'<>]+`),
	regexp.MustCompile(`://[^/\s:@]+:[^/\s@]+@`),
}

// Redact returns text without the given secrets and without what has the shape of
// one, for files that people pass on, such as a crash report.
func Redact(text string, secrets ...Secret) string {
	for _, s := range secrets {
		for _, form := range []string{s.Reveal(), strings.ReplaceAll(s.Reveal(), " ", "")} {
			if form != "" {
				text = strings.ReplaceAll(text, form, dots)
			}
		}
	}
	for _, shape := range secretShapes {
		text = shape.ReplaceAllString(text, dots)
	}
	return text
}
