package umdeck

import (
	"context"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// PlanReplay counts what a job would make.
func (c *Client) PlanReplay(ctx context.Context, q apiclient.ReplayQuery) (apiclient.ReplayPlan, error) {
	if err := q.Validate(); err != nil {
		return apiclient.ReplayPlan{}, err
	}
	return get(ctx, c, wire.PlanReplay, wire.ReplayRequestOf(q))
}

// StartReplay starts a job.
func (c *Client) StartReplay(ctx context.Context, q apiclient.ReplayQuery) (apiclient.Replay, error) {
	if err := q.Validate(); err != nil {
		return apiclient.Replay{}, err
	}
	return get(ctx, c, wire.StartReplay, wire.ReplayRequestOf(q))
}

// StopReplay ends a job.
func (c *Client) StopReplay(ctx context.Context, id apiclient.ReplayID) (apiclient.Replay, error) {
	return get(ctx, c, wire.StopReplay, wire.ReplayRef{ID: id})
}

// Replays returns one page of jobs.
func (c *Client) Replays(ctx context.Context, q apiclient.ReplaysQuery) (apiclient.ReplayPage, error) {
	return get(ctx, c, wire.Replays, wire.PageRequest{Filter: wire.Filter(q.Filter), After: q.After, Limit: q.Limit})
}

// Replay returns one job.
func (c *Client) Replay(ctx context.Context, id apiclient.ReplayID) (apiclient.Replay, error) {
	return get(ctx, c, wire.GetReplay, wire.ReplayRef{ID: id})
}
