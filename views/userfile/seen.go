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

// Add remembers that a text of a kind is in a line, unless it was in one before.
func (s *Seen) Add(kind, text string, line int) {
	if key := s.key(kind, text); s.lines[key] == 0 {
		s.lines[key] = uint32(line)
	}
}

// Line returns the line that a text of a kind was in first; 0: in none.
func (s *Seen) Line(kind, text string) int { return int(s.lines[s.key(kind, text)]) }

func (s *Seen) key(kind, text string) uint64 {
	var h maphash.Hash
	h.SetSeed(s.seed)
	for _, part := range []string{kind, "\x00", text} {
		_, _ = h.WriteString(part) // never fails
	}
	return h.Sum64()
}
