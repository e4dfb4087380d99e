package store

import (
	"context"

	"umdeck/apiclient"
)

// DeliveryTotals returns how many deliveries are due, claimed and held, and how many have
// become done, dead and gone since the site began, by the counters of the subscriptions.
func (tx *Tx) DeliveryTotals(ctx context.Context) (map[apiclient.DeliveryState]int64, error) {
	query := `SELECT `
	for i, state := range countedStates {
		if i > 0 {
			query += ", "
		}
		query += `coalesce(CAST(sum(` + string(state) + `) AS BIGINT), 0)`
	}
	return one(ctx, tx, func(s scanner) (map[apiclient.DeliveryState]int64, error) {
		counts := make([]int64, len(countedStates))
		into := make([]any, len(counts))
		for i := range counts {
			into[i] = &counts[i]
		}
		totals := make(map[apiclient.DeliveryState]int64, len(counts))
		err := s.Scan(into...)
		for i, state := range countedStates {
			totals[state] = counts[i]
		}
		return totals, err
	}, query+` FROM subscriptions`)
}
