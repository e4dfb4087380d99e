package userfile

import "hash/maphash"

// A Seen remembers in which line a text came first. It keeps 12 bytes of each text,
// of whatever length: in a file of a million lines two different texts are taken for
// the same one with a chance of one in ten million.
type Seen struct {
	seed  maphash.Seed
	lines map[uint64]uint32
}

// NewSeen returns a Seen that has seen nothing.
func NewSeen() *Seen { return &Seen{maphash.MakeSeed(), map[uint64]uint32{}} }

// Add remembers a text of a kind, and returns the line that it is in already; 0: it
// is new.
func (s *Seen) Add(kind, text string, line int) int {
	var h maphash.Hash
	h.SetSeed(s.seed)
	for _, part := range []string{kind, "\x00", text} {
		_, _ = h.WriteString(part) // never fails
	}
	key := h.Sum64()
	if first, twice := s.lines[key]; twice {
		return int(first)
	}
	s.lines[key] = uint32(line)
	return 0
}
