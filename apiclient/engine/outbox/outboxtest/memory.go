package outboxtest

import (
	"cmp"
	"container/heap"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"umdeck/apiclient/engine/outbox"
)

// ErrNotClaimed is a Memory's answer to the result or the release of an item that is
// not claimed. The contract forgives it; no outbox should get so far.
var ErrNotClaimed = errors.New("the item is not claimed")

// A Memory is a store without a disk. The zero value is not ready: use [NewMemory].
type Memory struct {
	mu      sync.Mutex // guards all below
	lanes   map[outbox.Lane]*memoryLane
	claimed map[outbox.ID]outbox.Item
	final   map[outbox.ID]finished
	log     []outbox.Outcome
	broken  error
	refused int
	looks   int
	open    int // items not final
	last    outbox.ID
	clock   time.Time // of Now
	wake    func()
	hand    func([]outbox.Item)
	settled chan struct{}
}

// finished is a final item.
type finished struct {
	item  outbox.Item
	state outbox.State
}

// laneState is what an operator, a breaker or the far side has made of a lane.
type laneState int

const (
	active laneState = iota
	paused           // by an operator, or suspended
	ended
)

type memoryLane struct {
	state    laneState
	settings outbox.LaneSettings
	breaker  outbox.Breaker
	fresh    [2]queue // by ID; the second is what is Bulk
	sent     [2]queue // by Due
	held     []outbox.Item
	onward   bool // new items are handed over
}

// queue is a heap of items.
type queue []outbox.Item

func (q queue) Len() int { return len(q) }

func (q queue) Less(i, j int) bool {
	if q[i].Fresh() {
		return q[i].ID < q[j].ID
	}
	return cmp.Or(q[i].Due.Compare(q[j].Due), cmp.Compare(q[i].ID, q[j].ID)) < 0
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(outbox.Item)) }
func (q *queue) Pop() any {
	old := *q
	last := old[len(old)-1]
	old[len(old)-1] = outbox.Item{}
	*q = old[:len(old)-1]
	return last
}

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{
		clock: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		lanes: map[outbox.Lane]*memoryLane{}, claimed: map[outbox.ID]outbox.Item{}, final: map[outbox.ID]finished{},
		settled: make(chan struct{}, 1),
	}
}

// OnAdd has fn called whenever something may have become due, as an engine wakes its
// outbox.
func (m *Memory) OnAdd(fn func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.wake = fn
}

// HandTo has the lanes hand over new items to fn that may, see [outbox.Take].
func (m *Memory) HandTo(fn func([]outbox.Item)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.hand = fn
}

// Settled receives when no item is left that is not final.
func (m *Memory) Settled() <-chan struct{} { return m.settled }

// Break has every call fail with err until it is called with nil.
func (m *Memory) Break(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.broken = err
}

// Refused returns how many calls that record something have failed.
func (m *Memory) Refused() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.refused
}

// Looks returns how often Waiting was called.
func (m *Memory) Looks() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.looks
}

// Outcomes returns all results that were recorded, in their order.
func (m *Memory) Outcomes() []outbox.Outcome {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.log)
}

// States counts the items by state.
func (m *Memory) States() map[string]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	count := map[string]int{}
	for _, f := range m.final {
		count[string(f.state)]++
	}
	for _, l := range m.lanes {
		for _, q := range l.queues() {
			count[string(outbox.StateDue)] += q.Len()
		}
		count[string(StateHeld)] += len(l.held)
	}
	count[string(StateClaimed)] = len(m.claimed)
	maps.DeleteFunc(count, func(_ string, n int) bool { return n == 0 })
	return count
}

// Breaker returns what the store has of a lane's breaker.
func (m *Memory) Breaker(l outbox.Lane) outbox.Breaker {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.lane(l).breaker
}

// Put stores items with the IDs that they have, and makes their lanes.
func (m *Memory) Put(items ...outbox.Item) {
	if m.store(items) {
		m.woken()
	}
}

// store reports whether something is due now.
func (m *Memory) store(items []outbox.Item) (due bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var handed []outbox.Item
	for _, i := range items {
		m.last = max(m.last, i.ID)
		m.open++
		if l := m.lane(i.Lane); l.onward && l.state == active && i.Fresh() && !i.Bulk {
			m.claimed[i.ID] = i
			handed = append(handed, i)
			continue
		}
		due = true
		m.put(i)
	}
	if len(handed) > 0 {
		m.hand(handed)
	}
	return due
}

func (m *Memory) woken() {
	m.mu.Lock()
	wake := m.wake
	m.mu.Unlock()
	if wake != nil {
		wake()
	}
}

func (m *Memory) lane(name outbox.Lane) *memoryLane {
	l := m.lanes[name]
	if l == nil {
		l = &memoryLane{breaker: unknown()}
		m.lanes[name] = l
	}
	return l
}

// unknown returns the breaker of a lane that was made or resumed now.
func unknown() outbox.Breaker { return outbox.Breaker{Success: time.Now()} }

// put makes an item due, or what its lane demands.
func (m *Memory) put(i outbox.Item) {
	l := m.lane(i.Lane)
	l.onward = false
	switch l.state {
	case ended:
		m.finalize(i, outbox.StateGone)
	case paused:
		l.held = append(l.held, i)
	case active:
		heap.Push(l.queue(i), i)
	}
}

func (m *Memory) finalize(i outbox.Item, s outbox.State) {
	m.final[i.ID] = finished{i, s}
	m.open--
	if m.open == 0 {
		select {
		case m.settled <- struct{}{}:
		default:
		}
	}
}

// queue returns the queue of the lane that an item belongs into.
func (l *memoryLane) queue(i outbox.Item) *queue {
	bulk := 0
	if i.Bulk {
		bulk = 1
	}
	if i.Fresh() {
		return &l.fresh[bulk]
	}
	return &l.sent[bulk]
}

// queues returns all queues, in the order in which they are claimed from.
func (l *memoryLane) queues() [4]*queue {
	return [4]*queue{&l.sent[0], &l.fresh[0], &l.sent[1], &l.fresh[1]}
}

// head returns the place of the one that was sent before and holds a strict lane.
func (l *memoryLane) head() (q *queue, at int, ok bool) {
	for bulk := range l.sent {
		q := &l.sent[bulk]
		if q.Len() == 0 {
			continue
		}
		at := 0
		for n := range *q {
			if (*q)[n].ID < (*q)[at].ID {
				at = n
			}
		}
		return q, at, true
	}
	return nil, 0, false
}

// due returns when the lane has something due.
func (l *memoryLane) due() (due time.Time, ok bool) {
	if q, at, held := l.head(); held && l.settings.Strict {
		return (*q)[at].Due, true
	}
	for _, q := range l.queues() {
		if q.Len() == 0 {
			continue
		}
		if first := (*q)[0]; first.Fresh() {
			return time.Time{}, true
		} else if !ok || first.Due.Before(due) {
			due, ok = first.Due, true
		}
	}
	return due, ok
}

// Waiting is of [outbox.Store].
func (m *Memory) Waiting(context.Context) ([]outbox.Waiting, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.looks++
	if m.broken != nil {
		return nil, m.broken
	}
	var list []outbox.Waiting
	for name, l := range m.lanes {
		if due, ok := l.due(); ok {
			list = append(list, outbox.Waiting{Lane: name, Due: due, Settings: l.settings, Breaker: l.breaker})
		}
	}
	return list, nil
}

// Claim is of [outbox.Store].
func (m *Memory) Claim(_ context.Context, now time.Time, take []outbox.Take) ([]outbox.Item, error) {
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
		l := m.lane(t.Lane)
		list := l.claim(now, t)
		for _, i := range list {
			m.claimed[i.ID] = i
			items = append(items, i)
		}
		l.onward = t.Onward && m.hand != nil && !l.settings.Strict && len(t.Skip) == 0 && len(list) < t.Max
	}
	return items, nil
}

func (l *memoryLane) claim(now time.Time, t outbox.Take) (items []outbox.Item) {
	if q, at, ok := l.head(); ok && l.settings.Strict {
		if i := (*q)[at]; !i.Due.After(now) && (!t.Live || !i.Bulk) {
			heap.Remove(q, at)
			return []outbox.Item{i}
		}
		return nil
	}
	queues := l.queues()
	if t.Live {
		queues[2], queues[3] = &queue{}, &queue{}
	}
	var skipped []outbox.Item
	for _, q := range queues {
		for len(items) < t.Max && q.Len() > 0 && ((*q)[0].Fresh() || !(*q)[0].Due.After(now)) {
			i := heap.Pop(q).(outbox.Item)
			if i.Fresh() && slices.Contains(t.Skip, i.User) {
				skipped = append(skipped, i)
			} else {
				items = append(items, i)
			}
		}
	}
	for _, i := range skipped {
		heap.Push(l.queue(i), i)
	}
	return items
}

// record fails where nothing is recorded.
func (m *Memory) record(ctx context.Context) error {
	err := cmp.Or(m.broken, ctx.Err())
	if err != nil {
		m.refused++
	}
	return err
}

// Finish is of [outbox.Store].
func (m *Memory) Finish(ctx context.Context, list []outbox.Outcome) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.record(ctx); err != nil {
		return err
	}
	for _, o := range list {
		if _, ok := m.claimed[o.Item.ID]; !ok {
			return ErrNotClaimed
		}
		delete(m.claimed, o.Item.ID)
		m.log = append(m.log, o)
		l := m.lane(o.Item.Lane)
		if o.Breaker != nil {
			l.breaker = *o.Breaker
		}
		if o.EndLane {
			m.turn(o.Item.Lane, ended)
		} else if o.Suspend {
			m.turn(o.Item.Lane, paused)
		}
		if o.State == outbox.StateDue {
			m.put(o.Item)
		} else {
			m.finalize(o.Item, o.State)
		}
	}
	return nil
}

// turn puts a lane into a state, and what waits in it into the state that this demands.
func (m *Memory) turn(name outbox.Lane, s laneState) {
	l := m.lane(name)
	if l.state == ended {
		return
	}
	l.state, l.onward = s, false
	waiting := l.held
	for _, q := range l.queues() {
		waiting = append(waiting, *q...)
		*q = nil
	}
	l.held = nil
	for _, i := range waiting {
		m.put(i)
	}
}

// Release is of [outbox.Store].
func (m *Memory) Release(ctx context.Context, items []outbox.Item) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.record(ctx); err != nil {
		return err
	}
	for _, i := range items {
		c, ok := m.claimed[i.ID]
		if !ok {
			return ErrNotClaimed
		}
		delete(m.claimed, i.ID)
		m.put(c)
	}
	return nil
}

// KeepBack is of [outbox.Store].
func (m *Memory) KeepBack(ctx context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.record(ctx); err != nil {
		return err
	}
	for _, l := range m.lanes {
		l.onward = false
	}
	return nil
}

// Shift is of [outbox.Store].
func (m *Memory) Shift(ctx context.Context, by time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.record(ctx); err != nil {
		return err
	}
	for _, l := range m.lanes {
		for _, list := range [][]outbox.Item{l.sent[0], l.sent[1], l.held} {
			for n := range list {
				list[n].Due = list[n].Due.Add(-by)
			}
		}
		for _, t := range []*time.Time{&l.breaker.Open, &l.breaker.Probe, &l.breaker.Success} {
			if !t.IsZero() {
				*t = t.Add(-by)
			}
		}
	}
	for id, i := range m.claimed {
		i.Due = i.Due.Add(-by)
		m.claimed[id] = i
	}
	return nil
}
