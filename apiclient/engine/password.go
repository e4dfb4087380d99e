package engine

import (
	"context"
	"crypto/sha256"
	"strings"
	"unicode/utf8"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/password"
	"umdeck/apiclient/engine/store"
)

const (
	hashLength     = 40 // characters of an activation hash, as Ultimate Member has it
	passwordLength = 24 // characters of an application password, as WordPress has it
)

// hash returns the argon2id hash of a member's password; empty for none. As many at
// once as there are processors: each takes memory.
func (e *Engine) hash(s apiclient.Secret) (string, error) {
	if s.IsZero() {
		return "", nil
	}
	if err := checkPassword(s); err != nil {
		return "", err
	}
	e.hashing <- struct{}{}
	defer func() { <-e.hashing }()
	text, err := password.Hash(s.Reveal())
	if err != nil {
		return "", &apiclient.Error{Kind: apiclient.Internal, Err: err}
	}
	return text, nil
}

// Passwords returns the application passwords of a user, or of everyone for 0, oldest first.
func (e *Engine) Passwords(ctx context.Context, user apiclient.UserID) ([]apiclient.Password, error) {
	hashed, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) ([]store.Hashed, error) {
		if user != 0 {
			if _, err := tx.Account(ctx, user); err != nil {
				return nil, err
			}
		}
		return tx.Passwords(ctx, user)
	})
	list := make([]apiclient.Password, len(hashed))
	for i, h := range hashed {
		list[i] = h.Password
	}
	return list, err
}

// CreatePassword makes an application password and returns its text.
func (e *Engine) CreatePassword(ctx context.Context, user apiclient.UserID, name string) (apiclient.Password, apiclient.Secret, error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return apiclient.Password{}, apiclient.Secret{}, apiclient.FieldErrorf("name", "The application password has no name; give one that tells what uses it.")
	case len(name) > 255 || !utf8.ValidString(name):
		return apiclient.Password{}, apiclient.Secret{}, apiclient.FieldErrorf("name", "The name of the application password is %d bytes long; use at most 255 of UTF-8.", len(name))
	}
	if err := apiclient.CheckName("name", "The name of the application password", name); err != nil {
		return apiclient.Password{}, apiclient.Secret{}, err
	}
	text := e.letters(passwordLength)
	sum := sha256.Sum256([]byte(text))
	p := store.Hashed{Password: apiclient.Password{UUID: e.uuid(), User: user, Name: name, Created: e.now()}, SHA256: sum[:]}
	err := e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		a, err := tx.Account(ctx, user)
		if err != nil {
			return err
		}
		p.Login = a.Login
		used, err := tx.PasswordNamed(ctx, user, name)
		if err != nil {
			return err
		}
		if used {
			return taken("name", "%s has an application password %q already; revoke it, or choose another name.", a.Login, name)
		}
		if p.Created, err = tx.InsertPassword(ctx, p); err != nil {
			return err
		}
		return e.audit(ctx, tx, "passwords.create", subjectUser(a.User), nil, parts{"name": name, "uuid": p.UUID})
	})
	if err != nil {
		return apiclient.Password{}, apiclient.Secret{}, err
	}
	return p.Password, apiclient.NewSecret(grouped(text)), nil
}

// grouped writes a password in groups of four, as WordPress shows it.
func grouped(text string) string {
	var groups []string
	for len(text) > 4 {
		groups, text = append(groups, text[:4]), text[4:]
	}
	return strings.Join(append(groups, text), " ")
}

// RevokePassword ends an application password.
func (e *Engine) RevokePassword(ctx context.Context, uuid string) error {
	return e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		p, err := tx.Password(ctx, uuid)
		if err != nil {
			return err
		}
		if err := tx.DeletePassword(ctx, uuid); err != nil {
			return err
		}
		return e.audit(ctx, tx, "passwords.revoke", subjectUser(apiclient.User{ID: p.User, Login: p.Login}), parts{"name": p.Name, "uuid": p.UUID}, nil)
	})
}
