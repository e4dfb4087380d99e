package apiclient

import (
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

func foldStatus(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '_', '-', ' ':
			return -1
		}
		return r
	}, strings.ToLower(strings.TrimSpace(s)))
}
