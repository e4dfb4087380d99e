package outbox_test

import (
	"testing"
	"time"

	"umdeck/apiclient/engine/outbox"
)

func TestSchedule(t *testing.T) {
	for _, test := range []struct {
		made   int
		jitter float64
		want   time.Duration
		ok     bool
	}{
		{-1, 0.5, 0, false},
		{0, 0.5, 0, true},
		{0, 0, 0, true},
		{1, 0.5, 5 * time.Second, true},
		{1, 0, 4 * time.Second, true},
		{1, 1, 6 * time.Second, true},
		{2, 0.5, 30 * time.Second, true},
		{3, 0.5, 2 * time.Minute, true},
		{4, 0.5, 10 * time.Minute, true},
		{5, 0.5, 30 * time.Minute, true},
		{6, 0.5, time.Hour, true},
		{7, 0.5, 2 * time.Hour, true},
		{8, 0.5, 4 * time.Hour, true},
		{9, 0.5, 8 * time.Hour, true},
		{10, 0.5, 12 * time.Hour, true},
		{11, 0.5, 24 * time.Hour, true},
		{12, 0.5, 24 * time.Hour, true},
		{13, 0.5, 0, false},
	} {
		got, ok := outbox.Schedule(test.made, test.jitter)
		if d := got - test.want; d.Abs() > time.Microsecond || ok != test.ok {
			t.Errorf("Schedule(%d, %v) = %v, %v; want %v, %v", test.made, test.jitter, got, ok, test.want, test.ok)
		}
	}
	if outbox.MaxTries != 13 {
		t.Errorf("MaxTries is %d", outbox.MaxTries)
	}
}
