package apiclient

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Accept turns a value as people and programs write it into what is stored, by
// the rules of the field's type, and fails with Invalid when it cannot. The empty
// value is always accepted and clears the field: an empty list for radio, checkbox
// and multiselect, else the empty text.
//
// This is the gate of the API, for programs and administrators. What a form asks of a
// member besides is for [Intake]: whether the field may be empty, the least of
// characters and choices, the strength of a password, the days of a date, conditions
// and privacy. Whether a value is taken (unique_email, unique_username, unique_value)
// is for the caller to check.
//
//   - text, tags stripped and trimmed; only a textarea has line breaks and tabs;
//   - email: what WordPress's is_email takes;
//   - url: http or https; for a social network the address or the name there;
//   - tel: digits, spaces and - . + ( ), as Ultimate Member's phone_number;
//   - number: decimals are cut off, as Ultimate Member stores integers;
//   - select, radio, checkbox, multiselect: the label or the value of a choice,
//     exactly; several as a list, separated by commas, or as a JSON list. What is
//     no choice is refused, where Ultimate Member's forms drop it silently. A
//     checkbox with one choice takes yes, true, on and 1, or no, false, off and 0.
//     A field without choices takes any text;
//   - date: ISO 8601, Y/m/d, Ymd, d.m.Y, seconds since 1970, or words such as
//     "December 8, 1996"; 12/08/1996 means two days and is refused;
//   - time: the 24 or the 12 hour form; country: the code or the label, in any case;
//   - image, file: a URL, or the name of a file in the user's folder.
//
// A password is refused, because only accounts hash it, and so is a read-only
// field. Text that is not UTF-8 or has control characters is refused everywhere.
func (f Field) Accept(v Value) (Value, error) {
	if v.List == nil && strings.TrimSpace(v.Text) == "" || v.Empty() {
		return f.cleared(), nil
	}
	if err := f.checkOpen(v); err != nil {
		return Value{}, err
	}
	if f.Type.Many() || f.Type == FieldSelect {
		return f.acceptChoices(v)
	}
	s, err := f.oneText(v)
	if err != nil || s == "" {
		return f.cleared(), err
	}
	if s, err = f.acceptText(s); err != nil || s == "" { // empty: nothing but tags
		return f.cleared(), err
	}
	if err := f.checkLength(s); err != nil {
		return Value{}, err
	}
	if err := f.checkRule(s); err != nil {
		return Value{}, err
	}
	return Text(s), nil
}

// checkOpen refuses fields that take no value, and texts that no field takes.
func (f Field) checkOpen(v Value) error {
	if f.Secret || f.Type == FieldPassword {
		return f.errorf("cannot be set as a field; give it as the account's password.")
	}
	if f.ReadOnly {
		return f.errorf("is kept by the site itself; leave it away.")
	}
	for _, s := range append([]string{v.Text}, v.List...) {
		if err := f.checkText(s); err != nil {
			return err
		}
	}
	return nil
}

func (f Field) cleared() Value {
	if f.Type.Many() {
		return List()
	}
	return Value{}
}

// acceptText is Accept for the types that store one text without choices.
func (f Field) acceptText(s string) (string, error) {
	switch f.Type {
	case FieldEmail:
		if !isEmail(s) {
			return "", f.errorf("cannot be %s; give an e-mail address such as name@example.com.", quote(s))
		}
		return s, nil
	case FieldURL:
		return f.acceptURL(s)
	case FieldTel:
		if !isPhone(s) {
			return "", f.errorf("cannot be %s; use digits, spaces and - . + ( ) only.", quote(s))
		}
		return s, nil
	case FieldNumber:
		return f.acceptNumber(s)
	case FieldDate:
		if d, ok := parseDate(s); ok {
			return d, nil
		}
		return "", f.errorf("cannot be %s; give a day that exists as YYYY-MM-DD.", quote(s))
	case FieldTime:
		if t, ok := parseTime(s); ok {
			return t, nil
		}
		return "", f.errorf("cannot be %s; give a time as HH:MM, or as 3:30 pm.", quote(s))
	case FieldCountry:
		if label, ok := countryLabel(s); ok {
			if f.Keyed() {
				return countryCode(label), nil
			}
			return label, nil
		}
		return "", f.errorf("cannot be %s; give a country of Ultimate Member's list by its name or its two letters, such as Spain or ES.", quote(s))
	case FieldImage, FieldFile:
		return f.acceptFile(s)
	default:
		return stripTags(s), nil
	}
}

// checkText refuses what no field stores. A line break or a tab at an end is
// trimmed later and does no harm.
func (f Field) checkText(s string) error {
	if !utf8.ValidString(s) {
		return f.errorf("is not valid UTF-8; send it in that encoding.")
	}
	s = strings.TrimSpace(s)
	if f.Type == FieldTextarea {
		s = strings.NewReplacer("\r", "", "\n", "", "\t", "").Replace(s)
	}
	if i := strings.IndexFunc(s, unicode.IsControl); i >= 0 {
		r, _ := utf8.DecodeRuneInString(s[i:])
		if r == '\n' || r == '\r' || r == '\t' {
			return f.errorf("has a line break or a tab in it; write it on one line.")
		}
		return f.errorf("has the control character %U in it; leave it away.", r)
	}
	return nil
}

// oneText returns the value as one trimmed text with line breaks as \n.
func (f Field) oneText(v Value) (string, error) {
	s := v.Text
	for _, e := range v.List {
		if strings.TrimSpace(e) == "" {
			continue
		}
		if s != "" {
			return "", f.errorf("takes one value, and there are several; give one.")
		}
		s = e
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.TrimSpace(strings.ReplaceAll(s, "\r", "\n")), nil
}

func (f Field) checkLength(s string) error {
	if n := utf8.RuneCountInString(s); f.MaxChars > 0 && n > f.MaxChars {
		return f.errorf("has %d characters; use at most %d.", n, f.MaxChars)
	}
	if n := countWords(s); f.MaxWords > 0 && n > f.MaxWords {
		return f.errorf("has %d words; use at most %d.", n, f.MaxWords)
	}
	return nil
}

// numeric is what PHP takes for a number.
var numeric = regexp.MustCompile(`^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$`)

func (f Field) acceptNumber(s string) (string, error) {
	if !numeric.MatchString(s) {
		return "", f.errorf("cannot be %s; give a whole number.", quote(s))
	}
	whole, _, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || strings.ContainsAny(s, "eE") { // ".5", "1e3", or too large
		x, err := strconv.ParseFloat(s, 64)
		if err != nil || math.Abs(x) >= 1<<63 {
			return "", f.errorf("cannot be %s; give a number of at most 18 digits.", quote(s))
		}
		n = int64(x)
	}
	switch {
	case f.Min != nil && n < int64(*f.Min):
		return "", f.errorf("is %d; give at least %d.", n, *f.Min)
	case f.Max != nil && n > int64(*f.Max):
		return "", f.errorf("is %d; give at most %d.", n, *f.Max)
	}
	return strconv.FormatInt(n, 10), nil
}

func (f Field) acceptFile(s string) (string, error) {
	if isWebURL(s) {
		return s, nil
	}
	if strings.ContainsAny(s, `/\`) || strings.HasPrefix(s, ".") || len(s) > 255 {
		return "", f.errorf("cannot be %s; give a URL that starts with https://, or the name of a file without a path.", quote(s))
	}
	return s, nil
}

// errorf returns an Error about the field: its label, then the rest of the sentence.
func (f Field) errorf(rest string, args ...any) error {
	label := f.Label
	if strings.TrimSpace(label) == "" {
		label = f.Key
	}
	e := FieldErrorf(f.Key, rest, args...)
	e.Message = label + " " + e.Message
	return e
}

// quote returns the start of a text from outside, in quotes and without anything
// that a terminal could act on.
func quote(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return strconv.Quote(s)
}
