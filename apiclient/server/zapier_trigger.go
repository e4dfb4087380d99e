package server

import (
	"context"
	"net/http"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// subscribe answers umm_zapier_subscribe: 201, or 200 where the same target was
// subscribed before.
func (s *Server) subscribe(ctx context.Context, p wire.Params) (reply, error) {
	n, err := wire.ReadSubscribe(p)
	if err != nil {
		return reply{}, err
	}
	if _, err := s.runningZap(ctx, n.Zap, apiclient.ZapTrigger); err != nil {
		return reply{}, err
	}
	sub, added, err := s.api.AddSubscription(ctx, n)
	if err != nil {
		return reply{}, notRunning(err)
	}
	answer := reply{data: wire.Subscribed{ID: sub.ID, Group: sub.Zap, Target: sub.URL}}
	if added {
		answer.status = http.StatusCreated
	}
	return answer, nil
}

// unsubscribe answers umm_zapier_unsubscribe. What has ended already, or never
// was, is a success: Zapier could not turn a zap off otherwise.
func (s *Server) unsubscribe(ctx context.Context, p wire.Params) (reply, error) {
	id, n, err := wire.ReadUnsubscribe(p)
	if err != nil {
		return reply{}, err
	}
	done := reply{data: wire.MessageUnsubscribed}
	if id == 0 {
		if id, err = s.subscribed(ctx, n); err != nil || id == 0 {
			return done, err
		}
	}
	_, err = s.api.RemoveSubscription(ctx, id, false)
	switch apiclient.KindOf(err) {
	case apiclient.NotFound, apiclient.Conflict: // never there, or gone
		return done, nil
	default:
		return done, err
	}
}

// subscribed returns the subscription of a zap to a target; 0 when there is none.
func (s *Server) subscribed(ctx context.Context, n apiclient.NewSubscription) (apiclient.SubscriptionID, error) {
	list, err := s.api.Subscriptions(ctx, n.Zap)
	if apiclient.KindOf(err) == apiclient.NotFound {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	for _, sub := range list {
		if sub.URL == n.URL && sub.State != apiclient.SubscriptionGone {
			return sub.ID, nil
		}
	}
	return 0, nil
}

// newest returns the id of the user who registered last; 0 where there is none, or where
// the site cannot tell.
func (s *Server) newest(ctx context.Context) (int64, error) {
	page, err := s.api.Users(ctx, apiclient.UserQuery{Limit: 1})
	if err != nil || len(page.Users) == 0 {
		return 0, unlessUnsupported(err)
	}
	return int64(page.Users[0].ID), nil
}

// performList answers um_zapier_activity_perform_list: the body that the zap
// would send for a user, without an envelope. Without a user it is the newest one, and
// placeholders where there is none.
func (s *Server) performList(ctx context.Context, p wire.Params) (reply, error) {
	id, err := p.RequiredNumber(wire.ParamGroup)
	if err != nil {
		return reply{}, err
	}
	user, err := p.Number(wire.ParamUser)
	if err != nil {
		return reply{}, err
	}
	zap, err := s.runningZap(ctx, apiclient.ZapID(id), apiclient.ZapTrigger)
	if err != nil {
		return reply{}, err
	}
	if user == 0 {
		if user, err = s.newest(ctx); err != nil {
			return reply{}, err
		}
	}
	payload, err := s.api.SampleZap(ctx, zap.ID, apiclient.UserID(user))
	if err != nil {
		return reply{}, accountGone(err)
	}
	return reply{data: payload, bare: true}, nil
}
