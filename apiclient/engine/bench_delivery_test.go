package engine_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
)

// publishers is how many callers raise events at once.
const publishers = 64

// A stage is an engine with members, and with a zap whose subscribers are paths of a sink.
type stage struct {
	*engine.Engine
	users []apiclient.UserID
}

// setStage fills a new engine, whose zap waits for logins.
func setStage(b *testing.B, e *engine.Engine, sink *clocked, paths ...string) stage {
	b.Helper()
	s := stage{Engine: e}
	subscribe(b, e, apiclient.TriggerLogin, sink, paths...)
	for i := range 100 {
		s.users = append(s.users, must(s.CreateUser(b.Context(), member(i)))(b).ID)
	}
	return s
}

// subscribe makes a zap with some fields, and a subscription for each path.
func subscribe(b *testing.B, e *engine.Engine, t apiclient.Trigger, sink *clocked, paths ...string) (list []apiclient.SubscriptionID) {
	b.Helper()
	z := must(e.CreateZap(b.Context(), apitest.TriggerZap("Bench "+string(t), t, "user_email", "first_name", "last_name")))(b)
	for _, p := range paths {
		sub, _, err := e.AddSubscription(b.Context(), apiclient.NewSubscription{Zap: z.ID, URL: sink.url + p})
		if err != nil {
			b.Fatal(err)
		}
		list = append(list, sub.ID)
	}
	return list
}

// runFor is run for as long as the benchmark lasts.
func runFor(b *testing.B, dir string) *engine.Engine {
	b.Helper()
	e := run(b, dir)
	b.Cleanup(func() {
		if err := e.Close(); err != nil {
			b.Error(err)
		}
	})
	return e.Engine
}

// lanes returns n paths of a sink.
func lanes(prefix string, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("%s/%d", prefix, i)
	}
	return list
}

// publish raises n events from many callers, at most so many a second (0: as fast as
// they go), and returns when each one was asked for.
func (s stage) publish(b *testing.B, t apiclient.Trigger, n int, rate float64) map[apiclient.EventID]time.Time {
	b.Helper()
	var (
		next  atomic.Int64
		all   sync.WaitGroup
		mu    sync.Mutex // guards began
		began = make(map[apiclient.EventID]time.Time, n)
	)
	begin := time.Now()
	for range publishers {
		all.Go(func() {
			for {
				i := int(next.Add(1))
				if i > n {
					return
				}
				if rate > 0 {
					await(b.Context(), begin.Add(time.Duration(float64(i)/rate*float64(time.Second))))
				}
				from := time.Now()
				e, err := s.FireTrigger(b.Context(), t, s.users[i%len(s.users)])
				if err != nil {
					b.Error(err)
					return
				}
				mu.Lock()
				began[e.ID] = from
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return began
}

// BenchmarkDeliver is the rate of deliveries from the first event to the last arrival,
// with rendering, signing and the records of attempts on: to one subscriber, and to
// twenty of the same zap. limit/s is a bare loop with as many requests at once.
func BenchmarkDeliver(b *testing.B) {
	for _, c := range []struct{ subscribers, events, atOnce int }{{1, 20_000, 4}, {20, 2_000, 64}} {
		b.Run(fmt.Sprintf("subscribers=%d", c.subscribers), func(b *testing.B) {
			sink := newClocked(b)
			s := setStage(b, runFor(b, b.TempDir()), sink, lanes("/to", c.subscribers)...)
			events := portion(b, c.events)
			n := events * c.subscribers
			for b.Loop() {
				all := sink.expect(n)
				begin, cpu := time.Now(), cpuTime(b)
				began := s.publish(b, apiclient.TriggerLogin, events, 0)
				accepted := time.Since(begin)
				<-all
				cpu = cpuTime(b) - cpu
				rate := float64(n) / sink.last.Sub(begin).Seconds()
				list := sink.since(began)
				limit, _ := bare(b, sink, n, c.atOnce, 0)
				b.ReportMetric(rate, "deliveries/s")
				b.ReportMetric(limit, "limit/s")
				b.ReportMetric(rate/limit, "of-limit")
				b.ReportMetric(float64(events)/accepted.Seconds(), "accepted/s")
				b.ReportMetric(float64(cpu.Microseconds())/float64(n), "cpu-us/delivery")
				reportMS(b, list, 0.5, "p50-ms")
				reportMS(b, list, 0.99, "p99-ms")
			}
		})
	}
}

// cpuTime returns what the process has computed so far, on all its cores: on a machine
// that others use too it says more than the rate.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkDeliverPaced is the time from event to arrival at 500 events a second.
func BenchmarkDeliverPaced(b *testing.B) {
	const rate = 500
	sink := newClocked(b)
	s := setStage(b, runFor(b, b.TempDir()), sink, "/paced")
	events := portion(b, 20*rate)
	for b.Loop() {
		all := sink.expect(events)
		began := s.publish(b, apiclient.TriggerLogin, events, rate)
		<-all
		list := sink.since(began)
		_, limit := bare(b, sink, events, 4, rate)
		reportMS(b, list, 0.5, "p50-ms")
		reportMS(b, list, 0.99, "p99-ms")
		reportMS(b, limit, 0.5, "limit-p50-ms")
		reportMS(b, limit, 0.99, "limit-p99-ms")
	}
}

// BenchmarkDeliverBesideHanging is the time from event to arrival at ninety subscribers
// of a zap, of which ten more hang until the sender gives up.
func BenchmarkDeliverBesideHanging(b *testing.B) {
	const well, hanging, rate = 90, 10, 5
	sink := newClocked(b)
	s := setStage(b, runFor(b, b.TempDir()), sink, append(lanes("/hang", hanging), lanes("/well", well)...)...)
	events := portion(b, 60*rate)
	for b.Loop() {
		all := sink.expect(events * well)
		began := s.publish(b, apiclient.TriggerLogin, events, rate)
		<-all
		list := sink.since(began)
		_, limit := bare(b, sink, events*well, publishers, rate*well)
		reportMS(b, list, 0.5, "p50-ms")
		reportMS(b, list, 0.99, "p99-ms")
		reportMS(b, limit, 0.99, "limit-p99-ms")
	}
}
