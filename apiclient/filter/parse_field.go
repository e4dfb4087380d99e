package filter

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"umdeck/apiclient"
)

var fieldKey = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,255}$`)

// column returns the column of a name at index at.
func (p *parser) column(name string, at int) (Column, error) {
	if c, ok := find(p.o.Columns, name); ok {
		return c, nil
	}
	if !p.o.AnyField {
		return Column{}, p.errorf(at, "names %s, which is no column; use one of %s, or quote a word with a colon", show(name), listed(p.o.Columns))
	}
	if !fieldKey.MatchString(name) {
		return Column{}, p.errorf(at, "names %s, which is no field key; use letters, digits, _, . and -", show(name))
	}
	return Column{Name: name}, nil
}

// field reads the value behind the name and colon of a column.
func (p *parser) field(name string, at int) (apiclient.Filter, error) {
	col, err := p.column(name, at)
	if err != nil {
		return apiclient.Filter{}, err
	}
	opAt := p.pos
	op := p.operator()
	var values []apiclient.Filter
	for {
		f, err := p.item(col, op, opAt)
		if err != nil {
			return f, err
		}
		values = flatten(values, f, apiclient.Or)
		if p.end() || p.in[p.pos] != ',' {
			return group(apiclient.Or, values), nil
		}
		if op != apiclient.Equals && op != apiclient.Contains {
			return f, p.errorf(p.pos, "is a list behind a comparison; compare with one value")
		}
		p.pos++
	}
}

// operator reads the comparison that a value starts with; without one it is Equals.
func (p *parser) operator() apiclient.MatchOp {
	for _, o := range operators {
		if rest := p.in[p.pos:]; len(rest) >= len(o.sign) && string(rest[:len(o.sign)]) == o.sign {
			p.pos += len(o.sign)
			return o.op
		}
	}
	return apiclient.Equals
}

// operators are the signs before a value, longer ones first.
var operators = [...]struct {
	sign string
	op   apiclient.MatchOp
}{
	{">=", apiclient.AtLeast}, {"<=", apiclient.AtMost}, {">", apiclient.Greater}, {"<", apiclient.Less}, {"~", apiclient.Contains},
}

// item reads one value, or a range.
func (p *parser) item(col Column, op apiclient.MatchOp, opAt int) (apiclient.Filter, error) {
	start := p.pos
	low, given, err := p.atom()
	if err != nil {
		return apiclient.Filter{}, err
	}
	if col.Kind == Since && given {
		return p.since(col, op, opAt, low)
	}
	if op == apiclient.Equals && p.dots() {
		p.pos += len("..")
		high, highGiven, err := p.atom()
		if err != nil {
			return apiclient.Filter{}, err
		}
		if p.dots() || !given && !highGiven {
			return apiclient.Filter{}, p.errorf(start, "is no range; write it as low..high, and quote two dots that are text")
		}
		return p.between(col, low, given, high, highGiven)
	}
	switch {
	case !given:
		return apiclient.Filter{}, p.errorf(start, "needs a value for %s; add one, or none for what is empty", show(col.Name))
	case op == apiclient.Equals && isNothing(low):
		return p.leaf(start, apiclient.Match{Field: col.Name, Op: apiclient.IsEmpty})
	case op == apiclient.Equals && low.text == "*" && !low.literal:
		f, err := p.leaf(start, apiclient.Match{Field: col.Name, Op: apiclient.IsEmpty})
		return apiclient.Filter{Op: apiclient.Not, Terms: []apiclient.Filter{f}}, err
	}
	return p.compare(col, op, opAt, low)
}

// isNothing reports whether the value stands for nothing: "", or the word none.
func isNothing(a atom) bool {
	return a.literal && a.text == "" || !a.literal && strings.EqualFold(a.text, "none")
}

// atom reads one value; given is false where there is none.
func (p *parser) atom() (a atom, given bool, err error) {
	if !p.end() && p.in[p.pos] == '"' {
		a, err = p.quoted()
		if err == nil && !p.end() && !p.dots() && !unicode.IsSpace(p.in[p.pos]) && !slices.Contains([]rune(",()"), p.in[p.pos]) {
			err = p.errorf(p.pos, "comes right behind a quote; put a space between, or quote it too")
		}
		return a, true, err
	}
	a, err = p.raw(func(r rune) bool { return r == ',' || p.dots() })
	return a, a.text != "", err
}

// dots reports whether the two dots of a range stand at pos.
func (p *parser) dots() bool {
	return p.pos+1 < len(p.in) && p.in[p.pos] == '.' && p.in[p.pos+1] == '.'
}

// since is the condition of what is not before a time. Nothing but the time can be said
// of it: the sign is in its name.
func (p *parser) since(col Column, op apiclient.MatchOp, opAt int, a atom) (apiclient.Filter, error) {
	if op != apiclient.Equals || p.dots() {
		return apiclient.Filter{}, p.errorf(opAt, "compares %s, which is a comparison already; write it as %s:1h, or compare %s", col.Name, col.Name, col.Of)
	}
	s, err := p.span(col, a)
	if err != nil {
		return apiclient.Filter{}, err
	}
	return p.leaf(a.at, apiclient.Match{Field: col.Of, Op: apiclient.AtLeast, Value: s.low})
}

// account returns the column that a value of an Account is compared in: a number is
// that of a user, and everything else a login, which may be quoted digits.
func account(col Column, op apiclient.MatchOp, a atom) Column {
	if op == apiclient.Contains || op == apiclient.Like || a.literal || op == apiclient.Equals && !decimal.MatchString(a.text) {
		return Column{Name: col.Of, Kind: Text}
	}
	return Column{Name: col.Name, Kind: Number}
}

// compare is the condition of one value that is not empty.
func (p *parser) compare(col Column, op apiclient.MatchOp, opAt int, a atom) (apiclient.Filter, error) {
	if op == apiclient.Equals && a.star {
		op = apiclient.Like
	}
	if col.Kind == Account {
		col = account(col, op, a)
	}
	switch op {
	case apiclient.Like, apiclient.Contains:
		if !col.Kind.textual() {
			return apiclient.Filter{}, p.errorf(opAt, "looks for a part of %s, which is no text; compare with a whole value", col.Name)
		}
		return p.leaf(a.at, apiclient.Match{Field: col.Name, Op: op, Value: a.text})
	case apiclient.Less, apiclient.AtMost, apiclient.Greater, apiclient.AtLeast:
		if !col.Kind.ordered() {
			return apiclient.Filter{}, p.errorf(opAt, "compares %s by order, which it has not; name a value", col.Name)
		}
	default:
	}
	s, err := p.span(col, a)
	if err != nil {
		return apiclient.Filter{}, err
	}
	m := apiclient.Match{Field: col.Name, Op: op, Value: s.low}
	switch {
	case op == apiclient.Equals && s.since:
		m.Op = apiclient.AtLeast
	case op == apiclient.Equals && s.low != s.high:
		m.Op, m.High = apiclient.Between, s.high
	case op == apiclient.Greater || op == apiclient.AtMost:
		m.Value = s.high
	}
	return p.leaf(a.at, m)
}

// between is the condition of a range, of which one end may be open.
func (p *parser) between(col Column, low atom, hasLow bool, high atom, hasHigh bool) (apiclient.Filter, error) {
	at := high.at
	if hasLow {
		at = low.at
	}
	if !col.Kind.ordered() {
		return apiclient.Filter{}, p.errorf(at, "is a range of %s, which has no order; name values, and quote two dots that are text", col.Name)
	}
	m := apiclient.Match{Field: col.Name}
	if hasLow {
		s, err := p.span(col, low)
		if err != nil {
			return apiclient.Filter{}, err
		}
		m.Op, m.Value = apiclient.AtLeast, s.low
	}
	if hasHigh {
		s, err := p.span(col, high)
		if err != nil {
			return apiclient.Filter{}, err
		}
		if hasLow {
			m.Op, m.High = apiclient.Between, s.high
		} else {
			m.Op, m.Value = apiclient.AtMost, s.high
		}
	}
	return p.leaf(at, m)
}
