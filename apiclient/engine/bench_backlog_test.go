package engine_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine"
)

// weighedDir is the environment variable that makes TestWeighedChild a process whose
// memory is looked at: the data folder to work in.
const weighedDir = "ENGINE_TEST_WEIGHED_DIR"

// TestWeighedChild runs an engine until it is told to end, and then prints the most heap
// that it has used. It is no test by itself.
func TestWeighedChild(t *testing.T) {
	dir := os.Getenv(weighedDir)
	if dir == "" {
		t.Skip("only BenchmarkStartWithWaiting runs this, in a process of its own")
	}
	ctx, stop := signal.NotifyContext(t.Context(), syscall.SIGTERM)
	defer stop()
	var most uint64
	var all sync.WaitGroup
	all.Go(func() {
		for ctx.Err() == nil {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
			await(ctx, time.Now().Add(20*time.Millisecond))
		}
	})
	e := must(engine.Open(t.Context(), placed(t, engine.Config{Dir: dir, AllowPrivateTargets: true})))(t)
	if err := e.Run(ctx); err != nil {
		t.Error(err)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	all.Wait()
	fmt.Println("heap", most)
}

// BenchmarkStartWithWaiting starts a process on a folder in which 100,000 deliveries to
// ten subscribers wait: the time until the first of them arrives, and the most memory
// that the process uses until the last one has.
func BenchmarkStartWithWaiting(b *testing.B) {
	for b.Loop() {
		dir, sink := b.TempDir(), newClocked(b)
		e := open(b, dir)
		paths := lanes("/to", 10)
		s := setStage(b, e, sink, paths...)
		n := portion(b, 10_000)
		s.publish(b, apiclient.TriggerLogin, n, 0)
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
		all := sink.expect(n * len(paths))
		begin := time.Now()
		child := exec.CommandContext(b.Context(), os.Args[0], "-test.run=^TestWeighedChild$")
		child.Env = inherit(dir, weighedDir+"="+dir)
		out := must(child.StdoutPipe())(b)
		if err := child.Start(); err != nil {
			b.Fatal(err)
		}
		<-all
		b.ReportMetric(sink.first.Sub(begin).Seconds(), "s-to-first")
		b.ReportMetric(float64(n*len(paths))/sink.last.Sub(sink.first).Seconds(), "deliveries/s")
		b.ReportMetric(resident(b, child.Process.Pid), "MB-resident")
		if err := child.Process.Signal(syscall.SIGTERM); err != nil {
			b.Fatal(err)
		}
		var heap float64
		for lines := bufio.NewScanner(out); lines.Scan(); {
			_, _ = fmt.Sscanf(lines.Text(), "heap %f", &heap) // the other lines are the test's own
		}
		if err := child.Wait(); err != nil {
			b.Error(err)
		}
		b.ReportMetric(heap/1e6, "MB-heap")
	}
}

// resident returns the most memory that a process has had, in MB, by the kernel's count.
func resident(b *testing.B, pid int) float64 {
	b.Helper()
	text := string(must(os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)))(b))
	_, rest, _ := strings.Cut(text, "VmHWM:")
	var kB float64
	if _, err := fmt.Sscanf(rest, "%f kB", &kB); err != nil {
		b.Fatal(err)
	}
	return kB * 1024 / 1e6
}

// BenchmarkDeliverBesideBacklog is the rate of deliveries to one subscriber while
// 1,000,000 wait for a hundred others, of whom ninety are down and ten hang, from the
// start on, in which these find that out. Beside it are the rates before those were made,
// while they are ended, which takes a batch after the other, and after that: they are
// stored then, and nothing waits.
func BenchmarkDeliverBesideBacklog(b *testing.B) {
	for b.Loop() {
		dir, sink := b.TempDir(), newClocked(b)
		e := open(b, dir)
		s := setStage(b, e, sink, "/live")
		rate := func() float64 {
			r := run(b, dir)
			s.Engine = r.Engine
			n := portion(b, 20_000)
			all := sink.expect(n)
			begin := time.Now()
			s.publish(b, apiclient.TriggerLogin, n, 0)
			<-all
			if err := r.Close(); err != nil {
				b.Error(err)
			}
			return float64(n) / sink.last.Sub(begin).Seconds()
		}
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
		without := rate()

		e = open(b, dir)
		s.Engine = e
		others := subscribe(b, e, apiclient.TriggerAccount, sink, append(lanes("/hang", 10), lanes("/down", 90)...)...)
		sink.down.Store(true)
		begin := time.Now()
		s.publish(b, apiclient.TriggerAccount, portion(b, 10_000), 0)
		b.Logf("%d deliveries made in %v", 100*portion(b, 10_000), time.Since(begin))
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
		with := rate()

		e = open(b, dir)
		for _, id := range others {
			if _, err := e.RemoveSubscription(b.Context(), id, false); err != nil {
				b.Fatal(err)
			}
		}
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
		ending := rate()
		begin = time.Now()
		nothingWaits(b, dir)
		b.Logf("ended %v later", time.Since(begin))
		stored := rate()
		b.ReportMetric(with, "deliveries/s")
		b.ReportMetric(without, "before/s")
		b.ReportMetric(with/without, "of-before")
		b.ReportMetric(ending, "ending/s")
		b.ReportMetric(stored, "ended/s")
		b.ReportMetric(with/stored, "of-ended")
	}
}

// nothingWaits runs an engine until nothing waits in it any more.
func nothingWaits(b *testing.B, dir string) {
	b.Helper()
	r := run(b, dir)
	for {
		h := must(r.Health(b.Context()))(b)
		if h.Due == 0 && h.Held == 0 {
			break
		}
		await(b.Context(), time.Now().Add(100*time.Millisecond))
	}
	if err := r.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkSinkComesBack is a subscriber that is down while 50,000 deliveries gather, and
// comes back: how fast they go out, beside the rate that it is limited to, and the time
// from event to arrival at another subscriber meanwhile.
func BenchmarkSinkComesBack(b *testing.B) {
	const limit, live = 1000, 100
	for b.Loop() {
		sink := newClocked(b)
		s := setStage(b, runFor(b, b.TempDir()), sink, "/live")
		down := subscribe(b, s.Engine, apiclient.TriggerAccount, sink, "/down")[0]
		rate := float64(limit)
		if _, err := s.UpdateSubscription(b.Context(), down, apiclient.SubscriptionUpdate{Rate: &rate}); err != nil {
			b.Fatal(err)
		}
		sink.down.Store(true)
		n := portion(b, 50_000)
		s.publish(b, apiclient.TriggerAccount, n, 0)

		lively := n * live / limit
		all := sink.expect(n + lively)
		sink.down.Store(false)
		for _, state := range []apiclient.SubscriptionState{apiclient.SubscriptionPaused, apiclient.SubscriptionActive} {
			if _, err := s.UpdateSubscription(b.Context(), down, apiclient.SubscriptionUpdate{State: &state}); err != nil {
				b.Fatal(err)
			}
		}
		begin := time.Now()
		began := s.publish(b, apiclient.TriggerLogin, lively, live)
		<-all
		list := sink.since(began)
		b.ReportMetric(float64(n)/sink.last.Sub(begin).Seconds(), "drained/s")
		b.ReportMetric(limit, "limit/s")
		reportMS(b, list, 0.5, "live-p50-ms")
		reportMS(b, list, 0.99, "live-p99-ms")
		sub := must(s.Subscription(b.Context(), down))(b)
		b.ReportMetric(float64(sub.Dead), "dead")
	}
}
