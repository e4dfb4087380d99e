package engine_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/remote"
	"umdeck/apiclient/server"
)

const (
	consoles = 10              // that follow the log at once
	catchUp  = 2 * time.Minute // how long they may take to come to its end, on a slow machine

	// followedURL, followedPassword and followedAfter are the environment variables that
	// make TestFollowingChild a process that follows a log.
	followedURL      = "ENGINE_TEST_FOLLOWED_URL"
	followedPassword = "ENGINE_TEST_FOLLOWED_PASSWORD"
	followedAfter    = "ENGINE_TEST_FOLLOWED_AFTER"
)

// BenchmarkTail is the rate of deliveries at 1,000 a second, and as fast as they go, while
// nobody follows the log (before and after) and while ten consoles in another process do
// over HTTP: each is told of every entry once and in order, or it fails. behind-ms is how
// long after the last record the last console has been told of all.
func BenchmarkTail(b *testing.B) {
	for _, c := range []struct {
		name   string
		rate   float64
		events int
	}{{"rate=1000", 1000, 10_000}, {"rate=most", 0, 10_000}} {
		b.Run(c.name, func(b *testing.B) {
			sink := newClocked(b)
			s := setStage(b, runFor(b, b.TempDir()), sink, "/tail")
			site := serve(b, s)
			n := portion(b, c.events)
			for b.Loop() {
				before := s.pace(b, sink, n, c.rate)
				start := must(s.LogSpan(b.Context(), time.Time{}))(b).Last
				f := follow(b, site, start)
				followed := s.pace(b, sink, n, c.rate)
				behind, gaps := f.end(b, s, start)
				after := s.pace(b, sink, n, c.rate)
				alone := pace{(before.rate + after.rate) / 2, (before.cpu + after.cpu) / 2}
				b.ReportMetric(alone.rate, "alone/s")
				b.ReportMetric(followed.rate, "followed/s")
				b.ReportMetric(100*(1-followed.rate/alone.rate), "%-slower")
				b.ReportMetric(alone.cpu, "alone-cpu-us/delivery")
				b.ReportMetric(followed.cpu, "followed-cpu-us/delivery")
				b.ReportMetric(float64(gaps), "gaps")
				b.ReportMetric(float64(behind.Milliseconds()), "behind-ms")
			}
		})
	}
}

// A pace is how fast deliveries went.
type pace struct {
	rate float64 // a second, from the first event to the last arrival
	cpu  float64 // of this process for each, in microseconds
}

// pace publishes n events. It returns when what they made is recorded.
func (s stage) pace(b *testing.B, sink *clocked, n int, rate float64) pace {
	b.Helper()
	all := sink.expect(n)
	begin, cpu := time.Now(), cpuTime(b)
	s.publish(b, apiclient.TriggerLogin, n, rate)
	<-all
	undone := apiclient.Filter{Op: apiclient.Or, Terms: []apiclient.Filter{
		apiclient.FieldIs("state", string(apiclient.DeliveryDue)), apiclient.FieldIs("state", string(apiclient.DeliveryClaimed)),
	}}
	for len(must(s.Deliveries(b.Context(), apiclient.DeliveryQuery{Filter: undone, Limit: 1}))(b).Deliveries) > 0 {
		await(b.Context(), time.Now().Add(5*time.Millisecond))
	}
	return pace{float64(n) / sink.last.Sub(begin).Seconds(), float64((cpuTime(b) - cpu).Microseconds()) / float64(n)}
}

// serve serves an engine on 127.0.0.1 and returns how a client reaches it.
func serve(b *testing.B, s stage) remote.Config {
	b.Helper()
	var lc net.ListenConfig
	listener := must(lc.Listen(b.Context(), "tcp", "127.0.0.1:0"))(b)
	h := must(server.New(server.Config{API: s.Engine, Authenticate: s.Authenticate}))(b)
	_, password, err := s.CreatePassword(b.Context(), 1, "consoles")
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(b.Context()))
	done := make(chan error, 1)
	go func() { done <- h.Serve(ctx, listener) }()
	b.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			b.Error(err)
		}
	})
	return remote.Config{URL: "http://" + listener.Addr().String(), User: "admin", Password: password}
}

// A following is a process whose consoles follow a log.
type following struct {
	child *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Scanner
}

// follow starts the process. It returns when its consoles are connected.
func follow(b *testing.B, site remote.Config, after int64) following {
	b.Helper()
	child := exec.CommandContext(b.Context(), os.Args[0], "-test.run=^TestFollowingChild$")
	child.Env = append(os.Environ(), "UMDECK_TEST_ON=sqlite", followedURL+"="+site.URL, followedPassword+"="+site.Password.Reveal(), fmt.Sprint(followedAfter, "=", after))
	child.Stderr = os.Stderr
	f := following{child, must(child.StdinPipe())(b), bufio.NewScanner(must(child.StdoutPipe())(b))}
	if err := child.Start(); err != nil {
		b.Fatal(err)
	}
	if !f.out.Scan() || f.out.Text() != "connected" {
		_ = child.Wait()
		b.Fatalf("the consoles are not connected: %s", f.out.Text())
	}
	return f
}

// end waits until the consoles have come to the end of the log, and compares what they
// were told of with what is stored. It returns how many of them were told of anything else.
func (f following) end(b *testing.B, s stage, start int64) (behind time.Duration, gaps int) {
	b.Helper()
	recorded := time.Now()
	last := must(s.LogSpan(b.Context(), time.Time{}))(b).Last
	if _, err := fmt.Fprintln(f.in, last); err != nil {
		b.Fatal(err)
	}
	var want heard
	stop := errors.New("that is all")
	err := s.Watch(b.Context(), start, func(entries []apiclient.LogEntry) error {
		want.tell(entries)
		if want.last >= last {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) {
		b.Fatal(err)
	}
	for i := range consoles {
		var got heard
		if !f.out.Scan() {
			b.Fatalf("%d consoles tell what they were told of", i)
		}
		if _, err := fmt.Sscan(f.out.Text(), &got.count, &got.last, &got.sum); err != nil {
			b.Fatalf("%q: %v", f.out.Text(), err)
		}
		behind = time.Since(recorded)
		if got != want {
			gaps++
			b.Errorf("a console was told of %d entries up to %d; %d up to %d are stored", got.count, got.last, want.count, want.last)
		}
	}
	for f.out.Scan() { // the rest is the test's own
	}
	if err := f.child.Wait(); err != nil {
		b.Error(err)
	}
	return behind, gaps
}

// heard is what somebody was told of: entries that are missing, repeated or out of their
// order make it another one.
type heard struct {
	count int
	last  int64
	sum   uint64
}

func (h *heard) tell(entries []apiclient.LogEntry) {
	for _, e := range entries {
		hash := fnv.New64a()
		_, _ = hash.Write(binary.BigEndian.AppendUint64(nil, h.sum))
		_, _ = hash.Write(binary.BigEndian.AppendUint64(nil, uint64(e.Seq))) //nolint:gosec // it is positive
		h.count, h.last, h.sum = h.count+1, e.Seq, hash.Sum64()
	}
}

// TestFollowingChild follows a log with ten clients until each has come to the entry that
// it reads from its input, which must be the last one, and prints what they were told of.
// It is no test by itself.
func TestFollowingChild(t *testing.T) {
	site := remote.Config{URL: os.Getenv(followedURL), User: "admin", Password: apiclient.NewSecret(os.Getenv(followedPassword))}
	if site.URL == "" {
		t.Skip("only BenchmarkTail runs this, in a process of its own")
	}
	var after, last int64
	if _, err := fmt.Sscan(os.Getenv(followedAfter), &after); err != nil {
		t.Fatal(err)
	}
	var connected, all sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	told := make([]console, consoles)
	for i := range told {
		told[i].more = make(chan struct{}, 1)
		connected.Add(1)
		once := sync.OnceFunc(connected.Done)
		all.Go(func() {
			defer once()
			told[i].watch(ctx, t, site, after, once)
		})
	}
	connected.Wait()
	fmt.Println("connected")
	if _, err := fmt.Scan(&last); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(ctx, catchUp)
	defer cancel()
	for i := range told {
		h := told[i].heard(ctx, last)
		fmt.Println(h.count, h.last, h.sum)
	}
	stop()
	all.Wait()
}

// A console is a client of TestFollowingChild.
type console struct {
	more chan struct{} // has something while told has grown

	mu   sync.Mutex // guards told
	told heard
}

func (c *console) watch(ctx context.Context, t *testing.T, site remote.Config, after int64, connected func()) {
	api, err := remote.Open(ctx, site)
	if err != nil {
		t.Error(err)
		return
	}
	err = api.Watch(ctx, after, func(entries []apiclient.LogEntry) error {
		connected()
		c.mu.Lock()
		defer c.mu.Unlock()
		c.told.tell(entries)
		select {
		case c.more <- struct{}{}:
		default:
		}
		return nil
	})
	if err := errors.Join(err, api.Close()); err != nil {
		t.Error(err)
	}
}

// heard waits until the console has been told of an entry, or ctx ends.
func (c *console) heard(ctx context.Context, last int64) heard {
	for {
		c.mu.Lock()
		h := c.told
		c.mu.Unlock()
		if h.last >= last || ctx.Err() != nil {
			return h
		}
		select {
		case <-c.more:
		case <-ctx.Done():
		}
	}
}
