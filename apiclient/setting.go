package apiclient

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Settings reads and changes the options of a site.
type Settings interface {
	// Settings returns the whole catalogue in its order, with what the site has. The
	// value of a secret is never read back.
	Settings(ctx context.Context) ([]Setting, error)
	// ChangeSettings gives settings new values, by key: all of them or none. The
	// default of a setting as its value resets it. It returns the whole catalogue as it is
	// afterwards. An unknown key and a value that the setting does not take are Invalid,
	// with the key as the error's Field.
	ChangeSettings(ctx context.Context, values map[string]string) ([]Setting, error)
}

// SettingKind says what a setting takes. The words are those of Ultimate Member's
// settings, and two more.
type SettingKind string

// The kinds of setting.
const (
	SettingCheckbox SettingKind = "checkbox" // "1" or "0"
	SettingText     SettingKind = "text"     // one line
	SettingTextarea SettingKind = "textarea" // several lines, separated by \n
	SettingNumber   SettingKind = "number"   // a whole number; empty where the default is empty
	SettingSelect   SettingKind = "select"   // one of Choices
	SettingRole     SettingKind = "role"     // the slug of a role of the site; empty where the default is empty
	SettingEmail    SettingKind = "email"    // one e-mail address
)

// A Setting is one option of the site.
type Setting struct {
	Key     string // Ultimate Member's name of the option; umdeck's own begin with umdeck_
	Group   string // what it is shown with
	Label   string
	Help    string // a sentence
	Kind    SettingKind
	Choices []Choice // of a select and, where the site tells them, of a role
	Min     int      // of a number
	Max     int      // of a number; 0: no limit
	Default string
	Value   string // what holds; of a secret always empty
	Secret  bool   // the value is never read back, and stands in no audit
	Set     bool   // the site has a value of its own: all that is told of a secret
}

// SettingCatalogue returns all settings with their defaults as values, group by group.
// The slice and all it holds are the caller's.
func SettingCatalogue() []Setting {
	list := slices.Concat(siteSettings(), userSettings(), passwordSettings(), accountSettings(), memberSettings(), mailSettings(), apiSettings(), uploadSettings(), fieldSettings(), retentionSettings())
	for i := range list {
		list[i].Value = list[i].Default
	}
	return list
}

// Limits of the text of a setting, in bytes.
const (
	maxSetting  = 1000
	maxTextarea = 100_000
)

// Accept returns the text in the form in which it is kept: "1" or "0" for yes and no,
// lines without spaces at their ends. It fails with Invalid for what the setting does not
// take. Whether there is such a role is for the site to know.
func (s Setting) Accept(text string) (string, error) {
	if !utf8.ValidString(text) {
		return "", FieldErrorf(s.Key, "%s is not valid UTF-8; write it in that encoding.", s.Key)
	}
	if s.Kind == SettingTextarea {
		return s.acceptLines(text)
	}
	if !s.Secret { // spaces at the ends of a secret may belong to it
		text = strings.TrimSpace(text)
	}
	if len(text) > maxSetting {
		return "", FieldErrorf(s.Key, "%s has %d bytes; use at most %d.", s.Key, len(text), maxSetting)
	}
	if err := CheckName(s.Key, s.Key, text); err != nil {
		return "", err
	}
	switch s.Kind {
	case SettingCheckbox:
		return s.acceptSwitch(text)
	case SettingNumber:
		return s.acceptNumber(text)
	case SettingSelect:
		if slices.ContainsFunc(s.Choices, func(c Choice) bool { return c.Value == text }) {
			return text, nil
		}
		return "", FieldErrorf(s.Key, "%s cannot be %s; use one of %s.", s.Key, quote(text), strings.Join(choiceValues(s.Choices), ", "))
	case SettingRole:
		if text == "" && s.Default != "" {
			return "", FieldErrorf(s.Key, "%s is empty; name a role.", s.Key)
		}
		return text, nil
	case SettingEmail:
		if !isEmail(text) {
			return "", FieldErrorf(s.Key, "%s cannot be %s: that is no e-mail address.", s.Key, quote(text))
		}
	case SettingText, SettingTextarea:
	}
	return text, checkSetting(s.Key, text)
}

func (s Setting) acceptSwitch(text string) (string, error) {
	switch strings.ToLower(text) {
	case "1", "on", "yes", "true":
		return "1", nil
	case "0", "off", "no", "false", "":
		return "0", nil
	}
	return "", FieldErrorf(s.Key, "%s is on or off; %s is neither.", s.Key, quote(text))
}

func (s Setting) acceptNumber(text string) (string, error) {
	if text == "" && s.Default == "" {
		return "", nil
	}
	n, err := strconv.Atoi(text)
	switch {
	case err != nil:
		return "", FieldErrorf(s.Key, "%s is a whole number; %s is none.", s.Key, quote(text))
	case n < s.Min || s.Max > 0 && n > s.Max:
		return "", FieldErrorf(s.Key, "%s cannot be %d; use %s.", s.Key, n, s.span())
	}
	return strconv.Itoa(n), nil
}

func (s Setting) span() string {
	if s.Max > 0 {
		return "a number from " + strconv.Itoa(s.Min) + " to " + strconv.Itoa(s.Max)
	}
	return "a number from " + strconv.Itoa(s.Min) + " up"
}

func (s Setting) acceptLines(text string) (string, error) {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t")
		if err := CheckName(s.Key, s.Key, strings.ReplaceAll(lines[i], "\t", " ")); err != nil {
			return "", err
		}
	}
	text = strings.Trim(strings.Join(lines, "\n"), "\n")
	if len(text) > maxTextarea {
		return "", FieldErrorf(s.Key, "%s has %d bytes; use at most %d.", s.Key, len(text), maxTextarea)
	}
	return text, checkSetting(s.Key, text)
}

func choiceValues(list []Choice) []string {
	values := make([]string, len(list))
	for i, c := range list {
		values[i] = cmp.Or(c.Value, `""`)
	}
	return values
}

// Options are what the settings of a site say, by key, with the defaults filled in. Its
// methods panic for a key that is not in the catalogue.
type Options map[string]string

// DefaultOptions returns the options of a site that has changed none.
func DefaultOptions() Options {
	o := Options{}
	for _, s := range SettingCatalogue() {
		o[s.Key] = s.Default
	}
	return o
}

// Text returns the value.
func (o Options) Text(key string) string {
	text, ok := o[key]
	if !ok {
		panic("apiclient: no setting " + key)
	}
	return text
}

// On reports whether a checkbox is checked.
func (o Options) On(key string) bool { return o.Text(key) == "1" }

// Int returns a number; 0 for an empty one.
func (o Options) Int(key string) int {
	n, err := strconv.Atoi(o.Text(key))
	if err != nil {
		return 0
	}
	return n
}

// Lines returns the lines of a text, trimmed and without the empty ones.
func (o Options) Lines(key string) []string {
	var lines []string
	for line := range strings.Lines(o.Text(key)) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// Check refuses settings that contradict each other.
func (o Options) Check() error {
	if least, most := o.Int("password_min_chars"), o.Int("password_max_chars"); most > 0 && least > most {
		return FieldErrorf("password_min_chars", "Passwords cannot have at least %d and at most %d characters; change one of the two.", least, most)
	}
	return o.checkServer()
}
