package apiclient

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An Intake is a form that was sent, with what it takes to judge it. Its checks and
// messages are those of Ultimate Member 2.13 (includes/core/um-actions-form.php).
type Intake struct {
	Mode        FormMode
	Sent        Submission
	Viewer      Viewer           // who sent it
	Owner       UserID           // whose account it is about; 0 in a registration
	Stored      map[string]Value // what the account has; nil in a registration
	SpecialChar bool             // a strong password needs a special character: require_strongpass_special_char
	Now         time.Time        // what the years of a date field count from
}

// FieldsOf returns the fields of a form as the form has them.
func FieldsOf(list []FormField) []Field {
	fields := make([]Field, len(list))
	for i, f := range list {
		fields[i] = f.Field
	}
	return fields
}

// Read returns what the form stores, by field key, and what is wrong with it: at most
// one problem for an input, in the order of the fields. Nothing is to be stored when
// there is a problem.
//
// A field is not looked at when the viewer may not see or change it, when it is shown
// on profiles alone, when the site keeps it itself, and when its conditions hide it. Of
// choices that are not offered, and of stars that there are not, nothing is stored and
// nothing said. What a registration was not sent is not among the answers; what a
// profile was not sent clears choices, because a browser does not send an empty box.
//
// Not among the answers are passwords and files, which are not stored as they are sent.
// Whether a login, an address or a value is taken is for [CheckUnique].
func (in Intake) Read(fields []Field) (map[string]Value, Problems) {
	var problems Problems
	answers := map[string]Value{}
	c := conditions{byKey(fields), in.values(fields)}
	for _, f := range fields {
		if !in.asks(f) {
			continue
		}
		gone, ok := c.hide(f)
		if gone && ok {
			continue
		}
		if !ok {
			problems = append(problems, Problem{f.Key, f.name() + " - wrong conditions."})
			continue
		}
		if p := in.check(f); len(p) > 0 {
			problems = append(problems, p...)
			continue
		}
		if v, ok := in.take(f); ok {
			answers[f.Key] = v
		}
	}
	return answers, problems
}

// Check returns what is wrong with the answer to f alone, whether or not it is asked.
func (f Field) Check(in Intake) Problems { return in.check(f) }

// Asked returns the fields that the viewer is asked, whatever is answered.
func (in Intake) Asked(fields []Field) []Field {
	return slices.DeleteFunc(slices.Clone(fields), func(f Field) bool { return !in.asks(f) })
}

// asks reports whether the viewer is asked f, its conditions apart.
func (in Intake) asks(f Field) bool {
	switch {
	case f.Key == "role_select" || f.Key == "role_radio": // read-only to the API, which has a parameter for it
		return in.Mode == FormRegister
	case !f.CoreType().Holds() || f.ReadOnly:
		return false
	case in.Mode == FormProfile:
		return !slices.Contains(restricted, f.Key) && f.Shown(true) && f.VisibleTo(in.Viewer, in.Owner) && f.EditableBy(in.Viewer, in.Owner)
	}
	return true
}

// values returns what was sent, for conditions.
func (in Intake) values(fields []Field) map[string]Value {
	m := make(map[string]Value, len(in.Sent.Values)+len(in.Sent.Files))
	known := byKey(fields)
	for key, list := range in.Sent.Values {
		if known[key].CoreType().lists() {
			m[key] = List(list...)
			continue
		}
		m[key] = Text(in.Sent.First(key))
	}
	for key := range in.Sent.Files {
		m[key] = Text(in.Sent.Files[key].Name)
	}
	return m
}

// lists reports whether a form sends a list for the type.
func (t CoreType) lists() bool {
	return t == CoreMultiselect || t == CoreCheckbox || t == CoreRadio
}

// sent returns the answer to f, and whether there was one in the form at all. Nothing
// but empty texts is no list.
func (in Intake) sent(f Field) (Value, bool) {
	list, there := in.Sent.Values[f.Key]
	if f.CoreType().lists() {
		list = slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == "" })
		return List(list...), len(list) > 0
	}
	s := strings.ReplaceAll(strings.ReplaceAll(in.Sent.First(f.Key), "\r\n", "\n"), "\r", "\n")
	if f.CoreType() != CoreTextarea {
		s = strings.TrimSpace(s)
	}
	return Text(s), there
}

// name is what messages call a field: its title, or its label.
func (f Field) name() string {
	for _, s := range []string{f.Title, f.Label} {
		if strings.TrimSpace(s) != "" {
			return s
		}
	}
	return f.Key
}

// take returns what the form stores for f; false: what is stored stays.
func (in Intake) take(f Field) (Value, bool) {
	core := f.CoreType()
	if core == CorePassword || core == CoreImage || core == CoreFile || f.Secret {
		return Value{}, false
	}
	v, there := in.sent(f)
	if !there {
		return f.cleared(), in.Mode == FormProfile && (core.lists() || core == CoreSelect)
	}
	if core == CoreRating && !f.isStars(v.Text) {
		return Value{}, v.Empty()
	}
	if core.lists() || core == CoreSelect && f.Type != FieldCountry {
		if f.Parent != "" {
			f.Choices, f.OptionsSource = f.OptionsUnder(in.Sent.First(f.Parent)), ""
		}
		return f.takeChoices(v)
	}
	if f.Type == FieldURL && !v.Empty() {
		s, ok := f.formURL(v.Text)
		return Text(s), ok
	}
	stored, err := f.bare().Accept(v)
	return stored, err == nil // a country that is not offered: the stored one stays
}

// takeChoices keeps the answers that the field offers.
func (f Field) takeChoices(v Value) (Value, bool) {
	if v.Empty() {
		return f.cleared(), true
	}
	list := v.List
	if list == nil {
		list = []string{v.Text}
	}
	out := []string{}
	for _, s := range list {
		if one, ok := f.stored(strings.TrimSpace(s)); ok && !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	if f.Type != FieldSelect {
		return List(out...), true
	}
	if len(out) == 0 {
		return Value{}, false // a select keeps what it had
	}
	return Text(out[0]), true
}

// isStars reports whether s is a rating that the field offers.
func (f Field) isStars(s string) bool {
	most := f.Stars
	if most == 0 {
		most = 5
	}
	n, err := strconv.Atoi(strings.TrimSpace(s))
	return err == nil && n >= 1 && n <= most
}

// Sort puts problems into the order of the fields.
func (p Problems) Sort(fields []Field) {
	place := make(map[string]int, len(fields))
	for i, f := range fields {
		place[f.Key], place[FieldConfirm+f.Key] = i, i
	}
	slices.SortStableFunc(p, func(a, b Problem) int { return place[a.Field] - place[b.Field] })
}

// Keys returns the keys of what was sent, sorted.
func (s Submission) Keys() []string { return slices.Sorted(maps.Keys(s.Values)) }
