package engine

import (
	"context"
	"net/url"
	"sync"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/password"
	"umdeck/apiclient/engine/store"
)

// What members do on the pages, see [apiclient.Members], is in the files member_….go.
// Each call finds out in its transaction who visits, and acts as them: the visitor
// that a page names is a token and no more.
//
// Passwords are hashed and verified outside of transactions, since that takes long on
// purpose and there is one writer.

var _ apiclient.Members = (*Engine)(nil)

// pages is what the engine keeps for the pages.
type pages struct {
	stampKey []byte                 // signs the stamps of forms
	nobodys  func() (string, error) // the hash of a password that nobody has
}

func newPages() pages {
	return pages{nobodys: sync.OnceValues(func() (string, error) { return password.Hash("the password of nobody") })}
}

// verify reports whether text is the password of hash, and whether it should be
// hashed anew. An empty hash takes as long as any other and is never right.
func (e *Engine) verify(ctx context.Context, hash string, text apiclient.Secret) (ok, upgrade bool, err error) {
	select {
	case e.hashing <- struct{}{}:
	case <-ctx.Done():
		return false, false, &apiclient.Error{Kind: apiclient.Unavailable, Message: "The call ended before the password was looked at; try again.", Err: ctx.Err()}
	}
	defer func() { <-e.hashing }()
	nobodys, err := e.pages.nobodys()
	if err != nil {
		return false, false, &apiclient.Error{Kind: apiclient.Internal, Err: err}
	}
	if hash == "" {
		password.Verify(nobodys, text.Reveal())
		return false, false, nil
	}
	ok, upgrade = password.Verify(hash, text.Reveal())
	return ok, upgrade, nil
}

// asMember returns the context in which the member acts on the site's forms.
func asMember(ctx context.Context, u apiclient.User) context.Context {
	return apiclient.WithActor(ctx, apiclient.Actor{ID: u.ID, Login: u.Login, Origin: apiclient.OriginForm})
}

// asGuest returns the context of somebody who is not logged in.
func asGuest(ctx context.Context) context.Context {
	return apiclient.WithActor(ctx, apiclient.Actor{Origin: apiclient.OriginForm})
}

// refuse sends the visitor to a page that says code as its parameter err.
func refuse(kind apiclient.Kind, path, code string) error {
	return &apiclient.Refusal{Kind: kind, Code: code, Redirect: path + "?err=" + url.QueryEscape(code)}
}

// loginFirst sends a guest to the login page, with the way back.
func loginFirst(back string) error {
	return &apiclient.Refusal{Kind: apiclient.Unauthorized, Redirect: apiclient.PathLogin + "?redirect_to=" + url.QueryEscape(back)}
}

// barred reports whether an account of that status may not log in. What is none of
// Ultimate Member's statuses bars nobody.
func barred(s apiclient.Status) bool {
	switch s {
	case apiclient.StatusInactive, apiclient.StatusAwaitingReview, apiclient.StatusAwaitingEmail, apiclient.StatusRejected:
		return true
	default:
		return false
	}
}

// home is the path of a member's profile.
func (e *Engine) home(ctx context.Context, tx *store.Tx, u apiclient.User) (string, error) {
	slug, err := e.slug(ctx, tx, u)
	return apiclient.PathProfile + "/" + url.PathEscape(slug), err
}

// settingsOf returns the settings of the user's effective role.
func (e *Engine) settingsOf(ctx context.Context, tx *store.Tx, u apiclient.User) (apiclient.RoleSettings, error) {
	roles, err := e.roleSet(ctx, tx)
	if err != nil {
		return apiclient.RoleSettings{}, err
	}
	return roles.by[u.Role()].Settings, nil
}
