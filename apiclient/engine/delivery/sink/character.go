package sink

import (
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A Character says how a target answers. It is the first part of its path.
type Character string

// The characters.
const (
	OK        Character = "ok"
	Flaky     Character = "flaky"
	Slow      Character = "slow"
	Gone      Character = "gone"
	Silent    Character = "silent"
	Throttled Character = "throttled"
	Mixed     Character = "mixed"
)

// Characters returns all of them.
func Characters() []Character {
	return []Character{OK, Flaky, Slow, Gone, Silent, Throttled, Mixed}
}

// characterOf returns the character that a path names; empty: none.
func characterOf(path string) Character {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	for _, c := range Characters() {
		if string(c) == first {
			return c
		}
	}
	return ""
}

const (
	lifetime = 40              // requests that a gone target accepts before it is
	window   = 5 * time.Second // of throttled targets
	quota    = 3               // requests that those accept in a window
)

// An answer is what a request gets.
type answer struct {
	code  int           // 0: none, the connection is closed
	hang  bool          // nothing is ever answered
	wait  time.Duration // before the answer
	retry time.Duration // Retry-After; 0: none is sent
}

// A target is what is remembered of one path.
type target struct {
	requests int       // so far
	opened   time.Time // when the window of a throttled one began
	used     int       // requests accepted in that window
	count    Count
}

// next returns what the target's next request gets.
func (t *target) next(c Character, seed uint64, path string, now time.Time) answer {
	t.requests++
	h := fnv.New64a()
	_, _ = h.Write([]byte(path)) // a hash takes everything
	dice := rand.New(rand.NewPCG(seed^h.Sum64(), uint64(t.requests)))
	switch c {
	case OK:
		return answer{code: http.StatusOK}
	case Flaky:
		return flaky(dice)
	case Slow:
		return slow(dice)
	case Gone:
		if t.requests > lifetime {
			return answer{code: http.StatusGone}
		}
		return answer{code: http.StatusOK}
	case Silent:
		return answer{hang: true}
	case Throttled:
		return t.throttle(now)
	case Mixed:
		switch n := dice.IntN(100); {
		case n < 2:
			return answer{hang: true}
		case n < 10:
			return slow(dice)
		case n < 30:
			return flaky(dice)
		}
		return answer{code: http.StatusOK}
	}
	return answer{code: http.StatusNotFound}
}

func flaky(dice *rand.Rand) answer {
	switch dice.IntN(16) {
	case 0:
		return answer{}
	case 1:
		return answer{code: http.StatusBadGateway}
	case 2:
		return answer{code: http.StatusServiceUnavailable}
	case 3:
		return answer{code: http.StatusInternalServerError}
	}
	return answer{code: http.StatusOK}
}

func slow(dice *rand.Rand) answer {
	return answer{code: http.StatusOK, wait: time.Second + time.Duration(dice.IntN(3000))*time.Millisecond}
}

// throttle counts what a window has let through.
func (t *target) throttle(now time.Time) answer {
	since := now.Sub(t.opened)
	if since < 0 || since >= window {
		t.opened, t.used, since = now, 0, 0
	}
	if t.used >= quota {
		return answer{code: http.StatusTooManyRequests, retry: window - since}
	}
	t.used++
	return answer{code: http.StatusOK}
}

// body returns what an answer of that code says, and its type.
func body(code, n int) (contentType, text string) {
	switch {
	case code == http.StatusOK: // as Zapier answers a hook
		return "application/json", `{"status":"success","attempt":"` + strconv.Itoa(n) + `"}`
	case code >= 500: // as a proxy does before a server that is down
		name := strconv.Itoa(code) + " " + http.StatusText(code)
		return "text/html; charset=utf-8", "<html><head><title>" + name + "</title></head><body><h1>" + name + "</h1></body></html>\n"
	}
	return "application/json", `{"error":"` + http.StatusText(code) + `"}`
}
