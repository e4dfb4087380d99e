package password

import (
	"crypto/md5"
	"strings"
)

// The portable form of phpass 0.5 (https://www.openwall.com/phpass/): three
// characters of form, one of cost, eight of salt and 22 of MD5 over MD5.
const (
	portableSalt  = 4  // where the salt begins
	portableHash  = 12 // where the hash begins
	leastPortable = 7  // of the cost, as phpass has it

	// maxPortable is the highest cost that is verified: four million rounds. phpass
	// allows 30, which takes minutes; WordPress has 13, and 21 at most.
	maxPortable = 22
	// maxRounds bounds the bytes that go through MD5: a long text costs in each round.
	maxRounds = 1 << 30
)

// digits64 are the digits of phpass's base 64, the lowest first.
const digits64 = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

func portableCost(hash string) int { return strings.IndexByte(digits64, hash[3]) }

func checkPortable(hash string) error {
	return costBetween(portableCost(hash), leastPortable, maxPortable)
}

func verifyPortable(hash, text string) bool {
	rounds := 1 << portableCost(hash)
	text = trimmed(text)
	if rounds*(md5.Size+len(text)) > maxRounds {
		return false
	}
	sum := md5.Sum([]byte(hash[portableSalt:portableHash] + text))
	buf := append(make([]byte, md5.Size), text...)
	for range rounds {
		copy(buf, sum[:])
		sum = md5.Sum(buf)
	}
	return same(encode64(sum[:]), hash[portableHash:])
}

// encode64 writes bytes as phpass does: groups of three, each with its lowest six
// bits first.
func encode64(b []byte) string {
	var s strings.Builder
	for len(b) > 0 {
		var group uint32
		n := min(len(b), 3)
		for i := range n {
			group |= uint32(b[i]) << (8 * i)
		}
		for range n + 1 {
			s.WriteByte(digits64[group&63])
			group >>= 6
		}
		b = b[n:]
	}
	return s.String()
}
