package delivery

import (
	"context"
	"errors"
	"net/http"
	"time"

	"umdeck/apiclient"
)

// Unsubscribe tells a target that its subscription was ended on this side: by one HTTP
// DELETE without a body, Zapier's reverse unsubscribe. It goes the way of every hook, past
// the Guard and within the same time limits, and is never tried again; only the caller
// knows what its answer means.
func (s *Sender) Unsubscribe(ctx context.Context, target string) apiclient.Attempt {
	a := s.try(ctx, target, func(ctx context.Context, _ time.Time) (*http.Request, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodDelete, target, http.NoBody)
		if err != nil {
			return nil, errors.New("the target is no URL that can be asked") // err would quote it
		}
		req.Header = http.Header{
			"User-Agent":        {s.cfg.UserAgent},
			"X-Idempotency-Key": {}, // sends nothing, see request
		}
		return req, nil
	})
	a.Number = 1
	return a
}
