package apiclient

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	maxRoleName     = 200  // bytes
	maxRoleCaps     = 1000 // capabilities of one role
	maxRolePriority = 1_000_000
)

var (
	// keyed are the titles that a key is made from.
	keyed      = regexp.MustCompile(`^[\p{Latin}\d\-_ ]+$`)
	unkeyable  = regexp.MustCompile(`[^a-z0-9 _-]+`)
	capability = regexp.MustCompile(`^[A-Za-z0-9_:./-]{1,100}$`)
)

// RoleKey returns Ultimate Member's key of a role with that title: the title in
// lower case with dashes for spaces and without accents, as WordPress makes slugs.
// It is empty for a title that has other letters than Latin ones, digits, spaces,
// - and _: the site counts those, custom_role_1 and on. The slug of the role is
// "um_" and the key.
func RoleKey(title string) string {
	if !keyed.MatchString(title) {
		return ""
	}
	key := unkeyable.ReplaceAllString(strings.ToLower(withoutAccents(title)), "")
	return strings.Trim(dashes.ReplaceAllString(key, "-"), "-")
}

// CustomRole returns the slug of the custom role with the key.
func CustomRole(key string) RoleSlug { return RoleSlug(customPrefix + key) }

// Normal returns r as it is stored: trimmed and filled in, with its lists sorted
// and each of their items once. It fails with Invalid for what no role can be;
// whether the roles exist that the settings name is for the site to know.
func (r Role) Normal() (Role, error) {
	r.Name = strings.TrimSpace(r.Name)
	switch {
	case r.Name == "":
		return r, FieldErrorf("name", "Title is empty!")
	case len(r.Name) > maxRoleName:
		return r, FieldErrorf("name", "The title of the role is %d bytes long; use at most %d.", len(r.Name), maxRoleName)
	case strings.ContainsAny(r.Name, "<>"):
		return r, FieldErrorf("name", "The title of the role has < or > in it; leave them away.")
	case r.Priority > maxRolePriority || r.Priority < -maxRolePriority:
		return r, FieldErrorf("priority", "The priority %d is out of range; use a number from %d to %d.", r.Priority, -maxRolePriority, maxRolePriority)
	}
	if err := CheckName("name", "The title of the role", r.Name); err != nil {
		return r, err
	}
	switch r.Registration = cmp.Or(r.Registration, RegistrationApproved); r.Registration {
	case RegistrationApproved, RegistrationCheckmail, RegistrationPending:
	default:
		return r, FieldErrorf("registration", "%s is no registration status; use approved, checkmail (e-mail activation) or pending (review by an administrator).", quote(r.Registration))
	}
	if len(r.Capabilities) > maxRoleCaps {
		return r, FieldErrorf("capabilities", "The role has %d capabilities; use at most %d.", len(r.Capabilities), maxRoleCaps)
	}
	r.Capabilities = sortedOnce(r.Capabilities)
	for _, c := range r.Capabilities {
		if !capability.MatchString(c) {
			return r, FieldErrorf("capabilities", "%s is no capability; use letters from a to z, digits and _ - : . /, at most 100.", quote(c))
		}
	}
	var err error
	r.Settings, err = r.Settings.normal()
	return r, err
}

// UnknownCapabilities returns the capabilities of the role that WordPress does not
// have: a plugin may, or they are misspelt.
func (r Role) UnknownCapabilities() []string {
	known := WordPressCapabilities()
	return slices.DeleteFunc(slices.Clone(r.Capabilities), func(c string) bool {
		_, ok := slices.BinarySearch(known, c)
		return ok
	})
}

// sortedOnce returns the items sorted, each once, and never nil.
func sortedOnce[T cmp.Ordered](list []T) []T {
	return append([]T{}, slices.Compact(slices.Sorted(slices.Values(list)))...)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// accented are letters with accents, and what WordPress's remove_accents makes of
// them: each text holds the plain letter and then those that become it.
var accented = []string{
	"A ÀÁÂÃÄÅĀĂĄ", "a àáâãäåāăąª", "C ÇĆĈĊČ", "c çćĉċč", "D ĎĐÐ", "d ďđð", "E ÈÉÊËĒĔĖĘĚ", "e èéêëēĕėęě", "G ĜĞĠĢ", "g ĝğġģ",
	"H ĤĦ", "h ĥħ", "I ÌÍÎÏĨĪĬĮİ", "i ìíîïĩīĭįı", "J Ĵ", "j ĵ", "K Ķ", "k ķĸ", "L ĹĻĽĿŁ", "l ĺļľŀł", "N ÑŃŅŇŊ", "n ñńņňŉŋ",
	"O ÒÓÔÕÖØŌŎŐƠ", "o òóôõöøōŏőơº", "R ŔŖŘ", "r ŕŗř", "S ŚŜŞŠȘ", "s ßśŝşšșſ", "T ŢŤŦȚ", "t ţťŧț", "U ÙÚÛÜŨŪŬŮŰŲƯ", "u ùúûüũūŭůűųư",
	"W Ŵ", "w ŵ", "Y ÝŶŸ", "y ýÿŷ", "Z ŹŻŽ", "z źżž", "AE Æ", "ae æ", "OE Œ", "oe œ", "TH Þ", "th þ", "IJ Ĳ", "ij ĳ",
}

// withoutAccents writes Latin letters plainly.
func withoutAccents(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		b.WriteString(plain(r))
	}
	return b.String()
}

func plain(r rune) string {
	for _, line := range accented {
		letter, group, _ := strings.Cut(line, " ")
		if strings.ContainsRune(group, r) {
			return letter
		}
	}
	return string(r)
}
