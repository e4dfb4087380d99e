package filter

import (
	"slices"
	"strings"

	"umdeck/apiclient"
)

// Kind says what a column holds, and so what its values may be.
type Kind int

// The kinds of column.
const (
	Text    Kind = iota
	List         // several texts, such as the roles of a user
	Choice       // one of Column.Values
	Status       // an account status
	Bool         // true or false
	Number       //
	Code         // an HTTP status; 5xx is a class of them
	Millis       // a duration in milliseconds; 2s and 1m30s work as well
	Time         // a moment
	Date         // a calendar date, as a date field stores it
	Account      // a user by number; a word is a login, which is compared in Column.Of
	Since        // an age or a moment that the time in Column.Of is not before
)

// ordered reports whether values can be before or after one another in a way that
// people ask for.
func (k Kind) ordered() bool {
	switch k {
	case Text, Number, Code, Millis, Time, Date, Account:
		return true
	default:
		return false
	}
}

// textual reports whether a part of a value or a * can be asked for.
func (k Kind) textual() bool {
	switch k {
	case Text, List, Choice, Status, Account:
		return true
	default:
		return false
	}
}

// A Column is something that a filter can name.
type Column struct {
	Name    string
	Kind    Kind
	Help    string   // a clause for the console's completion
	Aliases []string // other names that mean it
	Values  []string // of Choice: all of them; of another kind: what Complete offers
	Of      string   // of Account and Since: the column that conditions are made of
}

// find returns the column of that name, in any case.
func find(columns []Column, name string) (Column, bool) {
	for _, c := range columns {
		if strings.EqualFold(c.Name, name) || slices.ContainsFunc(c.Aliases, func(a string) bool { return strings.EqualFold(a, name) }) {
			return c, true
		}
	}
	return Column{}, false
}

// listed names the first columns, for an error.
func listed(columns []Column) string {
	const most = 12
	var names []string
	for _, c := range columns[:min(most, len(columns))] {
		names = append(names, c.Name)
	}
	if len(columns) > most {
		names = append(names, "…")
	}
	return strings.Join(names, ", ")
}

// Users returns the columns of [apiclient.UserQuery]. A filter of users may name
// any field key besides ([Options.AnyField], [Fields]).
func Users() []Column {
	return []Column{
		{Name: "id", Kind: Number, Help: "number of the user", Aliases: []string{"user_id"}},
		{Name: "login", Kind: Text, Help: "user name", Aliases: []string{"user_login", "username"}},
		{Name: "email", Kind: Text, Help: "e-mail address", Aliases: []string{"user_email"}},
		{Name: "display_name", Kind: Text, Help: "name as shown", Aliases: []string{"name"}},
		{Name: "role", Kind: List, Help: "slug of any of the user's roles", Aliases: []string{"roles"}},
		{Name: "status", Kind: Status, Help: "account status", Aliases: []string{"account_status"}},
		{Name: "registered", Kind: Time, Help: "when the account was made", Aliases: []string{"user_registered"}},
		{Name: "last_login", Kind: Time, Help: "when the user last logged in", Aliases: []string{"_um_last_login"}},
	}
}

// Fields returns a column for each field of a catalogue that users can be chosen
// by, those apart that are columns of [Users].
func Fields(catalogue []apiclient.Field) []Column {
	var list []Column
	users := Users()
	for _, f := range catalogue {
		if _, taken := find(users, f.Key); taken || f.Secret || f.Type == apiclient.FieldPassword {
			continue
		}
		c := Column{Name: f.Key, Help: f.Label}
		switch {
		case f.Type == apiclient.FieldNumber:
			c.Kind = Number
		case f.Type == apiclient.FieldDate:
			c.Kind = Date
		case f.Type.Many():
			c.Kind = List
		}
		for _, o := range f.Options() {
			c.Values = append(c.Values, o.Label)
		}
		list = append(list, c)
	}
	return list
}

// Events returns the columns of [apiclient.EventQuery].
func Events() []Column {
	return []Column{
		{Name: "id", Kind: Number, Help: "number of the event"},
		{Name: "trigger", Kind: Choice, Help: "what happened", Aliases: []string{"event"}, Values: triggers()},
		{Name: "user", Kind: Account, Of: "login", Help: "number or login of the user", Aliases: []string{"user_id"}},
		{Name: "login", Kind: Text, Help: "login of the user, as it was then"},
		{Name: "origin", Kind: Choice, Help: "what it came from", Values: origins()},
		{Name: "actor", Kind: Text, Help: "login of who caused it"},
		{Name: "at", Kind: Time, Help: "when it happened"},
		since(),
	}
}

// Deliveries returns the columns of [apiclient.DeliveryQuery].
func Deliveries() []Column {
	return []Column{
		{Name: "id", Kind: Number, Help: "number of the delivery"},
		{Name: "event", Kind: Choice, Help: "trigger that it tells of", Aliases: []string{"trigger"}, Values: triggers()},
		{Name: "zap", Kind: Number, Help: "number of the zap"},
		{Name: "subscription", Kind: Number, Help: "number of the subscription"},
		{Name: "user", Kind: Account, Of: "login", Help: "number or login of the user", Aliases: []string{"user_id"}},
		{Name: "login", Kind: Text, Help: "login of the user, as it was then"},
		{Name: "state", Kind: Choice, Help: "what becomes of it", Values: states()},
		{Name: "attempts", Kind: Number, Help: "how often it was tried"},
		{Name: "code", Kind: Code, Help: "HTTP status of the last answer", Values: []string{"2xx", "4xx", "5xx", "410"}},
		{Name: "ms", Kind: Millis, Help: "how long the last attempt took"},
		{Name: "at", Kind: Time, Help: "when it was made"},
		since(),
		{Name: "target", Kind: Text, Help: "host that it goes to, with or without its port"},
		{Name: "test", Kind: Bool, Help: "whether it is a test"},
		{Name: "replay", Kind: Number, Help: "number of the replay that made it"},
	}
}

// Audits returns the columns of [apiclient.AuditQuery].
func Audits() []Column {
	return []Column{
		{Name: "id", Kind: Number, Help: "number of the entry"},
		{Name: "at", Kind: Time, Help: "when it was changed"},
		since(),
		{Name: "actor", Kind: Text, Help: "login of who changed it"},
		{Name: "origin", Kind: Choice, Help: "what the change came from", Values: origins()},
		{Name: "action", Kind: Text, Help: "what was done, such as users.approve"},
		{Name: "subject", Kind: Text, Help: "what it was done to"},
	}
}

// Mails returns the columns of [apiclient.MailQuery].
func Mails() []Column {
	return []Column{
		{Name: "id", Kind: Number, Help: "number of the mail"},
		{Name: "slug", Kind: Choice, Help: "which of the e-mails", Aliases: []string{"mail", "template"}, Values: slugs()},
		{Name: "to", Kind: Text, Help: "address that it goes to", Aliases: []string{"email"}},
		{Name: "user", Kind: Account, Of: "login", Help: "number or login of the user", Aliases: []string{"user_id"}},
		{Name: "login", Kind: Text, Help: "login of the user, as it was then"},
		{Name: "state", Kind: Choice, Help: "what becomes of it", Values: mailStates()},
		{Name: "subject", Kind: Text, Help: "its subject"},
		{Name: "attempts", Kind: Number, Help: "how often it was tried"},
		{Name: "at", Kind: Time, Help: "when it was posted"},
		since(),
	}
}

// Replays returns the columns of [apiclient.ReplaysQuery].
func Replays() []Column {
	return []Column{
		{Name: "id", Kind: Number, Help: "number of the replay"},
		{Name: "state", Kind: Choice, Help: "how far it is", Values: []string{string(apiclient.ReplayRunning), string(apiclient.ReplayStopped), string(apiclient.ReplayDone)}},
		{Name: "by", Kind: Text, Help: "login of who started it"},
		{Name: "at", Kind: Time, Help: "when it was started"},
		since(),
		{Name: "ended", Kind: Time, Help: "when it was done or stopped"},
		{Name: "subscription", Kind: Number, Help: "number of the subscription that all goes to"},
		{Name: "key", Kind: Text, Help: "name by which it is started once"},
		{Name: "total", Kind: Number, Help: "deliveries that it is to make"},
		{Name: "made", Kind: Number, Help: "how many of them are made"},
		{Name: "done", Kind: Number, Help: "how many of those made were accepted"},
		{Name: "dead", Kind: Number, Help: "how many of those made were given up"},
		{Name: "gone", Kind: Number, Help: "how many of those made ended with their subscription or with the replay"},
		{Name: "skipped", Kind: Number, Help: "how many it met that cannot be sent again"},
	}
}

// since returns the column of what is no older than an age, for rows with a time at.
func since() Column {
	return Column{Name: "since", Kind: Since, Of: "at", Help: "no older than 15m, 1h or 2d, or than a time", Values: []string{"5m", "15m", "1h", "6h", "24h", "7d", "today", "yesterday"}}
}

func triggers() []string {
	var list []string
	for _, t := range apiclient.Triggers() {
		list = append(list, string(t))
	}
	return list
}

func origins() []string {
	var list []string
	for _, o := range []apiclient.Origin{apiclient.OriginForm, apiclient.OriginAdmin, apiclient.OriginAPI, apiclient.OriginCRM, apiclient.OriginCron, apiclient.OriginConsole} {
		list = append(list, string(o))
	}
	return list
}

func states() []string {
	var list []string
	for _, s := range []apiclient.DeliveryState{apiclient.DeliveryDue, apiclient.DeliveryClaimed, apiclient.DeliveryHeld, apiclient.DeliveryDone, apiclient.DeliveryDead, apiclient.DeliveryGone} {
		list = append(list, string(s))
	}
	return list
}

func slugs() []string {
	var list []string
	for _, m := range apiclient.MailSlugs() {
		list = append(list, string(m))
	}
	return list
}

func mailStates() []string {
	var list []string
	for _, s := range apiclient.MailStates() {
		list = append(list, string(s))
	}
	return list
}
