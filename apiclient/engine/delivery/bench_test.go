package delivery_test

import (
	"io"
	"net/http"
	"testing"

	"umdeck/apiclient/engine/outbox"
)

// BenchmarkSend posts to a receiver on the loopback interface that answers at once.
func BenchmarkSend(b *testing.B) {
	sink := serve(b, func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) })
	s := sender(b, hook(sink.URL+"/hook"), nil)
	b.ReportAllocs()
	b.SetParallelism(8)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if r := s.Send(b.Context(), outbox.Item{ID: 1}); r.Verdict != outbox.Done {
				b.Errorf("result %+v", r)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deliveries/s")
}
