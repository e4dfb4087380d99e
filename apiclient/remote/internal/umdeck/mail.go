package umdeck

import (
	"context"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// Mails returns one page of mails.
func (c *Client) Mails(ctx context.Context, q apiclient.MailQuery) (apiclient.MailPage, error) {
	return get(ctx, c, wire.Mails, wire.PageRequest{Filter: wire.Filter(q.Filter), After: q.After, Limit: q.Limit})
}

// Mail returns one mail with its bodies and attempts.
func (c *Client) Mail(ctx context.Context, id apiclient.MailID) (apiclient.Mail, error) {
	return get(ctx, c, wire.GetMail, wire.MailRef{ID: id})
}

// RevealMail is Mail with the links as they were sent.
func (c *Client) RevealMail(ctx context.Context, id apiclient.MailID) (apiclient.Mail, error) {
	return get(ctx, c, wire.RevealMail, wire.MailRef{ID: id})
}

// ResendMail sends a mail's text once more.
func (c *Client) ResendMail(ctx context.Context, id apiclient.MailID) (apiclient.Mail, error) {
	return get(ctx, c, wire.ResendMail, wire.MailRef{ID: id})
}

// TestMail sends a test mail to the address.
func (c *Client) TestMail(ctx context.Context, to string) (apiclient.MailTest, error) {
	return get(ctx, c, wire.TestMail, wire.MailTestRequest{To: to})
}
