package outbox_test

import (
	"context"
	"fmt"
	"testing"

	"umdeck/apiclient/engine/outbox"
	"umdeck/apiclient/engine/outbox/outboxtest"
)

// BenchmarkOutbox sends items that all are due to a sender that takes no time.
func BenchmarkOutbox(b *testing.B) {
	for _, lanes := range []int{1, 100} {
		b.Run(fmt.Sprintf("lanes=%d", lanes), func(b *testing.B) {
			m := outboxtest.NewMemory()
			o, err := outbox.New(outbox.Config{Store: m, Sender: senderFunc(func(context.Context, outbox.Item) outbox.Result {
				return outbox.Result{Verdict: outbox.Done}
			})})
			if err != nil {
				b.Fatal(err)
			}
			for n := range b.N {
				m.Put(outbox.Item{ID: outbox.ID(n), Lane: outbox.Lane(fmt.Sprint(n % lanes))})
			}
			ctx, cancel := context.WithCancel(b.Context())
			ended := make(chan error, 1)
			b.ReportAllocs()
			b.ResetTimer()
			go func() { ended <- o.Run(ctx) }()
			<-m.Settled()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "items/s")
			cancel()
			if err := <-ended; err != nil {
				b.Fatal(err)
			}
		})
	}
}
