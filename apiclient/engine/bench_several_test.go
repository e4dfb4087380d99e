package engine_test

import (
	"sync"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store/pgtest"
)

// BenchmarkSeveralEngines is the rate of deliveries to twenty subscribers with one engine
// on a database of PostgreSQL, and with two that share the callers and the lanes.
func BenchmarkSeveralEngines(b *testing.B) {
	pgtest.PostgresAlone(b, "its file has one engine")
	for b.Loop() {
		one, two := rateOf(b, 1), rateOf(b, 2)
		b.ReportMetric(one, "one/s")
		b.ReportMetric(two, "two/s")
		b.ReportMetric(two/one, "of-one")
	}
}

// rateOf returns how many deliveries a second so many engines make on a new database.
func rateOf(b *testing.B, engines int) float64 {
	b.Helper()
	const subscribers = 20
	sink := newClocked(b)
	list := several(b, engines)
	defer func() {
		for _, e := range list {
			if err := e.Close(); err != nil {
				b.Error(err)
			}
		}
	}()
	stages := []stage{setStage(b, list[0].Engine, sink, lanes("/to", subscribers)...)}
	for _, e := range list[1:] {
		stages = append(stages, stage{e.Engine, stages[0].users})
	}
	round := func(events int) float64 {
		all := sink.expect(events * engines * subscribers)
		begin := time.Now()
		var publishing sync.WaitGroup
		for _, s := range stages {
			publishing.Go(func() { s.publish(b, apiclient.TriggerLogin, events, 0) })
		}
		publishing.Wait()
		<-all
		return float64(events*engines*subscribers) / sink.last.Sub(begin).Seconds()
	}
	events := portion(b, 2000/engines)
	round(max(1, events/10)) // each lane has its engine now
	return round(events)
}
