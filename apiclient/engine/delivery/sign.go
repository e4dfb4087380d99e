package delivery

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"

	"umdeck/apiclient"
)

// secretPrefix is what the Standard Webhooks write before a key in base64.
const secretPrefix = "whsec_"

// Sign returns the value of webhook-signature by the Standard Webhooks: for each
// secret, of which there are two while one replaces the other, "v1," and the
// HMAC-SHA256 over id, time in seconds and body, joined by full stops.
func Sign(secrets []apiclient.Secret, id string, at time.Time, body []byte) (string, error) {
	if len(secrets) == 0 {
		return "", errors.New("the subscription has no signing secret")
	}
	list := make([]string, len(secrets))
	for i, s := range secrets {
		text, ok := strings.CutPrefix(s.Reveal(), secretPrefix)
		key, err := base64.StdEncoding.DecodeString(text)
		if !ok || err != nil || len(key) == 0 {
			return "", errors.New("the subscription's signing secret is not whsec_ and a key in base64")
		}
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
		mac.Write(body)
		list[i] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return strings.Join(list, " "), nil
}
