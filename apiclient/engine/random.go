package engine

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
)

// bytes returns n random bytes. A source that gives none is a defect of the
// machine that no caller can do anything about.
func (e *Engine) bytes(n int) []byte {
	b := make([]byte, n)
	if _, err := io.ReadFull(e.cfg.Rand, b); err != nil {
		panic("engine: the source of random numbers failed: " + err.Error())
	}
	return b
}

const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

// letters returns n random letters and digits, each as likely as the others.
func (e *Engine) letters(n int) string {
	const fair = 256 / len(alphabet) * len(alphabet) // bytes from here on would favour the first letters
	var text strings.Builder
	for text.Len() < n {
		for _, b := range e.bytes(n - text.Len()) {
			if int(b) < fair {
				text.WriteByte(alphabet[int(b)%len(alphabet)])
			}
		}
	}
	return text.String()
}

// webhookID returns a new id for the header webhook-id. It begins with the time in
// milliseconds: so new ones stand beside each other in the index of a million, and ten
// random bytes follow.
func (e *Engine) webhookID() string {
	b := binary.BigEndian.AppendUint64(nil, uint64(e.cfg.Now().UnixMilli())) //nolint:gosec // any bits do
	return "msg_" + base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(append(b[2:], e.bytes(10)...))
}

// signingSecret returns a new secret in the form of the Standard Webhooks.
func (e *Engine) signingSecret() string {
	return "whsec_" + base64.StdEncoding.EncodeToString(e.bytes(24))
}

// uuid returns a random UUID (version 4).
func (e *Engine) uuid() string {
	b := e.bytes(16)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
