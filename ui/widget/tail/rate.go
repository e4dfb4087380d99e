package tail

import "time"

// window is how many seconds a rate is taken over.
const window = 10

// A rate counts arrivals by the second. The zero value has seen none.
type rate struct {
	count [window]int
	at    [window]int64 // the second that count is of
}

func (r *rate) add(now time.Time) {
	sec := now.Unix()
	i := int(sec % window)
	if r.at[i] != sec {
		r.at[i], r.count[i] = sec, 0
	}
	r.count[i]++
}

// perSecond returns the mean of the last seconds, the one under way left out, because it
// has only begun.
func (r *rate) perSecond(now time.Time) float64 {
	sec, n := now.Unix(), 0
	for i, at := range r.at {
		if at < sec && at > sec-window {
			n += r.count[i]
		}
	}
	return float64(n) / (window - 1)
}

// current returns how many have come in the second under way.
func (r *rate) current(now time.Time) int {
	sec := now.Unix()
	if i := int(sec % window); r.at[i] == sec {
		return r.count[i]
	}
	return 0
}

// Rate returns how many records arrive in a second, over the last nine.
func (m *Model[T]) Rate() float64 { return m.rate.perSecond(m.cfg.Now()) }
