package demo_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"umdeck/apiclient"
	"umdeck/apiclient/demo"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/engine/delivery/sink"
	"umdeck/apiclient/engine/enginetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func instance(t *testing.T) *engine.Engine {
	t.Helper()
	e, err := engine.Open(t.Context(), engine.Config{Dir: enginetest.Dir(t), AllowPrivateTargets: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// TestSeedUsesEveryFieldType checks what the demo promises: the members, and zaps
// over all 15 field types in both directions.
func TestSeedUsesEveryFieldType(t *testing.T) {
	api := instance(t)
	if err := demo.Seed(t.Context(), api, demo.Plan{Members: 250, Seed: 1, Targets: []string{"http://127.0.0.1:8080/hook"}}); err != nil {
		t.Fatal(err)
	}
	counts, err := api.CountUsers(t.Context(), apiclient.Filter{})
	if err != nil || counts.Total != 251 || len(counts.ByStatus) != 5 {
		t.Errorf("counts %+v, %v; want 250 members and the administrator, in all 5 statuses", counts, err)
	}
	for _, kind := range []apiclient.ZapKind{apiclient.ZapAction, apiclient.ZapTrigger} {
		zaps, err := api.Zaps(t.Context(), apiclient.ZapQuery{Kind: kind})
		if err != nil {
			t.Fatal(err)
		}
		missing := apiclient.FieldTypes()
		events := map[apiclient.Trigger]bool{}
		for _, z := range zaps {
			g, err := api.FieldGroup(t.Context(), z.ID)
			if err != nil {
				t.Fatal(err)
			}
			events[z.Event] = true
			missing = slices.DeleteFunc(missing, func(ft apiclient.FieldType) bool {
				return slices.ContainsFunc(g.Fields, func(f apiclient.Field) bool { return f.Type == ft })
			})
		}
		if len(missing) > 0 {
			t.Errorf("no %s zap has a field of type %v", kind, missing)
		}
		if kind == apiclient.ZapTrigger && len(events) != 7 {
			t.Errorf("trigger zaps wait for %v, want all 7", events)
		}
	}
}

// TestSeedWorksForEverySeed meets all names and languages against the catalogue.
func TestSeedWorksForEverySeed(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			if err := demo.Seed(t.Context(), instance(t), demo.Plan{Members: 300, Seed: seed}); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestTrafficRaisesEveryTrigger lets a demo run fast and waits for all seven.
func TestTrafficRaisesEveryTrigger(t *testing.T) {
	api := instance(t)
	receiver, err := sink.Open(t.Context(), sink.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := demo.Seed(t.Context(), api, demo.Plan{Members: 80, Seed: 1, Targets: []string{receiver.Target(sink.OK, "a")}}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	ended := make(chan error, 3)
	traffic := &demo.Traffic{API: api, Every: 5 * time.Millisecond, Seed: 1}
	for _, run := range []func(context.Context) error{api.Run, receiver.Run, traffic.Run} {
		go func() { ended <- run(ctx) }()
	}
	left := apiclient.Triggers()
	err = api.Watch(ctx, -1, func(entries []apiclient.LogEntry) error {
		for _, e := range entries {
			if e.Event != nil {
				left = slices.DeleteFunc(left, func(t apiclient.Trigger) bool { return t == e.Event.Trigger })
			}
		}
		if len(left) == 0 {
			stop()
		}
		return nil
	})
	if err != nil || len(left) > 0 {
		t.Errorf("never raised: %v, %v", left, err)
	}
	stop()
	for range 3 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}
