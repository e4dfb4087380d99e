package engine

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"net/url"
	"strconv"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

const (
	resetLife = 24 * time.Hour // of the link for a new password, as WordPress has it
	keyLength = 20             // characters of its key, as WordPress has it
)

// activationLink is the address in the activation mail; empty where none is out.
func (e *Engine) activationLink(a store.Account) string {
	if a.ActivationHash == "" {
		return ""
	}
	q := url.Values{"act": {"activate_via_email"}, "hash": {a.ActivationHash}, "user_id": {strconv.FormatInt(int64(a.ID), 10)}}
	return e.siteURL() + "/?" + q.Encode()
}

// linksKey is where a context keeps the links for new passwords that were made in it.
type linksKey struct{}

// withLinks returns a context in which a member has one link for a new password,
// however often it is asked for: a mail and the page that follows lead to the same.
func withLinks(ctx context.Context) context.Context {
	return context.WithValue(ctx, linksKey{}, map[apiclient.UserID]string{})
}

// resetLink makes a key for a new password and returns the address that has it.
// Earlier ones of the account end.
func (e *Engine) resetLink(ctx context.Context, tx *store.Tx, a store.Account) (string, error) {
	made, _ := ctx.Value(linksKey{}).(map[apiclient.UserID]string)
	if link, ok := made[a.ID]; ok {
		return link, nil
	}
	key := e.letters(keyLength)
	sum := sha256.Sum256([]byte(key))
	if err := tx.SetResetKey(ctx, a.ID, sum[:], tx.Now()); err != nil {
		return "", err
	}
	q := url.Values{"act": {"reset_password"}, "hash": {key}, "login": {a.Login}}
	link := e.siteURL() + apiclient.PathReset + "?" + q.Encode()
	if made != nil {
		made[a.ID] = link
	}
	return link, nil
}

// keyed returns the account for whose login the key of a link is good. Otherwise it
// is a Refusal with expiredkey, or with invalidkey, whether there is the user or not.
func keyed(ctx context.Context, tx *store.Tx, login string, key apiclient.Secret) (store.Account, error) {
	invalid := &apiclient.Refusal{Kind: apiclient.Forbidden, Code: "invalidkey", Redirect: apiclient.PathReset + "?updated=invalidkey"}
	a, err := tx.AccountByLogin(ctx, login)
	if absent(err) {
		return a, invalid
	}
	if err != nil {
		return a, err
	}
	stored, made, err := tx.ResetKey(ctx, a.ID)
	if err != nil {
		return a, err
	}
	sum := sha256.Sum256([]byte(key.Reveal()))
	if subtle.ConstantTimeCompare(stored, sum[:]) != 1 {
		return a, invalid
	}
	if !tx.Now().Before(made.Add(resetLife)) {
		return a, &apiclient.Refusal{Kind: apiclient.Forbidden, Code: "expiredkey", Redirect: apiclient.PathReset + "?updated=expiredkey"}
	}
	return a, nil
}
