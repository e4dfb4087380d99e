package triggerlog

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"umdeck/apiclient"
)

func TestPlaces(t *testing.T) {
	last := -1
	for ms := range int64(200_000) {
		at := place(ms)
		if at < last || at > last+1 || at >= buckets {
			t.Fatalf("%d ms have place %d, behind %d", ms, at, last)
		}
		if b := bound(at); b < ms || float64(b) > float64(ms)*1.032 {
			t.Fatalf("the place of %d ms ends at %d ms", ms, b)
		}
		last = at
	}
	if place(1<<50) != buckets-1 || place(-5) != 0 {
		t.Error("a length beyond the last place, or before the first, is not in it")
	}
}

func TestQuantile(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 2, 19, 20, 1000} {
		var h, part histogram
		var all []time.Duration
		for range n {
			d := time.Duration(r.ExpFloat64()*300) * time.Millisecond
			all = append(all, d)
			part = histogram{}
			part.add(d)
			h.join(&part)
		}
		slices.Sort(all)
		want := time.Duration(0)
		if n > 0 {
			want = all[(n*95+99)/100-1]
		}
		if got := h.quantile(0.95); got < want || float64(got) > float64(want)*1.032+1 {
			t.Errorf("of %d: %s; want %s", n, got, want)
		}
	}
}

// A tried is an attempt as it is counted by hand.
type tried struct {
	at   int64
	good bool
}

// inMinute counts those of the 59 whole seconds before now.
func inMinute(all []tried, now int64) (attempts, good int) {
	for _, a := range all {
		if a.at >= now || a.at < now-59 {
			continue
		}
		attempts++
		if a.good {
			good++
		}
	}
	return attempts, good
}

// TestPulse compares the reading with what was counted by hand, on a site whose clock is
// wrong.
func TestPulse(t *testing.T) {
	for _, wrong := range []time.Duration{0, 90 * time.Second, -2 * time.Hour} {
		start := time.Date(2026, 11, 21, 14, 0, 0, 0, time.UTC)
		here := start
		var p pulse
		p.begin(here)
		var all []tried
		r := rand.New(rand.NewPCG(3, 4))
		for range 5000 {
			here = here.Add(time.Duration(r.IntN(50)) * time.Millisecond)
			at := here.Add(wrong - 20*time.Millisecond)
			a := &apiclient.Attempt{Code: 200, Duration: 87 * time.Millisecond}
			if r.IntN(10) == 0 {
				a.Code = 503
			}
			all = append(all, tried{at.Unix(), a.Code == 200})
			p.take([]apiclient.LogEntry{
				{At: at, Kind: apiclient.LogAttempt, Attempt: a, Delivery: &apiclient.Delivery{}},
				{At: at, Kind: apiclient.LogQueued, Delivery: &apiclient.Delivery{}},
			}, here, true)
		}
		got := p.read(here)
		attempts, good := inMinute(all, here.Add(wrong-20*time.Millisecond).Unix())
		if got.window != 59*time.Second || got.attempts != attempts || got.succeeded != good {
			t.Errorf("clock wrong by %s: %d of %d succeeded in %s; want %d of %d in 59s", wrong, got.succeeded, got.attempts, got.window, good, attempts)
		}
		if got.p95 < 87*time.Millisecond || got.p95 > 90*time.Millisecond {
			t.Errorf("p95 is %s; want 87ms", got.p95)
		}
		sum := 0
		for _, n := range got.rates {
			sum += n
		}
		if sum != attempts || len(got.rates) != 59 {
			t.Errorf("%d rates have %d attempts; want 59 with %d", len(got.rates), sum, attempts)
		}
		if later := p.read(here.Add(2 * time.Minute)); later.attempts != 0 || later.perSecond() != 0 {
			t.Errorf("two minutes later there are %d attempts", later.attempts)
		}
	}
}

func TestPulseNamesItsWindow(t *testing.T) {
	start := time.Date(2026, 11, 21, 14, 0, 0, 0, time.UTC)
	var p pulse
	p.begin(start)
	if r := p.read(start); r.window != 0 || r.perSecond() != 0 {
		t.Errorf("at once: %+v", r)
	}
	at := start.Add(5 * time.Second)
	p.take([]apiclient.LogEntry{{At: at, Attempt: &apiclient.Attempt{Code: 200}, Delivery: &apiclient.Delivery{}}}, at, true)
	if r := p.read(start.Add(10 * time.Second)); r.window != 10*time.Second || r.attempts != 1 || r.perSecond() != 0.1 {
		t.Errorf("ten seconds later: %+v", r)
	}
}
