package password

import (
	"crypto/hmac"
	"crypto/sha512"
	"encoding/base64"
	"strings"

	"golang.org/x/crypto/bcrypt"
)

// maxBcrypt is the highest cost that is verified: a few seconds.
const maxBcrypt = 15

func checkBcrypt(hash string) error {
	cost := int(hash[4]-'0')*10 + int(hash[5]-'0')
	return costBetween(cost, bcrypt.MinCost, maxBcrypt)
}

// verifyBcrypt compares as PHP's crypt does, which ends a text at its 72nd byte.
func verifyBcrypt(hash, text string) bool {
	return bcrypt.CompareHashAndPassword([]byte(hash), []byte(trimmed(text))) == nil
}

func checkWordPress(hash string) error { return checkBcrypt(strings.TrimPrefix(hash, "$wp")) }

// verifyWordPress compares as wp_check_password of WordPress 6.8 does
// (wp-includes/pluggable.php): the text goes through an HMAC first, so that what is
// longer than bcrypt's 72 bytes counts.
func verifyWordPress(hash, text string) bool {
	mac := hmac.New(sha512.New384, []byte("wp-sha384"))
	mac.Write([]byte(trimmed(text)))
	pre := base64.StdEncoding.EncodeToString(mac.Sum(nil))
	return bcrypt.CompareHashAndPassword([]byte(strings.TrimPrefix(hash, "$wp")), []byte(pre)) == nil
}
