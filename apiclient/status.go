package apiclient

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Status is the state of an account: the value of user meta account_status. A
// site may have more than the five that Ultimate Member defines; an unknown one
// is shown as it is.
type Status string

// The statuses of Ultimate Member.
const (
	StatusUndefined      Status = ""                            // none is written; treated as approved at login
	StatusApproved       Status = "approved"                    //
	StatusAwaitingEmail  Status = "awaiting_email_confirmation" // until the link of the activation mail is opened
	StatusAwaitingReview Status = "awaiting_admin_review"       // until an administrator decides
	StatusInactive       Status = "inactive"                    // deactivated
	StatusRejected       Status = "rejected"                    //
	StatusUnknown        Status = "?"                           // the site does not say; never sent to one
)

// DefaultStatuses returns Ultimate Member's five statuses with the labels of the
// Zapier extension's API document, in its order.
func DefaultStatuses() []AccountStatus {
	return []AccountStatus{
		{StatusApproved, "Approved", -1},
		{StatusAwaitingEmail, "Awaiting Email Confirmation", -1},
		{StatusAwaitingReview, "Awaiting Admin Review", -1},
		{StatusInactive, "Inactive", -1},
		{StatusRejected, "Rejected", -1},
	}
}

// Label returns the status in words; a slug that Ultimate Member does not define
// is its own label.
func (s Status) Label() string {
	switch s {
	case StatusUndefined:
		return "Undefined"
	case StatusUnknown:
		return "Not known"
	default:
	}
	for _, d := range DefaultStatuses() {
		if d.Slug == s {
			return d.Label
		}
	}
	return string(s)
}

// coreLabels are Ultimate Member's own labels where they differ from the API document's.
var coreLabels = map[string]Status{
	"pendingadministratorreview": StatusAwaitingReview,
	"pendingreview":              StatusAwaitingReview,
	"waitingemailconfirmation":   StatusAwaitingEmail,
	"membershipinactive":         StatusInactive,
	"membershiprejected":         StatusRejected,
}

// ParseStatus reads a status as people and documents spell it: the slug, the slug
// without its separators (the API document has "awaitingemailconfirmation") or a
// label, in any case. Statuses beyond Ultimate Member's own are given as known.
// It fails with Invalid for anything else.
func ParseStatus(text string, known ...AccountStatus) (Status, error) {
	folded := foldStatus(text)
	for _, d := range append(DefaultStatuses(), known...) {
		if folded != "" && (folded == foldStatus(string(d.Slug)) || folded == foldStatus(d.Label)) {
			return d.Slug, nil
		}
	}
	if s, ok := coreLabels[folded]; ok {
		return s, nil
	}
	var slugs []string
	for _, d := range append(DefaultStatuses(), known...) {
		if !slices.Contains(slugs, string(d.Slug)) {
			slugs = append(slugs, string(d.Slug))
		}
	}
	return "", FieldErrorf("um_account_status", "%q is no account status; use one of %s.", text, strings.Join(slugs, ", "))
}

// OwnStatuses returns the statuses beyond Ultimate Member's own that the setting
// umdeck_statuses defines.
func (o Options) OwnStatuses() []AccountStatus {
	list, err := parseStatuses(o.Text("umdeck_statuses"))
	if err != nil {
		return nil // what does not parse is not stored
	}
	return list
}

// statusSlug is what a status of a site may be called: it stands in addresses, filters and
// commands.
var statusSlug = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,59}$`)

// parseStatuses reads lines of slug|Label; a slug alone is its own label.
func parseStatuses(text string) ([]AccountStatus, error) {
	const key = "umdeck_statuses"
	var list []AccountStatus
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		slug, label, _ := strings.Cut(line, "|")
		slug, label = strings.TrimSpace(slug), strings.TrimSpace(label)
		if !statusSlug.MatchString(slug) {
			return nil, FieldErrorf(key, "%s is no slug of a status; use lower-case letters, digits, _ and -, such as on_hold|On hold.", quote(slug))
		}
		if known, err := ParseStatus(slug, list...); err == nil {
			return nil, FieldErrorf(key, "The status %s is there already, as %s; leave the line away.", slug, known)
		}
		list = append(list, AccountStatus{Slug: Status(slug), Label: cmp.Or(label, slug), Users: -1})
	}
	return list, nil
}

func foldStatus(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '_', '-', ' ':
			return -1
		}
		return r
	}, strings.ToLower(strings.TrimSpace(s)))
}
