package server

import (
	"context"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

func (s *Server) routeReplays() {
	handle(s, wire.PlanReplay, func(ctx context.Context, in wire.ReplayRequest) (wire.ReplayPlan, error) {
		return to(wire.ReplayPlanOf)(s.api.PlanReplay(ctx, in.Domain()))
	})
	handle(s, wire.StartReplay, func(ctx context.Context, in wire.ReplayRequest) (wire.Replay, error) {
		return to(wire.ReplayOf)(s.api.StartReplay(ctx, in.Domain()))
	})
	handle(s, wire.StopReplay, func(ctx context.Context, in wire.ReplayRef) (wire.Replay, error) {
		return to(wire.ReplayOf)(s.api.StopReplay(ctx, in.ID))
	})
	handle(s, wire.Replays, func(ctx context.Context, in wire.PageRequest) (wire.ReplayPage, error) {
		return to(wire.ReplayPageOf)(s.api.Replays(ctx, apiclient.ReplaysQuery{Filter: apiclient.Filter(in.Filter), After: in.After, Limit: in.Limit}))
	})
	handle(s, wire.GetReplay, func(ctx context.Context, in wire.ReplayRef) (wire.Replay, error) {
		return to(wire.ReplayOf)(s.api.Replay(ctx, in.ID))
	})
}
