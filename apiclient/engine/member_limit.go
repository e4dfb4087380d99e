package engine

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math"
	"strings"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// A limit is how often something may fail: a number of times at once, and once
// each so often after that.
type limit struct {
	atOnce float64
	every  time.Duration
}

// The limits. An account has one of its own, so that many addresses together cannot
// guess its password; since that would let anybody lock a member out, it does not hold
// for addresses from which the member has logged in before: those have their own. A
// member behind a new address sets a new password by mail, which makes it known.
var (
	addressLimit = limit{10, 6 * time.Second}  // failed logins of an address
	accountLimit = limit{20, time.Minute}      // failed logins of an account, from addresses that it does not know
	knownLimit   = limit{10, 30 * time.Second} // failed logins of an account from one that it knows
	resetLimit   = limit{10, time.Minute}      // links for new passwords that an address asks for, and keys that it tries
	ownLimit     = limit{10, 30 * time.Second} // wrong current passwords of a member who is logged in
)

// knownFor is how long an account knows an address.
const knownFor = 90 * 24 * time.Hour

// A throttle is a limit for somebody.
type throttle struct {
	limit limit
	key   string
}

func (l limit) left(count float64, at, now time.Time) float64 {
	return max(0, count-float64(now.Sub(at))/float64(l.every))
}

// wait is an error where a throttle says so: it names how long.
func wait(ctx context.Context, tx *store.Tx, throttles []throttle) error {
	var longest time.Duration
	for _, t := range throttles {
		count, at, err := tx.Throttle(ctx, t.key)
		if err != nil {
			return err
		}
		over := t.limit.left(count, at, tx.Now()) - t.limit.atOnce + 1
		longest = max(longest, time.Duration(max(0, over)*float64(t.limit.every)))
	}
	if longest == 0 {
		return nil
	}
	return apiclient.Errorf(apiclient.Unavailable, "Too many attempts have failed; try again in %s.", duration(longest))
}

func duration(d time.Duration) string {
	if s := int(math.Ceil(d.Seconds())); s < 120 {
		return fmt.Sprintf("%d seconds", s)
	}
	return fmt.Sprintf("%d minutes", int(math.Ceil(d.Minutes())))
}

// count notes one failure more. Requests that were under way together may overshoot
// a limit, but not without end.
func count(ctx context.Context, tx *store.Tx, throttles []throttle) error {
	now := tx.Now()
	if err := tx.ForgetThrottles(ctx, now.Add(-24*time.Hour)); err != nil {
		return err
	}
	for _, t := range throttles {
		n, at, err := tx.Throttle(ctx, t.key)
		if err != nil {
			return err
		}
		if err := tx.SetThrottle(ctx, t.key, min(t.limit.left(n, at, now)+1, 2*t.limit.atOnce), now); err != nil {
			return err
		}
	}
	return nil
}

// failedOnce notes a failure in a transaction of its own and returns why: what was
// counted stays when the rest is undone.
func (e *Engine) failedOnce(ctx context.Context, throttles []throttle, why error) error {
	if err := e.change(ctx, func(ctx context.Context, tx *store.Tx) error { return count(ctx, tx, throttles) }); err != nil {
		return err
	}
	return why
}

func addressThrottle(v apiclient.Visitor) throttle {
	return throttle{addressLimit, "login/address/" + v.Address}
}

// loginThrottles are what holds for logins to an account. For a name that nobody has,
// id 0, the same holds, so that the limit does not tell who is a member.
func (e *Engine) loginThrottles(ctx context.Context, tx *store.Tx, v apiclient.Visitor, id apiclient.UserID, name string) ([]throttle, error) {
	list := []throttle{addressThrottle(v)}
	if id == 0 {
		return append(list, throttle{accountLimit, fmt.Sprintf("login/name/%x", sha256.Sum256([]byte(strings.ToLower(name))))}), nil
	}
	known := false
	if v.Address != "" {
		var err error
		if known, err = tx.KnowsAddress(ctx, id, v.Address, tx.Now().Add(-knownFor)); err != nil {
			return nil, err
		}
	}
	if known {
		return append(list, throttle{knownLimit, fmt.Sprintf("login/user/%d/%s", id, v.Address)}), nil
	}
	return append(list, throttle{accountLimit, fmt.Sprintf("login/user/%d", id)}), nil
}

func ownThrottle(id apiclient.UserID) throttle {
	return throttle{ownLimit, fmt.Sprintf("password/user/%d", id)}
}

// knows notes that the member was here, and forgets the failures from this address.
func knows(ctx context.Context, tx *store.Tx, v apiclient.Visitor, throttles []throttle, id apiclient.UserID) error {
	for _, t := range throttles {
		if t.limit == accountLimit || t.limit == addressLimit {
			continue // one good login must not pay for the guesses of others
		}
		if err := tx.SetThrottle(ctx, t.key, 0, tx.Now()); err != nil {
			return err
		}
	}
	if v.Address == "" {
		return nil
	}
	return tx.AddAddress(ctx, id, v.Address, tx.Now(), tx.Now().Add(-knownFor))
}
