package wordpress

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// Passwords returns the application passwords of a user. WordPress lists them one
// user at a time, so everyone's are those of the users who were seen to have a
// role above member would be guesswork: 0 is Unsupported.
func (c *Client) Passwords(ctx context.Context, user apiclient.UserID) ([]apiclient.Password, error) {
	if err := c.need(ctx, apiclient.CanPasswords); err != nil {
		return nil, err
	}
	if user == 0 {
		user = apiclient.UserID(c.me.ID)
	}
	u, err := c.account(ctx, user)
	if err != nil {
		return nil, err
	}
	var rows []wire.WordPressPassword
	if err := c.core(ctx, request{path: passwordsPath(user)}, &rows); err != nil {
		return nil, err
	}
	list := []apiclient.Password{}
	for _, row := range rows {
		list = append(list, row.ApplicationPassword(user, u.Login))
		c.remember(row.UUID, user)
	}
	slices.SortStableFunc(list, func(a, b apiclient.Password) int { return cmp.Compare(a.Created.Unix(), b.Created.Unix()) })
	return list, nil
}

// CreatePassword makes one and returns its text, which is shown only now.
func (c *Client) CreatePassword(ctx context.Context, user apiclient.UserID, name string) (apiclient.Password, apiclient.Secret, error) {
	fail := func(err error) (apiclient.Password, apiclient.Secret, error) {
		return apiclient.Password{}, apiclient.Secret{}, err
	}
	if err := c.need(ctx, apiclient.CanPasswords); err != nil {
		return fail(err)
	}
	if strings.TrimSpace(name) == "" {
		return fail(invalid("name", "The application password has no name; name the program that uses it."))
	}
	u, err := c.account(ctx, user)
	if err != nil {
		return fail(err)
	}
	var row wire.WordPressPassword
	if err := c.core(ctx, request{method: "POST", path: passwordsPath(user), form: url.Values{"name": {name}}}, &row); err != nil {
		return fail(err)
	}
	if row.UUID == "" || row.Password == "" {
		return fail(apiclient.Errorf(apiclient.Unavailable, "The site made an application password but did not tell it; revoke %q and try again.", name))
	}
	c.remember(row.UUID, user)
	return row.ApplicationPassword(user, u.Login), apiclient.NewSecret(row.Password), nil
}

// RevokePassword ends one of those that were listed or made here before, since
// WordPress wants their owner named too; else it is looked for among one's own.
func (c *Client) RevokePassword(ctx context.Context, uuid string) error {
	if err := c.need(ctx, apiclient.CanPasswords); err != nil {
		return err
	}
	c.mu.Lock()
	owner, known := c.passwords[uuid]
	c.mu.Unlock()
	if !known {
		owner = apiclient.UserID(c.me.ID)
	}
	if !isUUID(uuid) {
		return apiclient.Errorf(apiclient.NotFound, "There is no application password %q; its UUID is in the list of passwords.", uuid)
	}
	err := c.core(ctx, request{method: "DELETE", path: passwordsPath(owner) + "/" + uuid}, nil)
	if apiclient.KindOf(err) == apiclient.NotFound && err != nil {
		return apiclient.Errorf(apiclient.NotFound, "The user %d has no application password %s; list the passwords of its owner first.", owner, uuid)
	}
	return err
}

func passwordsPath(user apiclient.UserID) string {
	return "/wp/v2/users/" + idText(user) + "/application-passwords"
}

func isUUID(s string) bool {
	return len(s) == 36 && strings.Trim(strings.ToLower(s), "0123456789abcdef-") == ""
}

func (c *Client) remember(uuid string, owner apiclient.UserID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.passwords[uuid] = owner
}
