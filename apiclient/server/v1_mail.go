package server

import (
	"context"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

func (s *Server) routeMails() {
	handle(s, wire.Mails, func(ctx context.Context, in wire.PageRequest) (wire.MailPage, error) {
		return to(wire.MailPageOf)(s.api.Mails(ctx, apiclient.MailQuery{Filter: apiclient.Filter(in.Filter), After: in.After, Limit: in.Limit}))
	})
	handle(s, wire.GetMail, func(ctx context.Context, in wire.MailRef) (wire.Mail, error) {
		return to(wire.MailOf)(s.api.Mail(ctx, in.ID))
	})
	handle(s, wire.RevealMail, func(ctx context.Context, in wire.MailRef) (wire.Mail, error) {
		m, err := s.api.Mail(ctx, in.ID)
		if err != nil {
			return wire.Mail{}, err
		}
		if err := s.mayTouch(ctx, m.User); err != nil { // the link of an administrator makes whoever reads it one
			return wire.Mail{}, err
		}
		return to(wire.MailOf)(s.api.RevealMail(ctx, in.ID))
	})
	handle(s, wire.ResendMail, func(ctx context.Context, in wire.MailRef) (wire.Mail, error) {
		return to(wire.MailOf)(s.api.ResendMail(ctx, in.ID))
	})
	handle(s, wire.TestMail, func(ctx context.Context, in wire.MailTestRequest) (wire.MailTest, error) {
		return to(wire.MailTestOf)(s.api.TestMail(ctx, in.To))
	})
}
