package apiclient_test

import (
	"strings"
	"testing"

	"umdeck/apiclient"
)

func TestRedact(t *testing.T) {
	own := apiclient.NewSecret("my own secret")
	tests := []struct{ name, text, secret string }{
		{"given", "x my own secret y", "my own secret"},
		{"given, without its spaces", "x myownsecret y", "myownsecret"},
		{"application password", "with zmnj 0hgr XcJF FtQ6 uKez jR67 in it", "XcJF"},
		{"header", "Authorization: Basic YWRtaW46c2VjcmV0", "YWRtaW46c2VjcmV0"},
		{"signing secret", `key "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"`, "MfKQ9r8GKYq"},
		{"hook", "POST https://hooks.zapier.com/hooks/catch/123/abc/ failed", "catch/123"},
		{"URL", "GET https://admin:hunter22@example.com/ failed", "hunter22"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := apiclient.Redact(test.text, own); strings.Contains(got, test.secret) {
				t.Errorf("got %q", got)
			}
		})
	}
	for _, plain := range []string{"", "goroutine 1 [running]:", "main.run(0xc000012345, 0x1)", "a few short words of four with time left"} {
		if got := apiclient.Redact(plain); got != plain {
			t.Errorf("Redact(%q) = %q", plain, got)
		}
	}
	if got := apiclient.Redact("kept", apiclient.Secret{}); got != "kept" {
		t.Errorf("an empty secret changed %q", got)
	}
}
