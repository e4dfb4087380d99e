package server

import (
	"context"
	"net/http"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

func (s *Server) routeDeliveries() {
	handle(s, wire.FireTrigger, func(ctx context.Context, in wire.FireRequest) (wire.Event, error) {
		return to(wire.EventOf)(s.api.FireTrigger(ctx, in.Trigger, in.User))
	})
	handle(s, wire.Events, func(ctx context.Context, in wire.PageRequest) (wire.EventPage, error) {
		return to(wire.EventPageOf)(s.api.Events(ctx, apiclient.EventQuery{Filter: apiclient.Filter(in.Filter), After: in.After, Limit: in.Limit}))
	})
	handle(s, wire.Deliveries, func(ctx context.Context, in wire.PageRequest) (wire.DeliveryPage, error) {
		return to(wire.DeliveryPageOf)(s.api.Deliveries(ctx, apiclient.DeliveryQuery{Filter: apiclient.Filter(in.Filter), After: in.After, Limit: in.Limit}))
	})
	handle(s, wire.GetDelivery, func(ctx context.Context, in wire.DeliveryRef) (wire.Delivery, error) {
		return to(wire.DeliveryOf)(s.api.Delivery(ctx, in.ID))
	})
	handle(s, wire.Redeliver, func(ctx context.Context, in wire.DeliveryRef) (wire.Delivery, error) {
		return to(wire.DeliveryOf)(s.api.Redeliver(ctx, in.ID))
	})
	handle(s, wire.GetLogSpan, func(ctx context.Context, in wire.LogSpanRequest) (wire.LogSpan, error) {
		since, err := in.Moment()
		if err != nil {
			return wire.LogSpan{}, err
		}
		return to(wire.LogSpanOf)(s.api.LogSpan(ctx, since))
	})
	s.mux.HandleFunc(wire.Watch.Pattern(), s.watch)
}

// writeWithin is how long a client may take to read a part of a stream.
const writeWithin = 30 * time.Second

// watch streams the log until the client goes, the log fails, or Serve ends.
func (s *Server) watch(w http.ResponseWriter, r *http.Request) {
	ctx, in, err := enter(s, wire.Watch, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	seen, again, err := wire.ParseLastEventID(r.Header.Get(wire.LastEventID))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if again {
		in.After = seen
	}
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(streamsOf(ctx), cancel)
	defer stop()

	batches := make(chan []wire.EncodedEntry)
	ended := make(chan error, 1)
	go func() {
		defer close(ended)
		defer func() {
			if p := recover(); p != nil {
				ended <- s.panicked(ctx, r, p)
			}
		}()
		ended <- s.api.Watch(ctx, in.After, func(list []apiclient.LogEntry) error {
			if len(list) == 0 {
				return nil // the client is told by the first heartbeat
			}
			encoded, err := s.entries.encode(list)
			if err != nil {
				return err
			}
			select {
			case batches <- encoded:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	defer func() {
		cancel()
		for range ended { // until Watch has returned
		}
	}()
	if err := s.stream(ctx, w, batches, ended); err != nil {
		s.lost(r, err)
	}
}

// stream writes batches and heartbeats. It returns the error of a client that is
// gone.
func (s *Server) stream(ctx context.Context, w http.ResponseWriter, batches <-chan []wire.EncodedEntry, ended <-chan error) error {
	rc := http.NewResponseController(w)
	// The server's own limits are for requests that end. A writer without
	// deadlines, as in a test, needs none.
	_ = rc.SetReadDeadline(time.Time{})
	flush := func(write error) error {
		if write != nil {
			return write
		}
		return rc.Flush()
	}
	w.Header().Set("Content-Type", wire.EventStream)
	w.Header().Set("X-Accel-Buffering", "no") // proxies pass it on at once
	w.WriteHeader(http.StatusOK)
	tick := time.NewTicker(s.cfg.Heartbeat)
	defer tick.Stop()
	write := func() error { return wire.WriteHeartbeat(w) } // shows the client that it is connected
	for {
		_ = rc.SetWriteDeadline(time.Now().Add(writeWithin))
		if err := flush(write()); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case list := <-batches:
			write = func() error { return wire.WriteEntries(w, list) }
		case <-tick.C:
			write = func() error { return wire.WriteHeartbeat(w) }
		case err := <-ended:
			if err == nil || ctx.Err() != nil {
				return nil
			}
			s.log.ErrorContext(ctx, "stream failed", "id", requestOf(ctx), "error", err)
			return flush(wire.WriteStreamError(w, err))
		}
	}
}
