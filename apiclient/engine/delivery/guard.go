package delivery

import (
	"fmt"
	"net/netip"
	"slices"
	"syscall"
)

// A Guard says which addresses may be posted to. Its zero value allows public
// addresses alone, as the registries of IANA for special purposes have them.
type Guard struct {
	Allow        []netip.Prefix // allowed whatever they are, and by plain http where the URL has the address itself; as apiclient.ParseNetworks gives them
	AllowPrivate bool           // for development: loopback, private, shared and unique-local addresses too, and plain http
}

// A RefusedError says that a Guard does not let an address be posted to.
type RefusedError struct {
	Address string // an IP address, or what stood in its place; empty: it is about the URL
	Port    uint16 // 0: the port does not matter
	Why     string // as a clause, such as "is a loopback address"; about a URL a sentence
}

// Error names the address and says why.
func (e *RefusedError) Error() string {
	switch {
	case e.Address == "":
		return e.Why
	case e.Port != 0:
		return fmt.Sprintf("the target's port %d %s", e.Port, e.Why)
	}
	return fmt.Sprintf("the target's address %s %s", e.Address, e.Why)
}

// Check returns a [RefusedError] when a must not be connected to.
func (g Guard) Check(a netip.AddrPort) error {
	if service, ok := barredPorts[a.Port()]; ok {
		return &RefusedError{Address: a.Addr().String(), Port: a.Port(), Why: "belongs to " + service}
	}
	if r := g.refusal(a.Addr()); r.why != "" {
		return &RefusedError{Address: a.Addr().String(), Why: r.why}
	}
	return nil
}

// control is a net.Dialer's Control: it sees each address before it is connected to.
func (g Guard) control(_, address string, _ syscall.RawConn) error {
	a, err := netip.ParseAddrPort(address)
	if err != nil {
		return &RefusedError{Address: address, Why: "is not an IP address with a port"}
	}
	return g.Check(a)
}

// A refusal is why an address is refused; its zero value is that it is not.
type refusal struct {
	why     string
	private bool // AllowPrivate would allow it
}

// refusal looks at an address, and at the ones that it wraps.
func (g Guard) refusal(a netip.Addr) refusal {
	// Neither a zone nor the IPv4-mapped form makes it another address, but no
	// prefix would contain it.
	a = a.WithZone("").Unmap()
	if !a.IsValid() {
		return refusal{why: "is not an IP address"}
	}
	if g.lists(a) {
		return refusal{}
	}
	if s := specialOf(a); s.what != "" {
		if s.private && g.AllowPrivate {
			return refusal{}
		}
		return refusal{"is " + s.what, s.private}
	}
	for _, w := range wrapped(a) {
		if r := g.refusal(w.addr); r.why != "" {
			return refusal{why: fmt.Sprintf("is the %s form of %s, which %s", w.form, w.addr, r.why), private: r.private}
		}
	}
	return refusal{}
}

// lists reports whether Allow has the address, which has neither a zone nor the
// IPv4-mapped form.
func (g Guard) lists(a netip.Addr) bool {
	return slices.ContainsFunc(g.Allow, func(p netip.Prefix) bool { return p.Contains(a) })
}
