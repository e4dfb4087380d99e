package console_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"umdeck/theme"
	"umdeck/ui/console"
)

// clock is a clock that tests set.
type clock struct {
	mu sync.Mutex
	at time.Time // guarded by mu
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func TestGrace(t *testing.T) {
	f := newFixture(t, theme.Options{})
	c := &clock{at: noon}
	f.cfg.Now = c.now
	term := f.start(t, 100, 24)
	open := func(after time.Duration) {
		term.Keys("o")
		term.WaitStable()
		c.add(after)
		f.users.slow <- struct{}{}
		term.WaitText("Answer came")
	}
	open(2 * time.Second)
	term.Keys("y")
	c.add(100 * time.Millisecond)
	term.Keys("y")
	term.WaitStable()
	if !strings.Contains(term.Screen(), "Answer came") {
		t.Fatal("what was typed ahead has confirmed")
	}
	c.add(console.GraceQuiet + time.Millisecond)
	term.Keys("y")
	term.WaitText("deleted 1")

	open(2 * time.Second) // keys that never stop are taken after the limit
	for range 5 {
		c.add(console.GraceQuiet / 2)
		term.Keys("x")
		term.WaitStable()
	}
	c.add(console.GraceLimit - 5*console.GraceQuiet/2 + time.Millisecond)
	term.Keys("y")
	term.WaitText("deleted 2")

	open(10 * time.Millisecond) // an answer that the person still waits for
	term.Keys("y")
	term.WaitText("deleted 3")
}
