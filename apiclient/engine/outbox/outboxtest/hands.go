package outboxtest

import (
	"testing"
	"time"

	"umdeck/apiclient/engine/outbox"
)

var (
	_ outbox.Store = (*Memory)(nil)
	_ Driver       = (*Memory)(nil)
)

// OpenMemory is an [Open].
func OpenMemory(testing.TB) Driver { return NewMemory() }

// Store is of [Driver].
func (m *Memory) Store() outbox.Store { return m }

// Now is of [Driver].
func (m *Memory) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.clock
}

// SetClock is of [Driver].
func (m *Memory) SetClock(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.clock = now
}

// AddLane is of [Driver].
func (m *Memory) AddLane(s outbox.LaneSettings) outbox.Lane {
	m.mu.Lock()
	defer m.mu.Unlock()
	name := outbox.Lane("lane/" + string(rune('a'+len(m.lanes))))
	m.lane(name).settings, m.lane(name).onward = s, false
	return name
}

// SetLane is of [Driver]. It makes the lane where there is none.
func (m *Memory) SetLane(l outbox.Lane, s outbox.LaneSettings) {
	m.mu.Lock()
	m.lane(l).settings, m.lane(l).onward = s, false
	m.mu.Unlock()
	m.woken()
}

// Add is of [Driver].
func (m *Memory) Add(l outbox.Lane, user int64) outbox.ID {
	return m.insert(outbox.Item{Lane: l, User: user})
}

// Replay is of [Driver].
func (m *Memory) Replay(l outbox.Lane, id outbox.ID) outbox.ID {
	m.mu.Lock()
	user := m.final[id].item.User
	m.mu.Unlock()
	return m.insert(outbox.Item{Lane: l, User: user, Bulk: true})
}

func (m *Memory) insert(i outbox.Item) outbox.ID {
	m.mu.Lock()
	if m.lane(i.Lane).state == ended {
		m.mu.Unlock()
		return 0
	}
	i.ID = m.last + 1
	m.mu.Unlock()
	m.Put(i)
	return i.ID
}

// Pause is of [Driver].
func (m *Memory) Pause(l outbox.Lane) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.turn(l, paused)
}

// Resume is of [Driver].
func (m *Memory) Resume(l outbox.Lane) {
	m.mu.Lock()
	m.turn(l, active)
	m.lane(l).breaker = unknown()
	m.mu.Unlock()
	m.woken()
}

// End is of [Driver].
func (m *Memory) End(l outbox.Lane) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.turn(l, ended)
}

// Stopped reports whether a lane is paused, suspended or has ended: what its sender
// finds when it reads an item that was claimed before.
func (m *Memory) Stopped(l outbox.Lane) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.lane(l).state != active
}

// Entry is of [Driver].
func (m *Memory) Entry(l outbox.Lane, id outbox.ID) Entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	if f, ok := m.final[id]; ok {
		return Entry{State: f.state, Tries: f.item.Tries, Waits: f.item.Waits}
	}
	if i, ok := m.claimed[id]; ok {
		return Entry{State: StateClaimed, Tries: i.Tries, Waits: i.Waits}
	}
	lane := m.lane(l)
	for _, i := range lane.held {
		if i.ID == id {
			return Entry{State: StateHeld, Tries: i.Tries, Waits: i.Waits}
		}
	}
	for _, q := range lane.queues() {
		for _, i := range *q {
			if i.ID == id {
				e := Entry{State: outbox.StateDue, Tries: i.Tries, Waits: i.Waits}
				if !i.Fresh() {
					e.Due = i.Due
				}
				return e
			}
		}
	}
	return Entry{}
}

// Restart is of [Driver]: what an earlier process left claimed is due again.
func (m *Memory) Restart() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, i := range m.claimed {
		delete(m.claimed, id)
		m.put(i)
	}
}
