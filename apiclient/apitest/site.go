package apitest

import (
	"slices"
	"strings"
	"testing"

	"umdeck/apiclient"
)

func testSite(t *testing.T, s *subject) {
	if s.site.Kind != apiclient.SiteUmdeck && s.site.Kind != apiclient.SiteWordPress {
		t.Errorf("Kind is %q; want umdeck or wordpress", s.site.Kind)
	}
	if s.site.Name == "" {
		t.Error("the site has no name")
	}
	if strings.HasSuffix(s.site.URL, "/") {
		t.Errorf("URL %q ends with a slash", s.site.URL)
	}
	known := apiclient.Capabilities()
	for c, why := range s.site.Missing {
		if !slices.Contains(known, c) {
			t.Errorf("Missing names %q, which is no capability", c)
		}
		if !strings.HasSuffix(why, ".") || len(why) < 10 {
			t.Errorf("the reason for missing %s is %q; want a sentence", c, why)
		}
	}
}
