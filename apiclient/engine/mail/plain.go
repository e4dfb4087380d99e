package mail

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// plain returns the text of a piece of HTML: paragraphs apart by an empty line, list
// items with a dash, links with their address behind them where that is not what
// they say.
func plain(markup string) string {
	p := printer{tokens: html.NewTokenizer(strings.NewReader(markup))}
	for p.next() {
	}
	return p.done()
}

// A printer writes the text of HTML.
type printer struct {
	tokens *html.Tokenizer
	text   strings.Builder
	breaks int    // lines to be ended before the next word
	space  bool   // a space is due before the next word
	quiet  int    // inside so many elements whose text is not shown
	href   string // of the link that is open
	link   int    // where its text begins
}

func (p *printer) next() bool {
	switch p.tokens.Next() {
	case html.ErrorToken:
		return false
	case html.TextToken:
		if p.quiet == 0 {
			p.words(string(p.tokens.Text()), true)
		}
	case html.StartTagToken, html.SelfClosingTagToken:
		p.open(p.tokens.Token())
	case html.EndTagToken:
		p.close(p.tokens.Token().DataAtom)
	case html.CommentToken, html.DoctypeToken:
	}
	return true
}

// words writes text, with white space folded as HTML has it.
func (p *printer) words(text string, escaped bool) {
	if escaped {
		text = html.UnescapeString(text)
	}
	for _, r := range text {
		if unicode.IsSpace(r) {
			p.space = true
			continue
		}
		switch {
		case p.text.Len() == 0:
		case p.breaks > 0:
			p.text.WriteString(strings.Repeat("\n", p.breaks))
		case p.space:
			p.text.WriteByte(' ')
		}
		p.breaks, p.space = 0, false
		if unicode.IsPrint(r) {
			p.text.WriteRune(r)
		}
	}
}

func (p *printer) open(t html.Token) {
	switch t.DataAtom {
	case atom.Br:
		p.breaks++
	case atom.Li:
		p.end(1)
		p.words("- ", false)
	case atom.A:
		p.href = ""
		for _, a := range t.Attr {
			if a.Key == "href" {
				p.href = a.Val
			}
		}
		p.link = p.text.Len()
	case atom.Script, atom.Style, atom.Title:
		p.quiet++
	default:
		p.end(gap(t.DataAtom))
	}
}

func (p *printer) close(a atom.Atom) {
	switch a {
	case atom.A:
		p.closeLink()
	case atom.Script, atom.Style, atom.Title:
		p.quiet = max(p.quiet-1, 0)
	case atom.Td, atom.Th:
		p.space = true
	default:
		p.end(gap(a))
	}
}

// closeLink writes the address of the link behind what the link says.
func (p *printer) closeLink() {
	said := strings.TrimSpace(p.text.String()[min(p.link, p.text.Len()):])
	if p.href != "" && said != p.href && said != strings.TrimPrefix(p.href, "mailto:") {
		p.space = p.space || said != ""
		if said == "" {
			p.words(p.href, false)
		} else {
			p.words("("+p.href+")", false)
		}
	}
	p.href = ""
}

// end asks for the end of a line (1) or of a paragraph (2); a break that was asked for
// already counts.
func (p *printer) end(lines int) { p.breaks = max(p.breaks, lines) }

func gap(a atom.Atom) int {
	switch a {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Table, atom.Blockquote, atom.Pre, atom.Hr:
		return 2
	case atom.Div, atom.Tr, atom.Li, atom.Section, atom.Header, atom.Footer:
		return 1
	default:
		return 0
	}
}

func (p *printer) done() string {
	if p.text.Len() == 0 {
		return ""
	}
	return p.text.String() + "\n"
}
