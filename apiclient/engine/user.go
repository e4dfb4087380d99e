package engine

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// Users returns one page of users.
func (e *Engine) Users(ctx context.Context, q apiclient.UserQuery) (apiclient.UserPage, error) {
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) (apiclient.UserPage, error) {
		if by := q.Sort.Column; by != "" && by != "user_nicename" && !slices.Contains(apiclient.UserColumns(), by) {
			c, err := e.catalogue(ctx, tx)
			if err != nil {
				return apiclient.UserPage{}, err
			}
			if f, ok := c.find(by); !ok || f.Secret {
				return apiclient.UserPage{}, apiclient.FieldErrorf("sort", "Users cannot be sorted by %q; use one of %s, or the key of a field.", by, strings.Join(apiclient.UserColumns(), ", "))
			}
		}
		return tx.Users(ctx, q)
	})
}

// CountUsers counts the users that f matches, all of them and per status.
func (e *Engine) CountUsers(ctx context.Context, f apiclient.Filter) (apiclient.UserCounts, error) {
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) (apiclient.UserCounts, error) { return tx.CountUsers(ctx, f) })
}

// User returns the user with that id.
func (e *Engine) User(ctx context.Context, id apiclient.UserID) (apiclient.User, error) {
	a, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (store.Account, error) { return tx.Account(ctx, id) })
	return a.User, err
}

// FindUser returns the user whose id, login or e-mail address ref is. What has an
// @ is looked for as an address first, and what has digits alone as a login first.
func (e *Engine) FindUser(ctx context.Context, ref string) (apiclient.User, error) {
	ref = strings.TrimSpace(ref)
	if ref == "" {
		return apiclient.User{}, apiclient.FieldErrorf("username", "No user is named; give an id such as #7, a login or an e-mail address.")
	}
	a, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (store.Account, error) { return find(ctx, tx, ref) })
	return a.User, err
}

func find(ctx context.Context, tx *store.Tx, ref string) (store.Account, error) {
	if digits, ok := strings.CutPrefix(ref, "#"); ok {
		if id, err := strconv.ParseInt(digits, 10, 64); err == nil {
			return tx.Account(ctx, apiclient.UserID(id))
		}
	}
	tries := []func(context.Context, string) (store.Account, error){tx.AccountByLogin}
	if strings.Contains(ref, "@") {
		tries = []func(context.Context, string) (store.Account, error){tx.AccountByEmail, tx.AccountByLogin}
	}
	for _, try := range tries {
		a, err := try(ctx, ref)
		if err == nil || apiclient.KindOf(err) != apiclient.NotFound {
			return a, err
		}
	}
	if id, err := strconv.ParseInt(ref, 10, 64); err == nil && strings.Trim(ref, "0123456789") == "" {
		return tx.Account(ctx, apiclient.UserID(id))
	}
	return store.Account{}, apiclient.Errorf(apiclient.NotFound, "There is no user %q on this site; give an id such as #7, a login or an e-mail address.", ref)
}
