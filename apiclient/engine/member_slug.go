package engine

import (
	"context"
	"strconv"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// slug returns what stands behind /user/ in the address of a profile, by the
// setting permalink_base. A member for whom no other is stored has the login there.
func (e *Engine) slug(ctx context.Context, tx *store.Tx, u apiclient.User) (string, error) {
	o, err := e.options(ctx, tx)
	if err != nil {
		return "", err
	}
	if o.Text("permalink_base") == "user_id" {
		return strconv.FormatInt(int64(u.ID), 10), nil
	}
	slug, err := tx.Slug(ctx, u.ID)
	if slug == "" {
		slug = strings.ToLower(u.Login)
	}
	return slug, err
}

// owner returns whose profile has the address, and fails with NotFound. An address
// that a profile has had, or would have with another setting, leads to it too.
func (e *Engine) owner(ctx context.Context, tx *store.Tx, slug string) (store.Account, error) {
	if slug == "" || len(slug) > 400 {
		return store.Account{}, noProfile()
	}
	id, err := tx.SlugUser(ctx, slug)
	if err != nil {
		return store.Account{}, err
	}
	if id != 0 {
		return tx.Account(ctx, id)
	}
	a, err := tx.AccountByLogin(ctx, slug)
	if !absent(err) {
		return a, err
	}
	if n, err := strconv.ParseInt(slug, 10, 64); err == nil && n > 0 {
		if a, err = tx.Account(ctx, apiclient.UserID(n)); !absent(err) {
			return a, err
		}
	}
	return store.Account{}, noProfile()
}

func noProfile() error {
	return apiclient.Errorf(apiclient.NotFound, "There is no such profile, or you may not see it.")
}

// keepSlug stores the address of a member's profile after the names or the setting
// may have changed, as Ultimate Member does (generate_profile_slug,
// includes/core/class-user.php). A login that is no e-mail address is its own
// address and is not stored.
func (e *Engine) keepSlug(ctx context.Context, tx *store.Tx, a store.Account) error {
	o, err := e.options(ctx, tx)
	if err != nil {
		return err
	}
	was, err := tx.Slug(ctx, a.ID)
	if err != nil {
		return err
	}
	base, sep := o.Text("permalink_base"), "-"
	wish := ""
	switch base {
	case "name", "name_dash", "name_plus":
		sep = map[string]string{"name": ".", "name_dash": "-", "name_plus": "+"}[base]
		wish = nameSlug(a, sep)
	case "hash":
		if wish = was; !strings.HasPrefix(was, "~") {
			wish = "~" + strings.ToLower(e.letters(18))
		}
	case "custom_meta":
		wish = strings.ToLower(strings.TrimSpace(a.Fields[o.Text("permalink_base_custom_meta")].String()))
	}
	if wish == "" && strings.Contains(a.Login, "@") {
		wish = mailSlug(a.Login)
	}
	if wish = strings.Trim(strings.ReplaceAll(wish, "/", ""), ". "); wish == "" {
		return tx.SetSlug(ctx, a.ID, "")
	}
	slug, err := freeAddress(ctx, tx, a.ID, wish, sep)
	if err != nil || slug == was {
		return err
	}
	return tx.SetSlug(ctx, a.ID, slug)
}

// freeAddress returns the address, or the first of it with a number that nobody has.
func freeAddress(ctx context.Context, tx *store.Tx, id apiclient.UserID, wish, sep string) (string, error) {
	for n := 0; ; n++ {
		slug := wish
		if n > 0 {
			slug = wish + sep + strconv.Itoa(n)
		}
		other, err := tx.SlugUser(ctx, slug)
		if err != nil {
			return "", err
		}
		if other != 0 && other != id {
			continue
		}
		a, err := tx.AccountByLogin(ctx, slug)
		if unlessAbsent(err) != nil {
			return "", err
		}
		if absent(err) || a.ID == id {
			return slug, nil
		}
	}
}

// maxSlug is how many characters of a name stand in an address.
const maxSlug = 100

// nameSlug is "First Last" with sep for spaces and dashes.
func nameSlug(a store.Account, sep string) string {
	name := a.Fields["first_name"].String() + " " + a.Fields["last_name"].String()
	name = strings.NewReplacer("'", "", "&", "", "/", "", "-", " ", "+", " ").Replace(name)
	if sep != "." {
		name = strings.ReplaceAll(name, ".", " ")
	}
	slug := strings.Trim(strings.ToLower(strings.Join(strings.Fields(name), sep)), sep)
	if r := []rune(slug); len(r) > maxSlug {
		slug = strings.Trim(string(r[:maxSlug]), sep)
	}
	return slug
}

// mailSlug is a login that is an e-mail address, without its @ and with - for its
// last dot.
func mailSlug(login string) string {
	slug := strings.ReplaceAll(strings.ToLower(login), "@", "")
	if i := strings.LastIndexByte(slug, '.'); i >= 0 {
		slug = slug[:i] + "-" + slug[i+1:]
	}
	return slug
}
