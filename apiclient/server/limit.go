package server

import (
	"fmt"
	"math"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"umdeck/apiclient"
)

// An address may fail failuresAtOnce times in a row, and once each failureEvery
// after that.
const (
	failuresAtOnce = 10
	failureEvery   = 6 * time.Second
	maxAddresses   = 8192
)

// failures counts failed logins by address.
type failures struct {
	now func() time.Time

	mu        sync.Mutex // guards addresses
	addresses map[string]debt
}

// A debt is how many failures an address had not made up for at a time. One is
// made up for each failureEvery.
type debt struct {
	count float64
	at    time.Time
}

func (d debt) left(now time.Time) float64 {
	return max(0, d.count-float64(now.Sub(d.at))/float64(failureEvery))
}

func newFailures(now func() time.Time) *failures {
	return &failures{now: now, addresses: map[string]debt{}}
}

// wait returns how long an address must wait before it may try again; usually 0.
func (f *failures) wait(address string) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	over := f.addresses[address].left(f.now()) - failuresAtOnce + 1
	return time.Duration(max(0, over) * float64(failureEvery))
}

// add notes a failure.
func (f *failures) add(address string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	if len(f.addresses) >= maxAddresses {
		f.forget(now)
	}
	// Requests that were under way together may overshoot, but not without end.
	count := min(f.addresses[address].left(now)+1, 2*failuresAtOnce)
	f.addresses[address] = debt{count, now}
}

// forget drops the addresses that owe nothing, and any one when all owe.
func (f *failures) forget(now time.Time) {
	for address, d := range f.addresses {
		if d.left(now) == 0 {
			delete(f.addresses, address)
		}
	}
	for address := range f.addresses {
		if len(f.addresses) < maxAddresses {
			return
		}
		delete(f.addresses, address)
	}
}

// address returns whom failures are counted for: the client's address, or the
// network of 64 bits that an IPv6 host has to itself.
func (s *Server) address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if s.cfg.BehindProxy {
		if list := r.Header.Values("X-Forwarded-For"); len(list) > 0 {
			last := list[len(list)-1]
			host = strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])
		}
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return "unknown"
	}
	if ip = ip.Unmap(); ip.Is6() {
		network, _ := ip.WithZone("").Prefix(64) // 64 fits any IPv6 address
		return network.String()
	}
	return ip.String()
}

// A limitedError refuses an address that has failed too often.
type limitedError struct{ wait time.Duration }

func (e *limitedError) seconds() int { return max(1, int(math.Ceil(e.wait.Seconds()))) }

// Error says how long to wait.
func (e *limitedError) Error() string {
	return fmt.Sprintf("Too many logins from this address have failed; try again in %d s.", e.seconds())
}

// Unwrap gives the error its kind.
func (e *limitedError) Unwrap() error {
	return apiclient.Errorf(apiclient.Unavailable, "%s", e.Error())
}
