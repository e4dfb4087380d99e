package wordpress

import (
	"context"
	"errors"

	"umdeck/apiclient"
)

// CreateUsers registers one account after the other: neither WordPress nor the
// extension takes several. A check looks up logins and addresses, and compares the
// values with what the action zap takes.
func (c *Client) CreateUsers(ctx context.Context, b apiclient.UserBatch) ([]apiclient.Outcome, error) {
	if err := b.Validate(); err != nil {
		return nil, err
	}
	if err := c.need(ctx, apiclient.CanCreateUsers); err != nil {
		return nil, err
	}
	outcomes := make([]apiclient.Outcome, len(b.Users))
	for i, n := range b.Users {
		var u apiclient.User
		var err error
		if b.Check {
			err = c.checkFor(ctx, n)
		} else {
			u, err = c.CreateUser(ctx, n)
		}
		outcomes[i] = apiclient.Outcome{User: u.ID, Login: n.Login, To: u.Status}
		refusal, ok := errors.AsType[*apiclient.Error](err)
		switch {
		case err == nil:
		case ok && (refusal.Kind == apiclient.Invalid || refusal.Kind == apiclient.Conflict):
			outcomes[i].Err = refusal
		default:
			return nil, err
		}
	}
	return outcomes, nil
}

// checkFor fails as CreateUser would before it asks the site to register.
func (c *Client) checkFor(ctx context.Context, n apiclient.NewUser) error {
	_, _, err := c.prepareNew(ctx, n)
	return err
}
