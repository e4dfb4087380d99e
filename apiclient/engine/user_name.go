package engine

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// names gives a new account what identifies it, where nobody has said so: the e-mail
// address on the ways on which Ultimate Member makes one up, and the login.
func (e *Engine) names(ctx context.Context, tx *store.Tx, o apiclient.Options, a *store.Account) (err error) {
	origin := apiclient.ActorOf(ctx).Origin
	given := a.Email != ""
	if !given {
		if origin != apiclient.OriginForm && origin != apiclient.OriginAPI {
			return apiclient.FieldErrorf("user_email", "The email address is empty; give one.")
		}
		if a.Email, err = e.nobody(ctx, tx); err != nil {
			return err
		}
	}
	switch {
	case a.Login != "":
	case origin == apiclient.OriginForm:
		email := a.Email
		if !given {
			email = ""
		}
		a.Login, err = e.freeLogin(ctx, tx, o, a.Fields["first_name"].String(), a.Fields["last_name"].String(), email)
	default:
		a.Login = a.Email
	}
	if err != nil {
		return err
	}
	return o.CheckNewLogin(a.Login)
}

// freeLogin returns a login for who registers without one: made of both names, with a
// number behind it where it is taken; else the e-mail address; else "user" and a unique
// part (Ultimate Member 2.13, includes/core/um-actions-register.php). An address that is
// longer than a login is of no use either: there, WordPress itself refuses to make the
// account.
func (e *Engine) freeLogin(ctx context.Context, tx *store.Tx, o apiclient.Options, first, last, email string) (string, error) {
	if login := o.LoginFrom(first, last); login != "" {
		return firstFree(ctx, tx, o, login)
	}
	if email != "" && o.CheckNewLogin(email) == nil {
		return email, nil
	}
	return e.unique(ctx, "user%s", func(ctx context.Context, text string) error {
		_, err := tx.AccountByLogin(ctx, text)
		return err
	})
}

// maxLogin is how many characters a login has.
const maxLogin = 60

// firstFree returns the login, or the first of login1, login2, ... that nobody has and
// anybody may have.
func firstFree(ctx context.Context, tx *store.Tx, o apiclient.Options, login string) (string, error) {
	for n := 0; ; n++ {
		suffix := ""
		if n > 0 {
			suffix = strconv.Itoa(n)
		}
		text := strings.TrimSpace(login[:min(len(login), maxLogin-len(suffix))]) + suffix // ASCII
		if o.BlockedWord(text) {
			continue
		}
		_, err := tx.AccountByLogin(ctx, text)
		if err != nil {
			return text, unlessAbsent(err)
		}
	}
}

// nobody returns an e-mail address that belongs to nobody.
func (e *Engine) nobody(ctx context.Context, tx *store.Tx) (string, error) {
	return e.unique(ctx, "nobody%s@"+e.host(), func(ctx context.Context, text string) error {
		_, err := tx.AccountByEmail(ctx, text)
		return err
	})
}

// unique returns a text with a unique part that find does not find. Like PHP's uniqid,
// that is the time in microseconds; where it is taken, the next ones are tried.
func (e *Engine) unique(ctx context.Context, format string, find func(context.Context, string) error) (string, error) {
	for micros := e.cfg.Now().UnixMicro(); ; micros++ {
		text := fmt.Sprintf(format, fmt.Sprintf("%08x%05x", micros/1_000_000, micros%1_000_000))
		if err := find(ctx, text); err != nil {
			return text, unlessAbsent(err)
		}
	}
}

// host is the host of the site, made so that an address at it is an e-mail address.
func (e *Engine) host() string {
	host := "localhost"
	if u, err := url.Parse(e.cfg.URL); err == nil && u.Hostname() != "" && !strings.Contains(u.Hostname(), ":") && utf8.ValidString(u.Hostname()) {
		host = u.Hostname()
	}
	if !strings.Contains(host, ".") {
		host += ".localdomain"
	}
	return host
}
