package apiclient

import (
	"fmt"
	"io"
	"log/slog"
)

const dots = "••••••••"

// A Secret is a text that no print, log or encoder shows. Its zero value is empty.
type Secret struct{ text string }

// NewSecret returns a Secret that holds text.
func NewSecret(text string) Secret { return Secret{text} }

// Reveal returns the text.
func (s Secret) Reveal() string { return s.text }

// IsZero reports whether the secret is empty.
func (s Secret) IsZero() bool { return s.text == "" }

// Format prints dots, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// String returns dots, or nothing for an empty secret.
func (s Secret) String() string {
	if s.text == "" {
		return ""
	}
	return dots
}

// LogValue logs dots.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText encodes dots.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
