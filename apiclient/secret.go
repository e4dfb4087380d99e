package apiclient

import (
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
)

const dots = "••••••••"

// A Secret is a text that no print, log or encoder shows. Its zero value is empty.
// Two secrets compare with Equal and not with ==.
type Secret struct {
	// The text stands behind a pointer, because fmt prints the fields of a struct
	// without asking Format where it may not call methods: inside an unexported field.
	text *string
}

// NewSecret returns a Secret that holds text.
func NewSecret(text string) Secret { return Secret{&text} }

// Reveal returns the text.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsZero reports whether the secret is empty.
func (s Secret) IsZero() bool { return s.Reveal() == "" }

// Equal reports whether s and t hold the same text, in a time that depends on its
// length alone.
func (s Secret) Equal(t Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(t.Reveal())) == 1
}

// Format prints dots, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// String returns dots, or nothing for an empty secret.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return dots
}

// LogValue logs dots.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText encodes dots.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
