package filter

import (
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"umdeck/apiclient"
)

// UserRow returns the row of a user. Its free text is the login, the e-mail
// address, the display name and the first and last name with a space between; a name
// that is no column is a field key.
func UserRow(u apiclient.User) Row {
	return func(field string) ([]string, bool) {
		switch field {
		case "":
			return []string{u.Login, u.Email, u.DisplayName, strings.TrimSpace(u.Fields["first_name"].Text + " " + u.Fields["last_name"].Text)}, true
		case "id":
			return one(digits(u.ID))
		case "login", "user_login", "username":
			return one(u.Login)
		case "email", "user_email":
			return one(u.Email)
		case "display_name":
			return one(u.DisplayName)
		case "role", "roles":
			return u.Value("roles").List, true
		case "status", "account_status":
			return one(u.Value("account_status").Text)
		case "registered", "user_registered":
			return one(moment(u.Registered))
		case "last_login", "_um_last_login":
			return one(moment(u.LastLogin))
		}
		v := u.Value(field)
		if v.List != nil {
			return v.List, true
		}
		return one(v.Text)
	}
}

// EventRow returns the row of an event. Its free text is the trigger, the login,
// the actor and the origin.
func EventRow(e apiclient.Event) Row {
	return func(field string) ([]string, bool) {
		switch field {
		case "":
			return []string{string(e.Trigger), e.Login, e.Actor, string(e.Origin)}, true
		case "id":
			return one(digits(e.ID))
		case "trigger":
			return one(string(e.Trigger))
		case "user":
			return one(digits(e.User))
		case "login":
			return one(e.Login)
		case "origin":
			return one(string(e.Origin))
		case "actor":
			return one(e.Actor)
		case "at":
			return one(moment(e.At))
		}
		return nil, false
	}
}

// DeliveryRow returns the row of a delivery. Its free text is the event, the
// login, the name of the zap, the webhook-id and the error.
func DeliveryRow(d apiclient.Delivery) Row {
	return func(field string) ([]string, bool) {
		switch field {
		case "":
			return []string{string(d.Event), d.Login, d.ZapName, d.WebhookID, d.Error}, true
		case "id":
			return one(digits(d.ID))
		case "event":
			return one(string(d.Event))
		case "zap":
			return one(digits(d.Zap))
		case "subscription":
			return one(digits(d.Subscription))
		case "user":
			return one(digits(d.User))
		case "login":
			return one(d.Login)
		case "state":
			return one(string(d.State))
		case "attempts":
			return one(strconv.Itoa(d.Attempts))
		case "code":
			return one(digits(d.Code))
		case "ms":
			return one(strconv.FormatInt(d.Duration.Milliseconds(), 10))
		case "at":
			return one(moment(d.At))
		case "test":
			return one(strconv.FormatBool(d.Test))
		case "replay":
			return one(digits(d.Replay))
		case "target":
			return Hosts(d.URL), true
		}
		return nil, false
	}
}

// Hosts returns what the column target of a delivery to the URL holds: the host in lower
// case, and the same with the port where the URL names one. Nothing else of a URL is ever
// compared, because the rest is a secret.
func Hosts(raw string) []string {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" {
		return nil
	}
	name := fold(u.Hostname())
	if u.Port() == "" {
		return []string{name}
	}
	return []string{name, net.JoinHostPort(name, u.Port())}
}

// AuditRow returns the row of an audit entry. Its free text is the actor, the
// action and the subject.
func AuditRow(a apiclient.Audit) Row {
	return func(field string) ([]string, bool) {
		switch field {
		case "":
			return []string{a.Actor, a.Action, a.Subject}, true
		case "id":
			return one(digits(a.ID))
		case "at":
			return one(moment(a.At))
		case "actor":
			return one(a.Actor)
		case "origin":
			return one(string(a.Origin))
		case "action":
			return one(a.Action)
		case "subject":
			return one(a.Subject)
		}
		return nil, false
	}
}

// MailRow returns the row of a mail. Its free text is the slug, the address, the
// login, the subject, and why it was not sent.
func MailRow(m apiclient.Mail) Row {
	return func(field string) ([]string, bool) {
		switch field {
		case "":
			return []string{string(m.Slug), m.To, m.Login, m.Subject, m.Why, m.Error}, true
		case "id":
			return one(digits(m.ID))
		case "slug":
			return one(string(m.Slug))
		case "to":
			return one(m.To)
		case "user":
			return one(digits(m.User))
		case "login":
			return one(m.Login)
		case "state":
			return one(string(m.State))
		case "subject":
			return one(m.Subject)
		case "attempts":
			return one(strconv.Itoa(m.Attempts))
		case "at":
			return one(moment(m.At))
		}
		return nil, false
	}
}

// ReplayRow returns the row of a replay. Its free text is who started it and its key.
func ReplayRow(r apiclient.Replay) Row {
	numbers := map[string]int{"total": r.Total, "made": r.Made, "done": r.Done, "dead": r.Dead, "gone": r.Gone, "skipped": r.Skipped}
	return func(field string) ([]string, bool) {
		switch field {
		case "":
			return []string{r.By, r.Key}, true
		case "id":
			return one(digits(r.ID))
		case "state":
			return one(string(r.State))
		case "by":
			return one(r.By)
		case "at":
			return one(moment(r.At))
		case "ended":
			return one(moment(r.Ended))
		case "subscription":
			return one(digits(r.Subscription))
		case "key":
			return one(r.Key)
		}
		n, ok := numbers[field]
		if !ok {
			return nil, false
		}
		return one(strconv.Itoa(n))
	}
}

func one(s string) ([]string, bool) { return []string{s}, true }

// digits returns a number; 0, which stands for none, is nothing.
func digits[N ~int | ~int64](n N) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(int64(n), 10)
}

// moment returns a time to the millisecond; the zero time is nothing.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}
