package engine

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// A stamp says when a form was given out, so that what sends it at once, or without
// having asked for it, is known for a program. It is signed, and belongs to one form.

// stampLife is how long a form may lie open.
const stampLife = 24 * time.Hour

// metaStamps is where the key is kept that signs stamps.
const metaStamps = "stamp_key"

// stampKey returns the key of the instance, and makes it the first time.
func (e *Engine) stampKey(ctx context.Context, tx *store.Tx) ([]byte, error) {
	text, err := tx.Meta(ctx, metaStamps)
	if err != nil {
		return nil, err
	}
	if key, err := base64.RawStdEncoding.DecodeString(text); err == nil && len(key) == sha256.Size {
		return key, nil
	}
	key := e.bytes(sha256.Size)
	return key, tx.SetMeta(ctx, metaStamps, base64.RawStdEncoding.EncodeToString(key))
}

func (e *Engine) stamp(id apiclient.FormID) string {
	at := strconv.FormatInt(e.now().UnixMilli(), 36)
	return at + "." + e.signed(id, at)
}

func (e *Engine) signed(id apiclient.FormID, at string) string {
	mac := hmac.New(sha256.New, e.pages.stampKey)
	mac.Write([]byte(strconv.FormatInt(int64(id), 10) + "." + at))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

// checkStamp refuses a form that was sent sooner after it was given out than a
// person can fill it in, later than a day, or without having been given out.
func (e *Engine) checkStamp(id apiclient.FormID, stamp string, least time.Duration) error {
	at, signature, _ := strings.Cut(stamp, ".")
	ms, err := strconv.ParseInt(at, 36, 64)
	if err != nil || !hmac.Equal([]byte(signature), []byte(e.signed(id, at))) {
		return apiclient.Problems{{Message: apiclient.Notice("invalid_nonce")}}
	}
	switch age := e.now().Sub(time.UnixMilli(ms)); {
	case age < least:
		return apiclient.Problems{{Message: "The form was sent faster than a person can fill it in. Please wait a few seconds and send it again."}}
	case age > stampLife:
		return apiclient.Problems{{Message: "The form was open for too long. Please send it again."}}
	}
	return nil
}
