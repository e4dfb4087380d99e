package triggerlog_test

import (
	"testing"
	"time"

	"github.com/muesli/termenv"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/ui"
	"umdeck/views/list"
	"umdeck/views/live"
	"umdeck/views/triggerlog"
)

func full(b *testing.B, filter string) *triggerlog.Screen {
	b.Helper()
	s := &site{}
	env := &ui.Env{Ctx: b.Context(), Now: func() time.Time { return noon }, Theme: theme.New(theme.Options{Profile: termenv.TrueColor})}
	screen := triggerlog.New(list.Config{Env: env, API: s, Hub: live.New(live.Config{API: s})})
	screen.Init()
	screen.Update(list.LiveMsg{Batch: batch(0, 10_000)})
	screen.Open("log?filter=" + filter)
	return screen
}

func batch(from, to int) live.Batch {
	b := live.Batch{State: live.Live}
	for id := from; id < to; id++ {
		d := delivery(id + 1)
		b.Entries = append(b.Entries, apiclient.LogEntry{Kind: apiclient.LogAttempt, Delivery: &d})
	}
	return b
}

func BenchmarkView(b *testing.B) {
	s := full(b, "")
	for b.Loop() {
		s.View(120, 32)
	}
}

// BenchmarkBatch is what 50 ms of 200 deliveries a second take.
func BenchmarkBatch(b *testing.B) {
	for _, filter := range []string{"", "code:5xx OR user:7"} {
		b.Run("filter "+filter, func(b *testing.B) {
			s := full(b, filter)
			s.View(120, 32)
			n := 10_000
			for b.Loop() {
				s.Update(list.LiveMsg{Batch: batch(n, n+10)})
				n += 10
			}
		})
	}
}

func BenchmarkBurst(b *testing.B) {
	s := full(b, "")
	s.View(120, 32)
	n := 10_000
	for b.Loop() {
		s.Update(list.LiveMsg{Batch: batch(n, n+10_000)})
		n += 10_000
	}
}

func BenchmarkFilter(b *testing.B) {
	s := full(b, "")
	for b.Loop() {
		s.Open("log?filter=code:200")
		s.Open("log?filter=")
	}
}
