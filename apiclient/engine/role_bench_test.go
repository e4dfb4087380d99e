package engine_test

import (
	"testing"
	"time"

	"umdeck/apiclient"
)

// BenchmarkDeleteRole deletes a role that 100,000 members have, half of them besides
// another one; others write meanwhile. Each deletion is one transaction: how long the
// slowest other writer waited is reported.
func BenchmarkDeleteRole(b *testing.B) {
	e := open(b, b.TempDir())
	const members = 100_000
	for b.Loop() {
		b.StopTimer()
		gold := role(b, e, "Gold", 10)
		for i := 0; i < members; i += 1000 {
			var batch apiclient.UserBatch
			for j := range 1000 {
				n := member(i + j)
				if n.Roles = []apiclient.RoleSlug{gold}; j%2 == 0 {
					n.Roles = append(n.Roles, "editor")
				}
				batch.Users = append(batch.Users, n)
			}
			if _, err := e.CreateUsers(b.Context(), batch); err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
		began := time.Now()
		if _, err := e.UpdateRole(b.Context(), gold, apiclient.RoleUpdate{Priority: new(-1)}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(began).Seconds(), "s/priority")
		began = time.Now()
		moved, err := e.DeleteRole(b.Context(), gold)
		if err != nil || moved != members/2 {
			b.Fatalf("%d moved, %v", moved, err)
		}
		b.ReportMetric(time.Since(began).Seconds(), "s/delete")
	}
}
