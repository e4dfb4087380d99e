package engine

import (
	"context"

	"umdeck/apiclient"
)

// noReplays is why jobs are missing.
const noReplays = "This instance sends deliveries again one by one; choose each of them."

var errNoReplays = apiclient.Errorf(apiclient.Unsupported, noReplays)

// PlanReplay is not offered.
func (e *Engine) PlanReplay(context.Context, apiclient.ReplayQuery) (apiclient.ReplayPlan, error) {
	return apiclient.ReplayPlan{}, errNoReplays
}

// StartReplay is not offered.
func (e *Engine) StartReplay(context.Context, apiclient.ReplayQuery) (apiclient.Replay, error) {
	return apiclient.Replay{}, errNoReplays
}

// StopReplay is not offered.
func (e *Engine) StopReplay(context.Context, apiclient.ReplayID) (apiclient.Replay, error) {
	return apiclient.Replay{}, errNoReplays
}

// Replays is not offered.
func (e *Engine) Replays(context.Context, apiclient.ReplaysQuery) (apiclient.ReplayPage, error) {
	return apiclient.ReplayPage{}, errNoReplays
}

// Replay is not offered.
func (e *Engine) Replay(context.Context, apiclient.ReplayID) (apiclient.Replay, error) {
	return apiclient.Replay{}, errNoReplays
}
