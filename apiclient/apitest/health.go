package apitest

import (
	"strings"
	"testing"

	"umdeck/apiclient"
)

// testHealth asks how a site that nothing was done to is: well, or with a sentence for
// each thing that is not.
func testHealth(t *testing.T, s *subject) {
	s.need(t, apiclient.CanReadHealth)
	h, err := s.Health(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range h.Problems {
		if !strings.HasSuffix(p, ".") || !strings.Contains(p, "disk") {
			t.Errorf("a new site has the problem %q", p)
		}
	}
	if h.OldestDue < 0 || h.WriterLag < 0 || h.Due+h.Claimed+h.Held != 0 || h.DiskFree > 1 || h.Engines < 0 {
		t.Errorf("%+v", h)
	}
	if s.can(apiclient.CanWriteZaps, apiclient.CanAddSubs) && h.Engines == 0 {
		t.Error("no engine sends for the site")
	}
}
