package server

import (
	"sync"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

const (
	entriesKept  = 1024    // of the log, as they are streamed
	largestEntry = 4 << 10 // bytes of one that is kept
)

// entries keeps the newest entries of the log as they are streamed: those who follow it
// are told of the same ones at about the same time, and each is encoded for all of them.
// The zero value has none.
type entries struct {
	mu   sync.Mutex // guards ring
	ring [entriesKept]wire.EncodedEntry
}

// encode returns the entries as they are streamed.
func (s *entries) encode(list []apiclient.LogEntry) ([]wire.EncodedEntry, error) {
	encoded := make([]wire.EncodedEntry, len(list))
	for i, e := range list {
		var err error
		if encoded[i], err = s.entry(e); err != nil {
			return nil, err
		}
	}
	return encoded, nil
}

// entry encodes one while others who want the same wait for it.
func (s *entries) entry(e apiclient.LogEntry) (wire.EncodedEntry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := &s.ring[uint64(e.Seq)%entriesKept] //nolint:gosec // any number has a place
	if kept.Seq == e.Seq && kept.JSON != nil {
		return *kept, nil
	}
	encoded, err := wire.LogEntryOf(e).Encode()
	if err == nil && len(encoded.JSON) <= largestEntry {
		*kept = encoded
	}
	return encoded, err
}
