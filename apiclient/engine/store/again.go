package store

import (
	"context"

	"umdeck/apiclient"
)

// A made is what tells the attempts at a delivery apart: one sender makes one at a time.
type made struct {
	delivery apiclient.DeliveryID
	at, ms   int64
	code     int
	class    string
	error    string
}

func madeBy(r Result) made {
	a := r.Attempt
	return made{r.Delivery, stamp(a.At), a.Duration.Milliseconds(), a.Code, a.Class, a.Error}
}

// unrecorded returns the results without those whose attempts are recorded already: the
// answer to an earlier Finish was lost, and so it is told again. If such a delivery is
// claimed by now, that is for another send. Only one that has as many attempts as the result
// counts is looked for, or more: what Finish is told for the first time is of such a
// delivery only where attempts do not count.
func (tx *Tx) unrecorded(ctx context.Context, results []Result, found map[apiclient.DeliveryID]*claim) ([]Result, error) {
	var ids []apiclient.DeliveryID
	for _, r := range results {
		if c := found[r.Delivery]; c != nil && r.Attempt != nil && c.Attempts >= r.Tries+r.Waits {
			ids = append(ids, r.Delivery)
		}
	}
	if len(ids) == 0 {
		return results, nil
	}
	list, err := collect(ctx, tx, func(s scanner) (m made, err error) {
		return m, s.Scan(&m.delivery, &m.at, &m.ms, &m.code, &m.class, &m.error)
	}, `SELECT delivery_id, at, ms, code, class, error FROM attempts WHERE delivery_id IN `+listedIDs, jsonOf(ids))
	if err != nil {
		return nil, err
	}
	are := make(map[made]bool, len(list))
	for _, m := range list {
		are[m] = true
	}
	var left []Result
	for _, r := range results {
		if r.Attempt == nil || !are[madeBy(r)] {
			left = append(left, r)
		}
	}
	return left, nil
}

// mailAgain reports whether the attempt of a result is recorded already, as unrecorded has
// it.
func (tx *Tx) mailAgain(ctx context.Context, c mailClaim, r MailResult) (bool, error) {
	a := r.Attempt
	if a == nil || c.Attempts < r.Tries+r.Waits {
		return false, nil
	}
	return tx.exists(ctx, `SELECT EXISTS (SELECT 1 FROM mail_attempts WHERE mail_id = ? AND at = ? AND ms = ? AND server = ? AND code = ? AND error = ?)`,
		c.ID, stamp(a.At), a.Duration.Milliseconds(), a.Server, a.Code, a.Error)
}
