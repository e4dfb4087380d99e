package apiclient_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"text/template"

	"umdeck/apiclient"
)

func TestSecretIsNeverShown(t *testing.T) {
	const text = "hunter2pass"
	s := apiclient.NewSecret(text)
	hidden := struct{ s apiclient.Secret }{s}
	var shown []string
	for _, verb := range "vsqxXdobceEfFgGtTpUw" {
		for _, flags := range []string{"", "+", "#", " ", "0", "-20", "20.3"} {
			format := "%" + flags + string(verb)
			shown = append(shown, fmt.Sprintf(format, s), fmt.Sprintf(format, &s), fmt.Sprintf(format, []apiclient.Secret{s}),
				fmt.Sprintf(format, hidden), fmt.Sprintf(format, &hidden), fmt.Sprintf(format, map[string]any{"k": hidden}))
		}
	}
	shown = append(shown, fmt.Sprint(s), fmt.Sprintln(s, hidden), s.String())
	for _, v := range []any{s, &s, map[string]apiclient.Secret{"k": s}, apiclient.NewUser{Password: s}, hidden} {
		encoded, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		slog.New(slog.NewJSONHandler(&b, nil)).Info("secret", "v", v)
		slog.New(slog.NewTextHandler(&b, nil)).Info("secret", "v", v)
		if err := template.Must(template.New("t").Parse("{{.}} {{printf \"%v\" .}}")).Execute(&b, v); err != nil {
			t.Fatal(err)
		}
		shown = append(shown, string(encoded), b.String())
	}
	hex := fmt.Sprintf("%x", text)
	for _, out := range shown {
		if strings.Contains(out, text) || strings.Contains(strings.ToLower(out), hex) {
			t.Errorf("shown as %s", out)
		}
	}
	if got := s.Reveal(); got != text {
		t.Errorf("Reveal = %q", got)
	}
}

func TestSecretZeroAndEqual(t *testing.T) {
	var zero apiclient.Secret
	if !zero.IsZero() || !apiclient.NewSecret("").IsZero() || apiclient.NewSecret("a").IsZero() {
		t.Error("IsZero is for the empty text")
	}
	if zero.String() != "" || zero.Reveal() != "" {
		t.Errorf("the zero secret shows %q and holds %q", zero.String(), zero.Reveal())
	}
	for _, c := range []struct {
		a, b apiclient.Secret
		want bool
	}{
		{zero, apiclient.NewSecret(""), true},
		{apiclient.NewSecret("a"), apiclient.NewSecret("a"), true},
		{apiclient.NewSecret("a"), apiclient.NewSecret("b"), false},
		{apiclient.NewSecret("a"), zero, false},
	} {
		if got := c.a.Equal(c.b); got != c.want {
			t.Errorf("%q equal to %q: %t", c.a.Reveal(), c.b.Reveal(), got)
		}
	}
}
