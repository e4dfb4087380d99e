// Package password knows the forms in which a site keeps the passwords of its
// members: it makes umdeck's own and verifies those that WordPress, its plugins and
// their forerunners have made, so that members who move in keep their passwords.
//
//	$argon2id$v=19$…   umdeck's own; PHP's password_hash makes it as well
//	$wp$2y$…           WordPress 6.8 and later: bcrypt over an HMAC of the text
//	$2y$ $2a$ $2b$     bcrypt: PHP's password_hash and many plugins
//	$P$ $H$            the portable form of phpass: WordPress 2.5 to 6.7, phpBB 3
//	32 hex digits      MD5: WordPress before 2.5, and who writes into its tables
//
// WordPress cuts white space from the ends of a password before it hashes it
// (wp_hash_password) and before it compares it (wp_authenticate); so does Verify for
// every form but the first.
//
// A hash comes from a file that somebody else wrote, and its costs stand in it: what
// would take more than a few seconds or a few hundred MiB is refused by Check and
// never verified.
package password

import (
	"cmp"
	"crypto/md5"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/alexedwards/argon2id"
)

// maxText is how long a text may be in bytes, as WordPress has it.
const maxText = 4096

// own are the costs of Hash: the first choice of OWASP's Password Storage Cheat
// Sheet. Little memory matters on a server where many members log in at once.
var own = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// A form is one way of keeping a password.
type form struct {
	shape  *regexp.Regexp
	cost   func(hash string) error
	verify func(hash, text string) bool
}

var forms = []form{
	{regexp.MustCompile(`^\$argon2id\$v=19\$m=\d{1,7},t=\d{1,3},p=\d{1,3}\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,86}$`), checkArgon, verifyArgon},
	{regexp.MustCompile(`^\$wp\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$`), checkWordPress, verifyWordPress},
	{regexp.MustCompile(`^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$`), checkBcrypt, verifyBcrypt},
	{regexp.MustCompile(`^\$[PH]\$[./A-Za-z0-9]{31}$`), checkPortable, verifyPortable},
	{regexp.MustCompile(`^[0-9a-f]{32}$`), func(string) error { return nil }, verifyMD5},
}

func formOf(hash string) (form, bool) {
	for _, f := range forms {
		if f.shape.MatchString(hash) {
			return f, true
		}
	}
	return form{}, false
}

// Hash returns the argon2id hash of a text of 1 to 4096 bytes.
func Hash(text string) (string, error) {
	if text == "" || len(text) > maxText {
		return "", fmt.Errorf("a password has 1 to %d bytes, this one %d", maxText, len(text))
	}
	return argon2id.CreateHash(text, &own)
}

// Check returns an error when Verify can never say yes to the hash: a clause such as
// "its cost 31 is above 15". The hash itself is not in it.
func Check(hash string) error {
	f, ok := formOf(hash)
	if !ok {
		return errors.New("it has none of the known forms ($argon2id$, $wp$2y$, $2y$, $P$, or 32 hexadecimal digits in lower case)")
	}
	return f.cost(hash)
}

// Verify reports whether text is the password that hash was made of, and then
// whether Hash would make a better hash of it, which the caller should store. An
// empty text or hash, one that Check refuses and a text above 4096 bytes are never
// right. How long it takes depends on the form and the costs of the hash, and not on
// how much of the text is right.
func Verify(hash, text string) (ok, upgrade bool) {
	f, known := formOf(hash)
	if !known || text == "" || len(text) > maxText || f.cost(hash) != nil || !f.verify(hash, text) {
		return false, false
	}
	return true, NeedsUpgrade(hash)
}

// NeedsUpgrade reports whether the hash is weaker than what Hash makes, or none at
// all.
func NeedsUpgrade(hash string) bool {
	if !strings.HasPrefix(hash, "$argon2id$") {
		return true
	}
	p, _, _, err := argon2id.DecodeHash(hash)
	return err != nil || work(p) < work(&own) || p.SaltLength < own.SaltLength || p.KeyLength < own.KeyLength
}

// work is how much memory is written, in KiB.
func work(p *argon2id.Params) uint64 { return uint64(p.Memory) * uint64(p.Iterations) }

func checkArgon(hash string) error {
	p, _, _, err := argon2id.DecodeHash(hash)
	if err != nil {
		return errors.New("its salt or its key is not base64")
	}
	if most := uint32(256 * 1024); p.Memory > most || p.Memory < 8*uint32(p.Parallelism) {
		return fmt.Errorf("its memory of %d KiB is not 8 for each thread to %d", p.Memory, most)
	}
	if most := uint64(4 << 20); p.Iterations < 1 || p.Parallelism < 1 || work(p) > most {
		return fmt.Errorf("its costs t=%d and p=%d are not 1 or more, or above %d KiB of work", p.Iterations, p.Parallelism, most)
	}
	return nil
}

func verifyArgon(hash, text string) bool {
	ok, err := argon2id.ComparePasswordAndHash(text, hash)
	return err == nil && ok
}

// verifyMD5 compares with what WordPress 1.5 to 2.4 stored.
func verifyMD5(hash, text string) bool {
	sum := md5.Sum([]byte(trimmed(text)))
	return same(hex.EncodeToString(sum[:]), hash)
}

// trimmed is PHP's trim.
func trimmed(text string) string { return strings.Trim(text, " \t\n\r\x00\v") }

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// costBetween refuses a cost outside its bounds, both included.
func costBetween[T cmp.Ordered](cost, least, most T) error {
	if cost < least || cost > most {
		return fmt.Errorf("its cost %v is not %v to %v", cost, least, most)
	}
	return nil
}
