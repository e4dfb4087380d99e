package apiclient_test

import (
	"testing"

	"umdeck/apiclient"
)

// TestCheckName names things by texts that do not fit on one line of a terminal.
func TestCheckName(t *testing.T) {
	for _, text := range []string{"", "Zoë & Søn <3", "名前", "👩‍👩‍👧", " padded\n"} {
		if err := apiclient.CheckName("name", "The name", text); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, text := range []string{"evil\x1b[31m", "a\nb", "a\tb", "a\x00", "\x07b", "a\u009b31mb", "a\x7fb", "a\xff"} {
		for what, err := range map[string]error{
			"name":    apiclient.CheckName("name", "The name", "x"+text+"x"),
			"label":   apiclient.Field{Key: "a_key", Label: "x" + text + "x", Type: apiclient.FieldText}.CheckNew(),
			"options": apiclient.Field{Key: "a_key", Label: "x", Type: apiclient.FieldSelect, Choices: apiclient.Choices("ok", "x"+text+"x")}.CheckNew(),
		} {
			wantInvalid(t, err, what)
		}
		zap := apiclient.NewZap{Name: "x" + text + "x", Kind: apiclient.ZapAction}
		wantInvalid(t, zap.Validate(), "name")
	}
}
