package engine_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/engine/store/pgtest"
)

// several opens engines on one new database, all at once, and runs them.
func several(t testing.TB, n int) []running {
	t.Helper()
	url := pgtest.New(t)
	list := make([]running, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			e, err := engine.Open(t.Context(), engine.Config{Dir: t.TempDir(), Database: url, Lease: shortLease, AllowPrivateTargets: true})
			if err != nil {
				t.Error(err)
				return
			}
			ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
			list[i] = running{e, stop, make(chan error, 1)}
			go func() { list[i].done <- e.Run(ctx) }()
		})
	}
	all.Wait()
	if t.Failed() {
		t.FailNow()
	}
	return list
}

func closeAll(t *testing.T, list []running) {
	t.Helper()
	for _, e := range list {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestSeveralEngines opens three engines at once on a database that is empty: the tables
// and the first users are made once, each sees what the others do, changes of the same
// thing exclude each other, every hook is sent once, and every watcher is told the same.
func TestSeveralEngines(t *testing.T) {
	pgtest.PostgresAlone(t, "its file has one engine")
	list := several(t, 3)
	defer closeAll(t, list)
	const events, targets = 60, 12
	receiver := apitest.NewReceiver(t)
	z := must(list[0].CreateZap(t.Context(), apitest.TriggerZap("All", apiclient.TriggerLogin, "user_login")))(t)
	for i := range targets {
		must3(list[i%3].AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: fmt.Sprint(receiver.URL, "/", i)}))(t)
	}

	// Of those who take one login at once, one gets it.
	var made sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for i := range 9 {
		made.Go(func() {
			_, err := list[i%3].CreateUser(t.Context(), apitest.User("ada"))
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if apiclient.KindOf(err) != apiclient.Conflict {
				t.Error(err)
			}
		})
	}
	made.Wait()
	if won != 1 {
		t.Fatalf("%d engines gave the login; want one", won)
	}
	ada := must(list[2].FindUser(t.Context(), "ada"))(t)

	var fired sync.WaitGroup
	for i := range events {
		fired.Go(func() {
			if _, err := list[i%3].FireTrigger(t.Context(), apiclient.TriggerLogin, ada.ID); err != nil {
				t.Error(err)
			}
		})
	}
	fired.Wait()
	came := map[string]int{}
	for range events * targets {
		came[receiver.Next(t).Header.Get("webhook-id")]++
	}
	receiver.None(t)
	for id, n := range came {
		if n != 1 {
			t.Errorf("%s came %d times", id, n)
		}
	}
	if len(came) != events*targets {
		t.Errorf("%d deliveries came; want %d", len(came), events*targets)
	}
	watchesAgree(t, list, events*targets)
}

// watchesAgree compares what the engines tell their watchers of attempts.
func watchesAgree(t *testing.T, list []running, attempts int) {
	t.Helper()
	var first string
	for i, e := range list {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		var told string
		seen, last := 0, int64(0)
		err := e.Watch(ctx, 0, func(entries []apiclient.LogEntry) error {
			for _, l := range entries {
				if l.Seq <= last {
					t.Errorf("engine %d tells of entry %d after %d", i, l.Seq, last)
				}
				last = l.Seq
				if l.Kind == apiclient.LogAttempt {
					told += fmt.Sprintln(l.Seq, l.Delivery.WebhookID, l.Delivery.State)
					seen++
				}
			}
			if seen >= attempts {
				cancel()
			}
			return nil
		})
		cancel()
		if err != nil || seen != attempts {
			t.Errorf("engine %d tells of %d attempts, %v; want %d", i, seen, err, attempts)
		}
		if i == 0 {
			first = told
		} else if told != first {
			t.Errorf("engine %d tells of attempts in another way than the first", i)
		}
	}
}

// TestEngineLeaves ends one of two engines in an orderly way: the other goes on at once,
// with what the first would have sent.
func TestEngineLeaves(t *testing.T) {
	pgtest.PostgresAlone(t, "its file has one engine")
	list := several(t, 2)
	receiver := apitest.NewReceiver(t)
	z := must(list[0].CreateZap(t.Context(), apitest.TriggerZap("All", apiclient.TriggerLogin, "user_login")))(t)
	for i := range 8 {
		must3(list[0].AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: fmt.Sprint(receiver.URL, "/", i)}))(t)
	}
	round := func(e running) {
		t.Helper()
		must(e.FireTrigger(t.Context(), apiclient.TriggerLogin, 1))(t)
		for range 8 {
			receiver.Next(t)
		}
	}
	round(list[0])
	round(list[1])
	if err := list[0].Close(); err != nil {
		t.Error(err)
	}
	round(list[1])
	receiver.None(t)
	if err := list[1].Close(); err != nil {
		t.Error(err)
	}
}

// must3 is must for what returns two values and an error.
func must3[A, B any](_ A, _ B, err error) func(testing.TB) {
	return func(t testing.TB) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
}
