package column

import (
	"time"

	"umdeck/apiclient"
	"umdeck/theme"
)

// Statuses returns the columns of account statuses.
func Statuses() []Column[apiclient.AccountStatus] {
	type status = apiclient.AccountStatus
	return []Column[status]{
		text("slug", "STATUS", "value of user meta account_status", func(s status) string { return string(s.Slug) }).shown().wide(28, 0).
			marked(func(t *theme.Theme, s status) theme.Mark { return t.Status(string(s.Slug)) }),
		text("label", "LABEL", "the status in words", func(s status) string { return s.Label }).shown().wide(20, 1),
		count("users", "USERS", "how many users have it", -1, func(s status) int { return s.Users }).shown(),
	}
}

// Passwords returns the columns of application passwords.
func Passwords() []Column[apiclient.Password] {
	type password = apiclient.Password
	return []Column[password]{
		text("uuid", "UUID", "what revokes it", func(p password) string { return p.UUID }).shown().wide(36, 0),
		text("user", "USER", "login of whose it is", func(p password) string { return p.Login }).shown().wide(8, 1),
		text("name", "NAME", "name of the password", func(p password) string { return p.Name }).shown().wide(8, 2),
		when("created", "CREATED", "when it was made", func(p password) time.Time { return p.Created }).shown().after(2),
		when("last_used", "LAST USED", "when it was last used, to the hour", func(p password) time.Time { return p.LastUsed }).shown().after(1),
	}
}

// Audits returns the columns of the audit.
func Audits() []Column[apiclient.Audit] {
	type audit = apiclient.Audit
	return []Column[audit]{
		number("id", "ID", "number of the entry", func(a audit) int64 { return a.ID }).shown().wide(5, 0).after(5),
		when("at", "AT", "when it was changed", func(a audit) time.Time { return a.At }).shown().after(2),
		maybe("actor", "ACTOR", "login of who changed it", func(a audit) string { return a.Actor }).shown().wide(8, 1).after(1),
		text("origin", "ORIGIN", "what the change came from", func(a audit) string { return string(a.Origin) }).shown().fixed(7).after(3).oneOf(origins()...),
		text("action", "ACTION", "what was done", func(a audit) string { return a.Action }).shown().wide(14, 1),
		text("subject", "SUBJECT", "what it was done to", func(a audit) string { return a.Subject }).shown().wide(14, 2),
		maybe("before", "BEFORE", "the parts that changed, as they were", func(a audit) string { return a.Before }).wide(12, 2).after(6),
		maybe("after", "AFTER", "the parts that changed, as they are", func(a audit) string { return a.After }).shown().wide(12, 2).after(6),
		text("undo", "UNDO", "what taking it back does; empty: it cannot be taken back", func(a audit) string { return a.Undo }).wide(20, 2).after(7),
		text("no_undo", "NO UNDO", "why it cannot be taken back", func(a audit) string { return a.NoUndo }).wide(20, 2).after(7),
		count("undoes", "UNDOES", "number of the entry that it took back", 0, func(a audit) int { return int(a.Undoes) }).after(7),
		count("undone_by", "UNDONE BY", "number of the entry that took it back", 0, func(a audit) int { return int(a.UndoneBy) }).after(7),
	}
}
