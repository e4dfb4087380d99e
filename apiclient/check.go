package apiclient

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// check returns what is wrong with the answer to f: the first thing for each input.
func (in Intake) check(f Field) Problems {
	v, there := in.sent(f)
	if p := in.checkRequired(f, v, there); len(p) > 0 || !there {
		return append(p, in.checkAbsent(f)...).firsts()
	}
	var p Problems
	add := func(format string, args ...any) { p = append(p, Problem{f.Key, fmt.Sprintf(format, args...)}) }
	in.checkSize(f, v.Text, add)
	if f.CoreType() == CoreTextarea && f.Key != bioKey && !f.HTML && stripTags(v.Text) != strings.TrimSpace(v.Text) {
		add("You can not use HTML tags here")
	}
	if f.CoreType() == CorePassword {
		p = append(p, in.checkPassword(f)...)
	}
	f.checkAmount(v, add)
	in.checkWhen(f, v.Text, add)
	if len(p) == 0 {
		in.checkValidate(f, v.Text, add)
	}
	if len(p) == 0 {
		f.checkStored(v, add)
	}
	return p.firsts()
}

// firsts returns the first problem of each input: Ultimate Member shows one.
func (p Problems) firsts() Problems {
	var out Problems
	for _, one := range p {
		if len(out.Of(one.Field)) == 0 {
			out = append(out, one)
		}
	}
	return out
}

// bioKey is the field that the profile's header shows; its limits are its own.
const bioKey = "description"

// checkRequired returns what Ultimate Member says of an answer that is missing: with
// the title and a full stop for the types that a browser leaves out, else the label.
func (in Intake) checkRequired(f Field, v Value, there bool) Problems {
	if !f.Required || in.has(f) || there && v.Text != "" && v.Text != "empty_file" || len(v.List) > 0 {
		return nil
	}
	switch {
	case f.Key == "role_select" || f.Key == "role_radio":
		return Problems{{f.Key, "Please specify account type."}}
	case f.CoreType().lists() || f.CoreType() == CoreNumber && there:
		return Problems{{f.Key, f.name() + " is required."}}
	case f.Label == "":
		return Problems{{f.Key, "This field is required"}}
	}
	return Problems{{f.Key, f.Label + " is required"}}
}

// has reports whether there is a file for f: one that was sent, or one that is stored
// and stays.
func (in Intake) has(f Field) bool {
	if core := f.CoreType(); core != CoreImage && core != CoreFile {
		return false
	}
	if _, ok := in.Sent.Files[f.Key]; ok {
		return true
	}
	v, there := in.Sent.Values[f.Key]
	if there && slices.Contains(v, "empty_file") {
		return false
	}
	return !in.Stored[f.Key].Empty()
}

// checkAbsent checks what holds for a field that was not sent.
func (in Intake) checkAbsent(f Field) Problems {
	if f.MinSelections > 0 && f.CoreType() == CoreMultiselect {
		return Problems{{f.Key, fmt.Sprintf("Please select at least %d choices", f.MinSelections)}}
	}
	return nil
}

// checkSize checks the words and characters of a text. Limits are inclusive, although
// the message for the most says "less than".
func (in Intake) checkSize(f Field, s string, add func(string, ...any)) {
	plain := s
	if f.HTML {
		plain = stripTags(s)
	}
	if f.MaxWords > 0 && countWords(plain) > f.MaxWords {
		add("You are only allowed to enter a maximum of %d words", f.MaxWords)
	}
	if n := utf8.RuneCountInString(s); f.MinChars > 0 && s != "" && s != "0" && n < f.MinChars {
		if f.Label == "" {
			add("This field must contain at least %d characters", f.MinChars)
		} else {
			add("Your %s must contain at least %d characters", f.Label, f.MinChars)
		}
	}
	if f.MaxChars == 0 || utf8.RuneCountInString(plain) <= f.MaxChars {
		return
	}
	switch {
	case f.Key == bioKey && in.Mode == FormProfile:
		add("Your user description must contain less than %d characters", f.MaxChars)
	case f.Key == bioKey: // which a registration does not count
	case f.Label == "":
		add("This field must contain less than %d characters", f.MaxChars)
	default:
		add("Your %s must contain less than %d characters", f.Label, f.MaxChars)
	}
}

// countWords counts words as Ultimate Member does: with PHP's str_word_count, which
// knows the letters of ASCII, and the digits and é è à ô ù as their bytes. Other
// letters part words.
func countWords(s string) int {
	const more = "éèàôù"
	if s != "" && (s[0] == '\'' || s[0] == '-') {
		s = s[1:]
	}
	s = strings.TrimSuffix(s, "-")
	n, inside := 0, false
	for i := range len(s) {
		c := s[i]
		is := 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '\'' || c == '-' || strings.IndexByte(more, c) >= 0
		if is && !inside {
			n++
		}
		inside = is
	}
	return n
}

// checkAmount checks the size of a number and how many choices there are.
func (f Field) checkAmount(v Value, add func(string, ...any)) {
	if f.CoreType() == CoreMultiselect && f.MinSelections > 0 && len(v.List) < f.MinSelections {
		add("Please select at least %d choices", f.MinSelections)
	}
	if f.MaxSelections > 0 && len(v.List) > f.MaxSelections {
		add("You can only select up to %d choices", f.MaxSelections)
	}
	if !isNumeric(v.Text) {
		return
	}
	if f.Min != nil && looseCompare(v.Text, fmt.Sprint(*f.Min)) < 0 {
		add("Minimum number limit is %d", *f.Min)
	}
	if f.Max != nil && looseCompare(v.Text, fmt.Sprint(*f.Max)) > 0 {
		add("Maximum number limit is %d", *f.Max)
	}
}

// checkStored refuses what no field can hold, which Ultimate Member cuts away, or
// stores and cannot read again: half a number, control characters, an address without a host.
func (f Field) checkStored(v Value, add func(string, ...any)) {
	if core := f.CoreType(); v.Empty() || core.lists() || core == CorePassword || core == CoreImage || core == CoreFile || core == CoreRating || core == CoreSelect || f.Secret {
		return
	}
	if f.Type == FieldURL {
		if _, ok := f.formURL(v.Text); !ok {
			add("Please enter a valid URL")
		}
		return
	}
	if _, err := f.bare().Accept(v); err != nil {
		add("%s", MessageOf(err))
	}
}

// bare returns the field without the limits that forms check in words of their own.
func (f Field) bare() Field {
	f.Validate, f.MaxChars, f.MaxWords, f.Min, f.Max = "", 0, 0, nil, nil
	return f
}

// formURL returns the address that a form stores: of a social network the one that is
// made of a name, and any other that has the network's domain in it as https.
func (f Field) formURL(s string) (string, bool) {
	if n, ok := networkOf(f.Validate); ok {
		if full, err := f.acceptNetworkURL(s, n); err == nil {
			return full, true
		}
		s = "https://" + strings.Trim(scheme.ReplaceAllString(s, ""), "/ ")
	}
	full, err := f.bare().acceptURL(s)
	return full, err == nil
}

var (
	capital = regexp.MustCompile(`\p{Lu}`)
	small   = regexp.MustCompile(`\p{Ll}`)
	figure  = regexp.MustCompile(`\p{N}`)
	special = regexp.MustCompile(`[^\p{L}\p{N}\s]`)
)

// CheckStrength returns why a password is not strong, in Ultimate Member's words
// (includes/core/class-validation.php, strong_pass); empty when it is: an upper-case
// letter, a lower-case one and a number of any script and, where special is set, a
// character that is neither letter, number nor space.
func CheckStrength(password string, specialChar bool) string {
	switch {
	case !capital.MatchString(password):
		return "Your password must contain at least one capital letter"
	case !small.MatchString(password):
		return "Your password must contain at least one lowercase letter"
	case !figure.MatchString(password):
		return "Your password must contain at least one number"
	case specialChar && !special.MatchString(password):
		return "Your password must contain at least one special character (e.g. !@#$%^&*)"
	}
	return ""
}

// checkPassword checks a password that is not empty: no backslash, not part of the
// login or the e-mail address, strong and twice the same where the field wants it.
func (in Intake) checkPassword(f Field) Problems {
	if in.Mode == FormLogin {
		return nil
	}
	var p Problems
	add := func(key, text string) { p = append(p, Problem{key, text}) }
	password := strings.TrimSpace(in.Sent.First(f.Key))
	if strings.Contains(password, `\`) {
		add(f.Key, `Passwords may not contain the character "\".`)
	}
	if f.Password.Good && password != "" {
		low := strings.ToLower(password)
		if strings.Contains(strings.ToLower(in.Sent.First("user_login")), low) {
			add(f.Key, "Your password cannot contain the part of your username")
		}
		if strings.Contains(strings.ToLower(in.Sent.First("user_email")), low) {
			add(f.Key, "Your password cannot contain the part of your email address")
		}
		if why := CheckStrength(password, in.SpecialChar); why != "" {
			add(f.Key, why)
		}
	}
	if !f.Password.Confirm || len(p) > 0 {
		return p
	}
	again := strings.TrimSpace(in.Sent.First(FieldConfirm + f.Key))
	switch {
	case again == "" && (password != "" || f.Required):
		add(FieldConfirm+f.Key, "Please confirm your password")
	case again != password:
		add(FieldConfirm+f.Key, "Your passwords do not match")
	}
	return p
}
