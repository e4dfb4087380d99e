package wordpress

import (
	"strings"
	"testing"

	"umdeck/apiclient"
)

// TestReasons reads what a site cannot do: each is a sentence, and none sends the
// reader to a command, which the console and other programs do not have.
func TestReasons(t *testing.T) {
	for c, why := range fixed {
		if !strings.HasSuffix(why, ".") || strings.Contains(why, "`") {
			t.Errorf("%s is missing because %q; want a sentence without commands", c, why)
		}
		if can, _ := (apiclient.Site{Missing: fixed}).Can(c); can {
			t.Errorf("%s is missing and there", c)
		}
	}
}
