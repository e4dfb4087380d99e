package delivery

import (
	"cmp"
	"net/http"
	"strconv"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/outbox"
)

// The classes of [apiclient.Attempt.Class]: what went wrong where there was no answer.
const (
	ClassTimeout = "timeout" // one of the time limits passed
	ClassDNS     = "dns"     // the host's name has no address, or nobody says
	ClassConnect = "connect" // no connection to the address
	ClassTLS     = "tls"     // no TLS session, or a certificate that does not hold
	ClassReset   = "reset"   // the connection ended before the answer's head had
	ClassRefused = "refused" // by the Guard
	ClassOther   = "other"   // no HTTP, a head without end, ...
)

// refusedTries is after how many refusals by the guard a delivery is dead: a name
// may resolve to a private address by a mistake that is put right.
const refusedTries = 3

// Judge says what is to become of a delivery after an attempt that ended at now:
//
//	answer                            verdict
//	2xx                               Done
//	410                               End
//	413                               GiveUp
//	429, 503 with Retry-After         Wait for so long
//	429, 502, 503, 504 without        Retry, with the lane slowed
//	502, 504 with Retry-After         the same: it is not theirs to say
//	3xx, other 4xx and 5xx, the rest  Retry
//	refused by the guard              Retry, dead after the third try
//	any other error                   Retry
//
// No answer at all and any 5xx say that the target is down; a refusal by the guard
// says nothing of it. The result's Error and Report are the attempt's, and its Class
// too, or the hundreds of the status: "4xx".
func Judge(a apiclient.Attempt, now time.Time) outbox.Result {
	r := outbox.Result{Error: a.Error, Report: a, Class: cmp.Or(a.Class, strconv.Itoa(a.Code/100)+"xx")}
	r.Down = a.Class != "" && a.Class != ClassRefused || a.Code/100 == 5
	switch {
	case a.Class == ClassRefused:
		r.Tries = refusedTries
	case a.Class != "":
	case a.Code >= 200 && a.Code <= 299:
		r.Verdict = outbox.Done
	case a.Code == http.StatusGone:
		r.Verdict = outbox.End
	case a.Code == http.StatusRequestEntityTooLarge:
		r.Verdict = outbox.GiveUp
	case a.Code == http.StatusTooManyRequests, a.Code == http.StatusServiceUnavailable:
		if d, ok := retryAfter(a.Response, now); ok {
			r.Verdict, r.After = outbox.Wait, d
		} else {
			r.Slow = true
		}
	case a.Code == http.StatusBadGateway, a.Code == http.StatusGatewayTimeout:
		r.Slow = true
	}
	return r
}

// retryAfter reads the header of that name: seconds, or a date. A date that has
// passed is no time at all; what is neither is as good as absent.
func retryAfter(head []apiclient.Header, now time.Time) (time.Duration, bool) {
	for _, h := range head {
		if h.Name != "Retry-After" {
			continue
		}
		if n, err := strconv.ParseUint(h.Value, 10, 63); err == nil {
			return time.Duration(min(n, uint64(outbox.MaxWait/time.Second))) * time.Second, true
		}
		if t, err := http.ParseTime(h.Value); err == nil {
			return min(max(t.Sub(now), 0), outbox.MaxWait), true
		}
		return 0, false
	}
	return 0, false
}
