package server

import (
	"context"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

func (s *Server) routeZaps() {
	handle(s, wire.Zaps, func(ctx context.Context, in wire.ZapsRequest) ([]wire.Zap, error) {
		return to(all(wire.ZapOf))(s.api.Zaps(ctx, apiclient.ZapQuery{Kind: in.Kind}))
	})
	handle(s, wire.GetZap, func(ctx context.Context, in wire.ZapRef) (wire.Zap, error) {
		return to(wire.ZapOf)(s.api.Zap(ctx, in.ID))
	})
	handle(s, wire.CreateZap, func(ctx context.Context, in wire.NewZap) (wire.Zap, error) {
		return to(wire.ZapOf)(s.api.CreateZap(ctx, in.Domain()))
	})
	handle(s, wire.UpdateZap, func(ctx context.Context, in wire.ZapUpdate) (wire.Zap, error) {
		return to(wire.ZapOf)(s.api.UpdateZap(ctx, in.ID, in.Domain()))
	})
	handle(s, wire.DeleteZap, func(ctx context.Context, in wire.ZapRef) (wire.Nothing, error) {
		return nothing(s.api.DeleteZap(ctx, in.ID))
	})
	handle(s, wire.GetFieldGroup, func(ctx context.Context, in wire.ZapRef) (wire.FieldGroup, error) {
		return to(wire.FieldGroupOf)(s.api.FieldGroup(ctx, in.ID))
	})
	handle(s, wire.SampleZap, func(ctx context.Context, in wire.SampleRequest) (wire.Payload, error) {
		return to(func(p apiclient.Payload) wire.Payload { return wire.Payload(p) })(s.api.SampleZap(ctx, in.ID, in.User))
	})
	handle(s, wire.Fields, func(ctx context.Context, _ wire.Nothing) ([]wire.Field, error) {
		return to(all(wire.FieldOf))(s.api.Fields(ctx))
	})
	handle(s, wire.CreateField, func(ctx context.Context, in wire.Field) (wire.Field, error) {
		return to(wire.FieldOf)(s.api.CreateField(ctx, in.Domain()))
	})
	handle(s, wire.UpdateField, func(ctx context.Context, in wire.FieldUpdate) (wire.Field, error) {
		return to(wire.FieldOf)(s.api.UpdateField(ctx, in.Key, in.Domain()))
	})
	handle(s, wire.DeleteField, func(ctx context.Context, in wire.FieldRef) (wire.Nothing, error) {
		return nothing(s.api.DeleteField(ctx, in.Key))
	})
}

func (s *Server) routeSubscriptions() {
	handle(s, wire.Subscriptions, func(ctx context.Context, in wire.SubscriptionsRequest) ([]wire.Subscription, error) {
		return to(all(wire.SubscriptionOf))(s.api.Subscriptions(ctx, in.Zap))
	})
	handle(s, wire.GetSubscription, func(ctx context.Context, in wire.SubscriptionRef) (wire.Subscription, error) {
		return to(wire.SubscriptionOf)(s.api.Subscription(ctx, in.ID))
	})
	handle(s, wire.AddSubscription, func(ctx context.Context, in wire.NewSubscription) (wire.SubscriptionAdded, error) {
		sub, added, err := s.api.AddSubscription(ctx, in.Domain())
		if err != nil {
			return wire.SubscriptionAdded{}, err
		}
		return wire.SubscriptionAdded{Subscription: wire.SigningSubscriptionOf(sub), Added: added}, nil
	})
	handle(s, wire.UpdateSubscription, func(ctx context.Context, in wire.SubscriptionUpdate) (wire.Subscription, error) {
		return to(wire.SubscriptionOf)(s.api.UpdateSubscription(ctx, in.ID, in.Domain()))
	})
	handle(s, wire.RotateSubscription, func(ctx context.Context, in wire.SubscriptionRotation) (wire.Subscription, error) {
		return to(wire.SigningSubscriptionOf)(s.api.RotateSubscription(ctx, in.ID, in.Overlap.Duration()))
	})
	handle(s, wire.RemoveSubscription, func(ctx context.Context, in wire.SubscriptionRemoval) (wire.SubscriptionRemoved, error) {
		return to(wire.SubscriptionRemovedOf)(s.api.RemoveSubscription(ctx, in.ID, in.Tell))
	})
	handle(s, wire.SubscriptionHours, func(ctx context.Context, in wire.SubscriptionHoursRequest) ([]wire.SubscriptionHour, error) {
		since, err := in.Moment()
		if err != nil {
			return nil, err
		}
		return to(all(wire.SubscriptionHourOf))(s.api.SubscriptionHours(ctx, in.ID, since))
	})
	handle(s, wire.TestSubscription, func(ctx context.Context, in wire.SubscriptionRef) (wire.Delivery, error) {
		return to(wire.DeliveryOf)(s.api.TestSubscription(ctx, in.ID))
	})
}
