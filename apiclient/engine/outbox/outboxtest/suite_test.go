package outboxtest_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"umdeck/apiclient/engine/outbox"
	"umdeck/apiclient/engine/outbox/outboxtest"
)

func TestMemory(t *testing.T) { outboxtest.Run(t, outboxtest.OpenMemory) }

// A mutant is a store with one defect.
type mutant struct {
	*outboxtest.Memory
	claim   func(m *outboxtest.Memory, now time.Time, take []outbox.Take) (time.Time, []outbox.Take)
	finish  func([]outbox.Outcome)
	waiting func([]outbox.Waiting) []outbox.Waiting
	release func([]outbox.Item) []outbox.Item
	shift   time.Duration // added to what the clock was set back by
	forgets bool          // Restart leaves claimed what is
}

func (m *mutant) Store() outbox.Store { return m }

func (m *mutant) Claim(ctx context.Context, now time.Time, take []outbox.Take) ([]outbox.Item, error) {
	if m.claim != nil {
		now, take = m.claim(m.Memory, now, slices.Clone(take))
	}
	return m.Memory.Claim(ctx, now, take)
}

func (m *mutant) Finish(ctx context.Context, list []outbox.Outcome) error {
	if m.finish != nil {
		list = slices.Clone(list)
		m.finish(list)
	}
	return m.Memory.Finish(ctx, list)
}

func (m *mutant) Waiting(ctx context.Context) ([]outbox.Waiting, error) {
	list, err := m.Memory.Waiting(ctx)
	if m.waiting != nil {
		list = m.waiting(list)
	}
	return list, err
}

func (m *mutant) Release(ctx context.Context, items []outbox.Item) error {
	if m.release != nil {
		items = m.release(items)
	}
	return m.Memory.Release(ctx, items)
}

func (m *mutant) Shift(ctx context.Context, by time.Duration) error {
	return m.Memory.Shift(ctx, by+m.shift)
}

func (m *mutant) Restart() {
	if !m.forgets {
		m.Memory.Restart()
	}
}

// TestMutants has the suite find what is wrong with stores of one defect each.
func TestMutants(t *testing.T) {
	each := func(fn func(*outbox.Outcome)) func([]outbox.Outcome) {
		return func(list []outbox.Outcome) {
			for n := range list {
				fn(&list[n])
			}
		}
	}
	for _, test := range []struct {
		name string
		m    mutant
	}{
		{"claims what is not due yet", mutant{claim: func(_ *outboxtest.Memory, now time.Time, take []outbox.Take) (time.Time, []outbox.Take) {
			return now.Add(time.Minute), take
		}}},
		{"claims too few", mutant{claim: func(_ *outboxtest.Memory, now time.Time, take []outbox.Take) (time.Time, []outbox.Take) {
			for n := range take {
				take[n].Max = min(take[n].Max, 2)
			}
			return now, take
		}}},
		{"does not know Live", mutant{claim: func(_ *outboxtest.Memory, now time.Time, take []outbox.Take) (time.Time, []outbox.Take) {
			for n := range take {
				take[n].Live = false
			}
			return now, take
		}}},
		{"does not know strict lanes", mutant{claim: func(m *outboxtest.Memory, now time.Time, take []outbox.Take) (time.Time, []outbox.Take) {
			for _, k := range take {
				m.SetLane(k.Lane, outbox.LaneSettings{})
			}
			return now, take
		}}},
		{"forgets breakers", mutant{finish: each(func(o *outbox.Outcome) { o.Breaker = nil })}},
		{"suspends nothing", mutant{finish: each(func(o *outbox.Outcome) { o.Suspend = false })}},
		{"ends nothing", mutant{finish: each(func(o *outbox.Outcome) { o.EndLane = false })}},
		{"counts no tries", mutant{finish: each(func(o *outbox.Outcome) { o.Item.Tries = 0 })}},
		{"sends again at once", mutant{finish: each(func(o *outbox.Outcome) { o.Item.Due = time.Time{} })}},
		{"overlooks a lane", mutant{waiting: func(list []outbox.Waiting) []outbox.Waiting {
			return slices.DeleteFunc(list, func(w outbox.Waiting) bool { return w.Lane == "lane/b" })
		}}},
		{"releases all but one", mutant{release: func(items []outbox.Item) []outbox.Item { return items[1:] }}},
		{"shifts too little", mutant{shift: -time.Second}},
		{"leaves claimed what a dead process had", mutant{forgets: true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for seed := range uint64(5) {
				m := test.m
				m.Memory = outboxtest.NewMemory()
				if outboxtest.Walk(t.Context(), &m, seed, 400) != nil {
					return
				}
			}
			t.Error("the suite has found nothing")
		})
	}
}
