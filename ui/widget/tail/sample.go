package tail

import (
	"fmt"
	"hash/fnv"

	"umdeck/theme"
)

// remembered is how many of the records that were left out last are known by name, so that
// one that fails afterwards is shown.
const remembered = 16_384

// A sampler leaves out a part of the new records while more come than a person can read.
// Of a record and its changes it always says the same, because it goes by the id.
type sampler struct {
	limit   int   // records a second; 0: nothing is ever left out
	every   int   // one of so many is shown, a power of two; 0: all are
	failing int   // the same for those that have failed
	since   int64 // when sampling began, as a Unix time
	spell   int64 // how many were left out since then
	leftOut int64 // and all in all
	fails   rate
	out     map[uint64]bool // the ids, hashed, of the last ones that were left out
	order   []uint64        // of out, the oldest first from next on
	next    int
}

// share returns of how many records one is shown when so many come in a second, half the
// limit being shown. Powers of two, so that what was shown at a lower share is at a higher one.
func share(rate float64, limit int) int {
	n := 1
	for rate/float64(n) > float64(limit)/2 {
		n *= 2
	}
	return n
}

func hash(id string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // it never fails
	sum := h.Sum64()
	return sum ^ sum>>29 // its low bits alone follow the last digits
}

// leaves reports whether the record is to be left out.
func (s *sampler) leaves(id string, failed bool) bool {
	switch {
	case s.every <= 1:
		return false
	case failed:
		return hash(id)%uint64(max(s.failing, 1)) != 0 //nolint:gosec // it is positive
	}
	return hash(id)%uint64(s.every) != 0 //nolint:gosec // it is positive
}

// note remembers a record that was left out.
func (s *sampler) note(id string) {
	s.leftOut++
	s.spell++
	h := hash(id)
	if s.out == nil {
		s.out = make(map[uint64]bool)
	}
	if len(s.order) < remembered {
		s.order = append(s.order, h)
	} else {
		delete(s.out, s.order[s.next])
		s.order[s.next] = h
		s.next = (s.next + 1) % remembered
	}
	s.out[h] = true
}

// knows reports whether the record is one of the last that were left out.
func (s *sampler) knows(id string) bool { return len(s.out) > 0 && s.out[hash(id)] }

// found takes back that a record was left out.
func (s *sampler) found(id string) {
	delete(s.out, hash(id))
	s.leftOut--
	s.spell--
}

// sample begins, changes or ends sampling, by how many records come. What was left out
// is said in the log when it ends.
func (m *Model[T]) sample() {
	s, now := &m.sampler, m.cfg.Now()
	if s.limit == 0 {
		return
	}
	rate := max(m.rate.perSecond(now), float64(m.rate.current(now))/2)
	switch {
	case s.every == 0 && rate <= float64(s.limit):
		return
	case s.every == 0:
		s.since, s.spell = now.Unix(), 0
	case rate < float64(s.limit)*4/5:
		m.endSample()
		return
	}
	s.every = share(rate, s.limit)
	s.failing = share(max(s.fails.perSecond(now), float64(s.fails.current(now))/2), s.limit)
}

func (m *Model[T]) endSample() {
	s := &m.sampler
	s.every, s.failing = 0, 0
	if s.spell == 0 {
		return
	}
	m.Gap(fmt.Sprintf("%s left out, above %d a second; ctrl+r reads them", records(s.spell), s.limit))
	s.spell = 0
}

func records(n int64) string {
	if n == 1 {
		return "1 row was"
	}
	return theme.Count(n) + " rows were"
}

// Tick ends sampling when less comes. Call it now and then while [Model.Rate] is not 0.
func (m *Model[T]) Tick() { m.sample() }

// Sampling returns of how many new records one is shown, 1 when all are, and how many
// were left out so far.
func (m *Model[T]) Sampling() (every int, leftOut int64) {
	return max(m.sampler.every, 1), m.sampler.leftOut
}
