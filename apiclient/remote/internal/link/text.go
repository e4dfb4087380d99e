package link

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"html"
	"regexp"
	"strings"
	"unicode"
)

var (
	tags  = regexp.MustCompile(`(?s)<(script|style)\b.*?</(script|style)>|<[^>]*>`)
	title = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)
)

// Clean makes one line of at most n characters of a text from outside: HTML is
// taken away, control and formatting characters too.
func Clean(s string, n int) string {
	if len(s) > 8*n+4096 {
		s = s[:8*n+4096]
	}
	s = html.UnescapeString(tags.ReplaceAllString(s, " "))
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == unicode.ReplacementChar, unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != '\u200d':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// Title returns the title of an HTML page, or its first words.
func Title(body []byte) string {
	if len(body) > 1<<16 {
		body = body[:1<<16]
	}
	if m := title.FindSubmatch(body); m != nil {
		return Clean(string(m[1]), 80)
	}
	return Clean(string(body), 80)
}

var bom = []byte("\xef\xbb\xbf")

// findJSON returns the JSON of a body: all of it, or what follows the lines that
// PHP printed first. The rest must be one JSON value to its end, so that no
// script in a page passes for an answer.
func findJSON(body []byte) (value []byte, notice string, ok bool) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, bom))
	if len(body) == 0 {
		return nil, "", false
	}
	if json.Valid(body) {
		return body, "", true
	}
	for at := 0; at < len(body) && at < 64<<10; {
		line := body[at:]
		if line[0] == '{' || line[0] == '[' {
			return line, string(body[:at]), at > 0 && json.Valid(line)
		}
		next := bytes.IndexByte(line, '\n')
		if next < 0 {
			break
		}
		at += next + 1
	}
	return nil, "", false
}

func basic(user, password string) string {
	return base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
}
