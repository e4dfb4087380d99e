package store

import (
	"context"
	"strings"

	"umdeck/apiclient"
)

// MailTotals returns how many mails there are of each state.
func (tx *Tx) MailTotals(ctx context.Context) (map[apiclient.MailState]int64, error) {
	totals := map[apiclient.MailState]int64{}
	_, err := collect(ctx, tx, func(s scanner) (n int64, err error) {
		var state apiclient.MailState
		err = s.Scan(&state, &n)
		totals[state] = n
		return n, err
	}, `SELECT state, mails FROM mail_counts`)
	return totals, err
}

// DeliveryTotals returns how many deliveries are due, claimed and held, and how many have
// become done, dead and gone since the site began, by the counters of the subscriptions.
func (tx *Tx) DeliveryTotals(ctx context.Context) (map[apiclient.DeliveryState]int64, error) {
	sums := make([]string, len(countedStates))
	for i, state := range countedStates {
		sums[i] = `coalesce(CAST(sum(` + string(state) + `) AS BIGINT), 0)`
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
	}, `SELECT `+strings.Join(sums, ", ")+` FROM subscriptions`)
}
