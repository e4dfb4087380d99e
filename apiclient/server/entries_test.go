package server

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// TestEntriesForMany encodes the same entries for many at once, more than are kept and
// some larger than what is: everyone gets each as it is.
func TestEntriesForMany(t *testing.T) {
	var list []apiclient.LogEntry
	for seq := range int64(3 * entriesKept) {
		login := fmt.Sprint("user", seq)
		if seq%100 == 7 {
			login = strings.Repeat("x", largestEntry)
		}
		list = append(list, apiclient.LogEntry{Seq: seq, Kind: apiclient.LogEvent, Event: &apiclient.Event{ID: apiclient.EventID(seq), Login: login}})
	}
	var want []wire.EncodedEntry
	for _, e := range list {
		encoded, err := wire.LogEntryOf(e).Encode()
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, encoded)
	}
	var s entries
	var all sync.WaitGroup
	for from := range 8 {
		all.Go(func() {
			got, err := s.encode(list[from:])
			if err != nil || !slices.EqualFunc(want[from:], got, func(a, b wire.EncodedEntry) bool { return a.Seq == b.Seq && bytes.Equal(a.JSON, b.JSON) }) {
				t.Errorf("who begins with entry %d gets others, %v", from, err)
			}
		})
	}
	all.Wait()
	for _, kept := range s.ring {
		if len(kept.JSON) > largestEntry {
			t.Errorf("entry %d has %d bytes and is kept", kept.Seq, len(kept.JSON))
		}
	}
}
