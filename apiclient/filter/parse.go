package filter

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"umdeck/apiclient"
)

// Limits of a filter.
const (
	MaxText  = 4096 // bytes
	MaxTerms = 100  // conditions
	MaxDepth = 32   // levels of parentheses and negations
)

// Options say what a filter may name and what its words mean.
type Options struct {
	Columns  []Column
	AnyField bool             // a name that is no column is a field key, compared as text
	Now      func() time.Time // what relative times count from; nil means time.Now
	// Statuses are the statuses of the site. nil: not known, and a slug that
	// Ultimate Member does not define is taken as it is.
	Statuses []apiclient.AccountStatus
}

// Parse reads a filter. It fails with Invalid and a sentence that names the
// character, counted from 1, where the text goes wrong. The empty text is the zero
// Filter. No And stands directly in an And and no Or in an Or, and each has two
// terms or more.
func Parse(text string, o Options) (apiclient.Filter, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if len(text) > MaxText {
		return apiclient.Filter{}, invalid("The filter is %d bytes long; use at most %d.", len(text), MaxText)
	}
	if !utf8.ValidString(text) {
		return apiclient.Filter{}, invalid("The filter is not valid UTF-8; type it again.")
	}
	p := &parser{in: []rune(text), o: o}
	for i, r := range p.in {
		if unicode.IsControl(r) && r != '\t' && r != '\n' && r != '\r' {
			return apiclient.Filter{}, p.errorf(i, "is a control character, %U; leave it away", r)
		}
	}
	f, err := p.or()
	if err == nil && p.pos < len(p.in) {
		err = p.errorf(p.pos, "is a ) without its (; leave it away")
	}
	if err != nil {
		return apiclient.Filter{}, err
	}
	return f, nil
}

func invalid(format string, args ...any) error {
	return apiclient.FieldErrorf("filter", format, args...)
}

// A parser reads one text. Its methods leave pos behind what they read.
type parser struct {
	in    []rune
	pos   int
	o     Options
	terms int
	depth int
}

// errorf returns an Error about the character at index i.
func (p *parser) errorf(i int, rest string, args ...any) error {
	if i >= len(p.in) {
		return invalid("The filter ends too early: its end %s.", fmt.Sprintf(rest, args...))
	}
	return invalid("The filter is wrong at character %d: it %s.", i+1, fmt.Sprintf(rest, args...))
}

// or reads terms joined by OR until the end or a ).
func (p *parser) or() (apiclient.Filter, error) {
	var alternatives []apiclient.Filter
	for {
		f, n, err := p.and()
		if err != nil {
			return f, err
		}
		more := p.keyword("OR")
		if n == 0 && (more || len(alternatives) > 0) {
			return f, p.errorf(p.pos, "needs a condition beside OR; add one, or quote the word OR")
		}
		alternatives = flatten(alternatives, f, apiclient.Or)
		if !more {
			return group(apiclient.Or, alternatives), nil
		}
		p.pos += len("OR")
	}
}

// and reads terms until the end, a ) or an OR, and returns how many there were.
func (p *parser) and() (apiclient.Filter, int, error) {
	var terms []apiclient.Filter
	n := 0
	for {
		p.space()
		if p.end() || p.in[p.pos] == ')' || p.keyword("OR") {
			return group(apiclient.And, terms), n, nil
		}
		if p.keyword("AND") {
			at := p.pos
			p.pos += len("AND")
			p.space()
			if n == 0 || p.end() || p.in[p.pos] == ')' || p.keyword("OR") || p.keyword("AND") {
				return apiclient.Filter{}, 0, p.errorf(at, "needs a condition on both sides of AND; add one, or quote the word AND")
			}
		}
		f, err := p.term()
		if err != nil {
			return f, 0, err
		}
		n++
		terms = flatten(terms, f, apiclient.And)
	}
}

// flatten appends f to the terms of a group, or what f groups itself by the same op.
func flatten(terms []apiclient.Filter, f apiclient.Filter, op apiclient.FilterOp) []apiclient.Filter {
	if f.Op == op {
		return append(terms, f.Terms...)
	}
	return append(terms, f)
}

func group(op apiclient.FilterOp, terms []apiclient.Filter) apiclient.Filter {
	switch len(terms) {
	case 0:
		return apiclient.Filter{}
	case 1:
		return terms[0]
	}
	return apiclient.Filter{Op: op, Terms: terms}
}

// term reads one condition, a group in parentheses, or the negation of either.
func (p *parser) term() (apiclient.Filter, error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > MaxDepth {
		return apiclient.Filter{}, p.errorf(p.pos, "is %d levels deep; use at most %d", p.depth, MaxDepth)
	}
	at := p.pos
	switch {
	case p.in[p.pos] == '(':
		p.pos++
		f, err := p.or()
		if err != nil {
			return f, err
		}
		if p.end() {
			return f, p.errorf(at, "is a ( without its ); add one")
		}
		p.pos++
		return f, nil
	case p.in[p.pos] == '-', p.keyword("NOT"):
		if p.in[p.pos] == '-' {
			p.pos++
		} else {
			p.pos += len("NOT")
			p.space()
		}
		if p.end() || unicode.IsSpace(p.in[p.pos]) || p.in[p.pos] == ')' || p.keyword("OR") || p.keyword("AND") {
			return apiclient.Filter{}, p.errorf(at, "negates nothing; put a condition right behind it, or quote it")
		}
		f, err := p.term()
		return apiclient.Filter{Op: apiclient.Not, Terms: []apiclient.Filter{f}}, err
	}
	return p.condition()
}

// condition reads a field with its value, a phrase or a word.
func (p *parser) condition() (apiclient.Filter, error) {
	at := p.pos
	if p.in[p.pos] == '"' {
		a, err := p.quoted()
		if err != nil {
			return apiclient.Filter{}, err
		}
		if !p.end() && p.in[p.pos] == ':' {
			p.pos++
			return p.field(a.text, at)
		}
		return p.free(a)
	}
	if name := p.name(); name != "" {
		p.pos += len(name) + 1
		return p.field(name, at)
	}
	a, err := p.raw(func(r rune) bool { return false })
	if err != nil {
		return apiclient.Filter{}, err
	}
	return p.free(a)
}

// free is the condition of a word or a phrase.
func (p *parser) free(a atom) (apiclient.Filter, error) {
	if a.text == "" {
		return apiclient.Filter{}, p.errorf(a.at, "looks for nothing; put a text between the quotes, or leave them away")
	}
	if a.star {
		a.text = strings.Trim(a.text, "*") // a part of the text is looked for anyway
	}
	if a.star && (a.text == "" || strings.Contains(a.text, "*")) {
		return apiclient.Filter{}, p.errorf(a.at, "is a word with a *, which only values of columns have; name the column, as in login:r*, or quote the word")
	}
	return p.leaf(a.at, apiclient.Match{Op: apiclient.Contains, Value: a.text})
}

// leaf counts a condition and returns it.
func (p *parser) leaf(at int, m apiclient.Match) (apiclient.Filter, error) {
	if p.terms++; p.terms > MaxTerms {
		return apiclient.Filter{}, p.errorf(at, "is one condition too many; use at most %d", MaxTerms)
	}
	return apiclient.Filter{Op: apiclient.Leaf, Match: m}, nil
}

// An atom is a piece of text as it was written.
type atom struct {
	text    string
	at      int
	literal bool // it was quoted or escaped: no word in it is special
	star    bool // it has a * that was neither
}

func (p *parser) end() bool { return p.pos >= len(p.in) }

func (p *parser) space() {
	for !p.end() && unicode.IsSpace(p.in[p.pos]) {
		p.pos++
	}
}

// keyword reports whether the word w stands at pos, alone.
func (p *parser) keyword(w string) bool {
	rest := p.in[p.pos:]
	if len(rest) < len(w) || string(rest[:len(w)]) != w {
		return false
	}
	return len(rest) == len(w) || unicode.IsSpace(rest[len(w)]) || strings.ContainsRune("()", rest[len(w)])
}

// name returns the name of a column that stands at pos with a colon behind it, or
// nothing. The scheme of an address is no name.
func (p *parser) name() string {
	i := p.pos
	for i < len(p.in) && isNameRune(p.in[i]) {
		i++
	}
	if i == p.pos || i >= len(p.in) || p.in[i] != ':' || strings.HasPrefix(string(p.in[i:min(i+3, len(p.in))]), "://") {
		return ""
	}
	return string(p.in[p.pos:i])
}

func isNameRune(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '_' || r == '.' || r == '-'
}

// quoted reads a text in quotes.
func (p *parser) quoted() (atom, error) {
	a := atom{at: p.pos, literal: true}
	var b strings.Builder
	for p.pos++; ; p.pos++ {
		switch {
		case p.end():
			return a, p.errorf(a.at, "is a quote without its end; add one")
		case p.in[p.pos] == '"':
			p.pos++
			a.text = b.String()
			return a, nil
		case p.in[p.pos] == '\\' && p.pos+1 < len(p.in):
			p.pos++
		}
		b.WriteRune(p.in[p.pos])
	}
}

// raw reads a text without quotes up to a space, a parenthesis, or where stop says so.
func (p *parser) raw(stop func(rune) bool) (atom, error) {
	a := atom{at: p.pos}
	var b strings.Builder
	for ; !p.end(); p.pos++ {
		r := p.in[p.pos]
		if unicode.IsSpace(r) || r == '(' || r == ')' || stop(r) {
			break
		}
		if r == '*' {
			a.star = true
		}
		if r == '\\' {
			if p.pos+1 == len(p.in) {
				return a, p.errorf(p.pos, "is a backslash with nothing behind it; leave it away, or double it")
			}
			p.pos++
			r, a.literal = p.in[p.pos], true
		}
		b.WriteRune(r)
	}
	a.text = b.String()
	return a, nil
}
