package engine

import (
	"context"
	"maps"
	"slices"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// column accepts a value for a column of the account by the rules of its field.
// A column that must not be empty says so.
func (e *Engine) column(key, text string, required bool) (string, error) {
	v, err := e.known[key].Accept(apiclient.Text(text))
	if err != nil {
		return "", err
	}
	if required && v.Empty() {
		return "", apiclient.FieldErrorf(key, "The %s is empty; give one.", strings.ToLower(e.known[key].Label))
	}
	return v.Text, nil
}

// acceptStatus returns the slug of one of the site's statuses, however it is spelled; see
// [apiclient.ParseStatus].
func acceptStatus(o apiclient.Options, s apiclient.Status) (apiclient.Status, error) {
	return apiclient.ParseStatus(string(s), o.OwnStatuses()...)
}

// checkPassword refuses what Ultimate Member refuses for everybody. How strong a
// password must be is for the forms that members see.
func checkPassword(s apiclient.Secret) error {
	switch text := s.Reveal(); {
	case strings.Contains(text, `\`):
		return apiclient.FieldErrorf("user_password", "The password has a backslash in it, which WordPress does not take; leave it away.")
	case len(text) > 4096:
		return apiclient.FieldErrorf("user_password", "The password has more than 4096 bytes; use a shorter one.")
	}
	return nil
}

// answers turns values as people write them into what is stored: the fields of
// was, changed by values. An empty value clears its field.
func (e *Engine) answers(ctx context.Context, tx *store.Tx, was, values map[string]apiclient.Value) (map[string]apiclient.Value, error) {
	is := make(map[string]apiclient.Value, len(was)+len(values))
	maps.Copy(is, was)
	if len(values) == 0 {
		return is, nil
	}
	c, err := e.catalogue(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		f, err := writable(c, key)
		if err != nil {
			return nil, err
		}
		v, err := f.Accept(values[key])
		if err != nil {
			return nil, err
		}
		if v.Empty() {
			delete(is, key)
			continue
		}
		is[key] = v
	}
	return is, nil
}

// writable returns the field that a value may be stored under.
func writable(c *catalogue, key string) (apiclient.Field, error) {
	if slices.Contains(apiclient.AccountKeys(), key) {
		return apiclient.Field{}, apiclient.FieldErrorf(key, "%s is part of the account itself and no field; change it as such.", key)
	}
	f, ok := c.find(key)
	if !ok || f.Source == apiclient.FieldCustom { // whatever has put it into the catalogue
		if err := apiclient.CheckKey(key); err != nil {
			return f, err
		}
	}
	if !ok {
		return f, apiclient.FieldErrorf(key, "There is no field %q on this site; create it first, or leave it away.", key)
	}
	return f, nil
}

// checkUnique refuses a login, an address or an answer that must be unique and is
// taken by somebody else.
func (e *Engine) checkUnique(ctx context.Context, tx *store.Tx, was, is store.Account) error {
	if is.ID == 0 {
		if other, err := tx.AccountByLogin(ctx, is.Login); err == nil {
			return taken("user_login", "The login %s belongs to user %d already; choose another.", is.Login, other.ID)
		} else if apiclient.KindOf(err) != apiclient.NotFound {
			return err
		}
	}
	if !strings.EqualFold(was.Email, is.Email) {
		if err := freeEmail(ctx, tx, "user_email", is.Email, is.ID); err != nil {
			return err
		}
	}
	c, err := e.catalogue(ctx, tx)
	if err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(is.Fields)) {
		f, ok := c.find(key)
		moved := f.Validate == "unique_email" && !strings.EqualFold(was.Email, is.Email) // it may be the own one now
		if !ok || f.Validate == "" || is.Fields[key].Equal(was.Fields[key]) && !moved {
			continue
		}
		if err := checkUniqueField(ctx, tx, f, is); err != nil {
			return err
		}
	}
	return nil
}

func checkUniqueField(ctx context.Context, tx *store.Tx, f apiclient.Field, a store.Account) error {
	text := a.Fields[f.Key].String()
	switch f.Validate {
	case "unique_email":
		if strings.EqualFold(text, a.Email) {
			return apiclient.FieldErrorf(f.Key, "%s is the account's own address; give another one, or none.", f.Label)
		}
		if err := freeEmail(ctx, tx, f.Key, text, a.ID); err != nil {
			return err
		}
	case "unique_value":
	default:
		return nil
	}
	if used, err := tx.FieldTaken(ctx, f.Key, text, a.ID); err != nil || !used {
		return err
	}
	return taken(f.Key, "%s %q belongs to another user already; give another.", f.Label, text)
}

func freeEmail(ctx context.Context, tx *store.Tx, key, email string, id apiclient.UserID) error {
	other, err := tx.AccountByEmail(ctx, email)
	switch {
	case err == nil && other.ID != id:
		return taken(key, "The e-mail address %s belongs to user %d already; give another.", email, other.ID)
	case err != nil && apiclient.KindOf(err) != apiclient.NotFound:
		return err
	}
	return nil
}

func taken(key, format string, args ...any) *apiclient.Error {
	err := apiclient.Errorf(apiclient.Conflict, format, args...)
	err.Field = key
	return err
}
