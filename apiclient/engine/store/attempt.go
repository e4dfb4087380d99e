package store

import (
	"context"
	"encoding/json"
	"time"

	"umdeck/apiclient"
)

// attemptRow returns a row of attemptSheet.
func attemptRow(id apiclient.DeliveryID, a apiclient.Attempt) []any {
	if a.Body == nil {
		a.Body = []byte{}
	}
	return []any{id, a.Number, stamp(a.At), a.Duration.Milliseconds(), a.Code, a.Class, a.Error, headersOf(a.Request), headersOf(a.Response), a.Body}
}

// attemptEnd is when an attempt ended, by what its row says.
func attemptEnd(a apiclient.Attempt) int64 { return stamp(a.At) + a.Duration.Milliseconds() }

// attempts returns the attempts of a delivery, oldest first.
func (tx *Tx) attempts(ctx context.Context, id apiclient.DeliveryID) ([]apiclient.Attempt, error) {
	return collect(ctx, tx, func(s scanner) (a apiclient.Attempt, err error) {
		var at, ms int64
		var request, response string
		if err := s.Scan(&a.Number, &at, &ms, &a.Code, &a.Class, &a.Error, &request, &response, &a.Body); err != nil {
			return a, err
		}
		a.At, a.Duration = unstamp(at), time.Duration(ms)*time.Millisecond
		if a.Request, err = readHeaders(request); err != nil {
			return a, err
		}
		a.Response, err = readHeaders(response)
		return a, err
	}, `SELECT number, at, ms, code, class, error, request, response, body FROM attempts WHERE delivery_id = ? ORDER BY number`, id)
}

// headersOf encodes headers as pairs in their order.
func headersOf(list []apiclient.Header) string {
	pairs := make([][2]string, len(list))
	for i, h := range list {
		pairs[i] = [2]string{h.Name, h.Value}
	}
	return jsonOf(pairs)
}

func readHeaders(text string) ([]apiclient.Header, error) {
	var pairs [][2]string
	if err := json.Unmarshal([]byte(text), &pairs); err != nil {
		return nil, err
	}
	var list []apiclient.Header
	for _, p := range pairs {
		list = append(list, apiclient.Header{Name: p[0], Value: p[1]})
	}
	return list, nil
}
