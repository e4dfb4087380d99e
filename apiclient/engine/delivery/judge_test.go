package delivery_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/delivery"
	"umdeck/apiclient/engine/outbox"
)

func TestJudge(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	retry, slow := outbox.Result{}, outbox.Result{Slow: true}
	down, downSlow := outbox.Result{Down: true}, outbox.Result{Slow: true, Down: true}
	wait := func(d time.Duration) outbox.Result { return outbox.Result{Verdict: outbox.Wait, After: d} }
	for _, test := range []struct {
		code  int
		class string
		after string // Retry-After
		want  outbox.Result
	}{
		{200, "", "", outbox.Result{Verdict: outbox.Done}},
		{201, "", "", outbox.Result{Verdict: outbox.Done}},
		{204, "", "10", outbox.Result{Verdict: outbox.Done}},
		{299, "", "", outbox.Result{Verdict: outbox.Done}},
		{101, "", "", retry},
		{199, "", "", retry},
		{300, "", "", retry},
		{301, "", "", retry},
		{302, "", "5", retry},
		{304, "", "", retry},
		{307, "", "", retry},
		{308, "", "", retry},
		{400, "", "", retry},
		{401, "", "", retry},
		{403, "", "", retry},
		{404, "", "", retry},
		{408, "", "5", retry},
		{410, "", "", outbox.Result{Verdict: outbox.End}},
		{413, "", "5", outbox.Result{Verdict: outbox.GiveUp}},
		{418, "", "", retry},
		{429, "", "", slow},
		{429, "", "7", wait(7 * time.Second)},
		{429, "", "0", wait(0)},
		{429, "", "3600", wait(time.Hour)},
		{429, "", "86400", wait(time.Hour)},
		{429, "", "9223372036854775807", wait(time.Hour)},
		{429, "", "99999999999999999999", slow},
		{429, "", "-5", slow},
		{429, "", "soon", slow},
		{429, "", "Sun, 01 Mar 2026 12:00:30 GMT", wait(30 * time.Second)},
		{429, "", "Sun, 01 Mar 2026 11:00:00 GMT", wait(0)},
		{429, "", "Mon, 02 Mar 2026 12:00:00 GMT", wait(time.Hour)},
		{500, "", "5", down},
		{501, "", "", down},
		{502, "", "", downSlow},
		{502, "", "5", downSlow},
		{503, "", "", downSlow},
		{503, "", "12", outbox.Result{Verdict: outbox.Wait, After: 12 * time.Second, Down: true}},
		{504, "", "", downSlow},
		{504, "", "5", downSlow},
		{505, "", "", down},
		{599, "", "", down},
		{999, "", "", retry},
		{0, delivery.ClassTimeout, "", down},
		{0, delivery.ClassDNS, "", down},
		{0, delivery.ClassConnect, "", down},
		{0, delivery.ClassTLS, "", down},
		{0, delivery.ClassReset, "", down},
		{0, delivery.ClassOther, "", down},
		{0, delivery.ClassRefused, "", outbox.Result{Tries: 3}},
	} {
		t.Run(fmt.Sprint(test.code, test.class, test.after), func(t *testing.T) {
			a := apiclient.Attempt{Code: test.code, Class: test.class, Error: "why"}
			if test.after != "" {
				a.Response = []apiclient.Header{{Name: "Date", Value: "x"}, {Name: "Retry-After", Value: test.after}}
			}
			want := test.want
			want.Error, want.Report, want.Class = a.Error, a, test.class
			if test.class == "" {
				want.Class = fmt.Sprint(test.code)[:1] + "xx"
			}
			if diff := cmp.Diff(want, delivery.Judge(a, now)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
