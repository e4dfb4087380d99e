package outbox_test

import (
	"cmp"
	"container/heap"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"umdeck/apiclient/engine/outbox"
)

// memory is a Store without a disk.
type memory struct {
	mu      sync.Mutex // guards all below
	due     map[outbox.Lane]*queue
	claimed map[outbox.ID]outbox.Item
	final   map[outbox.ID]outbox.State
	held    map[outbox.Lane][]outbox.Item
	paused  map[outbox.Lane]bool
	ended   map[outbox.Lane]bool
	log     []outbox.Outcome
	broken  error // what every call fails with; nil: none
	refused int   // Finish and Release calls that failed
	looks   int   // Waiting calls
	settled chan struct{}
	waiting int // items not final
	wake    func()
}

func newMemory() *memory {
	return &memory{
		due: map[outbox.Lane]*queue{}, claimed: map[outbox.ID]outbox.Item{}, final: map[outbox.ID]outbox.State{},
		held: map[outbox.Lane][]outbox.Item{}, paused: map[outbox.Lane]bool{}, ended: map[outbox.Lane]bool{},
		settled: make(chan struct{}, 1),
	}
}

// queue is a heap of items by time and id.
type queue []outbox.Item

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return cmp.Or(q[i].Due.Compare(q[j].Due), cmp.Compare(q[i].ID, q[j].ID)) < 0
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(outbox.Item)) }
func (q *queue) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}

// add stores items and wakes the outbox that start has started.
func (m *memory) add(items ...outbox.Item) {
	m.mu.Lock()
	for _, i := range items {
		m.waiting++
		m.put(i)
	}
	wake := m.wake
	m.mu.Unlock()
	if wake != nil {
		wake()
	}
}

// put makes an item due, or what its lane demands.
func (m *memory) put(i outbox.Item) {
	switch {
	case m.ended[i.Lane]:
		m.finalize(i, outbox.StateGone)
	case m.paused[i.Lane]:
		m.held[i.Lane] = append(m.held[i.Lane], i)
	default:
		q := m.due[i.Lane]
		if q == nil {
			q = &queue{}
			m.due[i.Lane] = q
		}
		heap.Push(q, i)
	}
}

func (m *memory) finalize(i outbox.Item, s outbox.State) {
	m.final[i.ID] = s
	m.waiting--
	if m.waiting == 0 {
		select {
		case m.settled <- struct{}{}:
		default:
		}
	}
}

func (m *memory) pause(l outbox.Lane) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.paused[l] = true
	if q := m.due[l]; q != nil {
		m.held[l] = append(m.held[l], *q...)
		delete(m.due, l)
	}
}

func (m *memory) resume(l outbox.Lane) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.paused, l)
	for _, i := range m.held[l] {
		m.put(i)
	}
	delete(m.held, l)
}

func (m *memory) breakWith(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.broken = err
}

func (m *memory) Waiting(context.Context) ([]outbox.Waiting, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.looks++
	if m.broken != nil {
		return nil, m.broken
	}
	var list []outbox.Waiting
	for l, q := range m.due {
		if q.Len() > 0 {
			list = append(list, outbox.Waiting{Lane: l, Due: (*q)[0].Due})
		}
	}
	return list, nil
}

func (m *memory) Claim(_ context.Context, now time.Time, take []outbox.Take) ([]outbox.Item, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken != nil {
		return nil, m.broken
	}
	var items []outbox.Item
	for _, t := range take {
		if t.Max < 1 {
			return nil, fmt.Errorf("take of %d items of lane %s", t.Max, t.Lane)
		}
		q := m.due[t.Lane]
		for n := 0; q != nil && n < t.Max && q.Len() > 0 && !(*q)[0].Due.After(now); n++ {
			i := heap.Pop(q).(outbox.Item)
			m.claimed[i.ID] = i
			items = append(items, i)
		}
	}
	return items, nil
}

var errNotClaimed = errors.New("the item is not claimed")

func (m *memory) Finish(ctx context.Context, list []outbox.Outcome) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := cmp.Or(m.broken, ctx.Err()); err != nil {
		m.refused++
		return err
	}
	for _, o := range list {
		if err := m.finish(o); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) finish(o outbox.Outcome) error {
	if _, ok := m.claimed[o.Item.ID]; !ok {
		return errNotClaimed // the contract forgives it; no test here should get so far
	}
	delete(m.claimed, o.Item.ID)
	m.log = append(m.log, o)
	if o.EndLane {
		m.ended[o.Item.Lane] = true
		if q := m.due[o.Item.Lane]; q != nil {
			for _, i := range *q {
				m.finalize(i, outbox.StateGone)
			}
			delete(m.due, o.Item.Lane)
		}
	}
	if o.State == outbox.StateDue {
		m.put(o.Item)
	} else {
		m.finalize(o.Item, o.State)
	}
	return nil
}

func (m *memory) Release(ctx context.Context, items []outbox.Item) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := cmp.Or(m.broken, ctx.Err()); err != nil {
		m.refused++
		return err
	}
	for _, i := range items {
		c, ok := m.claimed[i.ID]
		if !ok {
			return errNotClaimed
		}
		delete(m.claimed, i.ID)
		m.put(c)
	}
	return nil
}

func (m *memory) Shift(context.Context, time.Duration) error { return nil }

// states counts the items: by final state, "due", "held" and "claimed".
func (m *memory) states() map[string]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	count := map[string]int{}
	for _, s := range m.final {
		count[string(s)]++
	}
	for _, q := range m.due {
		if q.Len() > 0 {
			count["due"] += q.Len()
		}
	}
	for _, h := range m.held {
		count["held"] += len(h)
	}
	if len(m.claimed) > 0 {
		count["claimed"] = len(m.claimed)
	}
	return count
}

func (m *memory) outcomes() []outbox.Outcome {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.log)
}

// senderFunc is a Sender of one function.
type senderFunc func(context.Context, outbox.Item) outbox.Result

func (f senderFunc) Send(ctx context.Context, i outbox.Item) outbox.Result { return f(ctx, i) }
