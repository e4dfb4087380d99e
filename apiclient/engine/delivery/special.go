package delivery

import "net/netip"

// A special is a range of addresses that are nobody's public service.
type special struct {
	prefix  netip.Prefix
	what    string // with its article
	private bool   // may hold a service of one's own: Guard.AllowPrivate allows it
}

// specialOf returns the first range that has a, or a zero special.
func specialOf(a netip.Addr) special {
	list := specials4
	if a.Is6() {
		list = specials6
	}
	for _, s := range list {
		if s.prefix.Contains(a) {
			return s
		}
	}
	if a.Is6() && !globalUnicast.Contains(a) && !nat64.Contains(a) && !translated.Contains(a) {
		return special{what: "a reserved address"}
	}
	return special{}
}

// metadata is where a machine of a cloud asks for its own secrets. Most clouds have that
// at a link-local address, which is refused anyway.
const metadata = "the address of a cloud's metadata"

// Whatever is outside of these is not assigned to anybody.
var globalUnicast = netip.MustParsePrefix("2000::/3")

// The ranges of the "IANA IPv4 Special-Purpose Address Registry" and of its
// sources, the RFCs named.
var specials4 = []special{
	{netip.MustParsePrefix("0.0.0.0/32"), "the unspecified address", false},       // RFC 1122; connects to the machine itself
	{netip.MustParsePrefix("0.0.0.0/8"), "an address of this network", false},     // RFC 791
	{netip.MustParsePrefix("10.0.0.0/8"), "a private address", true},              // RFC 1918
	{netip.MustParsePrefix("100.100.100.200/32"), metadata, false},                // Alibaba Cloud's, in the shared ones
	{netip.MustParsePrefix("100.64.0.0/10"), "a shared address", true},            // RFC 6598
	{netip.MustParsePrefix("127.0.0.0/8"), "a loopback address", true},            // RFC 1122
	{netip.MustParsePrefix("169.254.0.0/16"), "a link-local address", false},      // RFC 3927; cloud metadata is here
	{netip.MustParsePrefix("168.63.129.16/32"), metadata, false},                  // Azure's, a public one that each machine reaches
	{netip.MustParsePrefix("172.16.0.0/12"), "a private address", true},           // RFC 1918
	{netip.MustParsePrefix("192.0.0.0/24"), "a reserved address", false},          // RFC 6890
	{netip.MustParsePrefix("192.0.2.0/24"), "a documentation address", false},     // RFC 5737
	{netip.MustParsePrefix("192.88.99.0/24"), "a reserved address", false},        // RFC 7526, once 6to4 relays
	{netip.MustParsePrefix("192.168.0.0/16"), "a private address", true},          // RFC 1918
	{netip.MustParsePrefix("198.18.0.0/15"), "a benchmarking address", false},     // RFC 2544
	{netip.MustParsePrefix("198.51.100.0/24"), "a documentation address", false},  // RFC 5737
	{netip.MustParsePrefix("203.0.113.0/24"), "a documentation address", false},   // RFC 5737
	{netip.MustParsePrefix("224.0.0.0/4"), "a multicast address", false},          // RFC 5771
	{netip.MustParsePrefix("255.255.255.255/32"), "the broadcast address", false}, // RFC 919
	{netip.MustParsePrefix("240.0.0.0/4"), "a reserved address", false},           // RFC 1112
}

// The same of the "IANA IPv6 Special-Purpose Address Registry".
var specials6 = []special{
	{netip.MustParsePrefix("::/128"), "the unspecified address", false},            // RFC 4291
	{netip.MustParsePrefix("::1/128"), "a loopback address", true},                 // RFC 4291
	{netip.MustParsePrefix("::/96"), "an obsolete IPv4-compatible address", false}, // RFC 4291
	{netip.MustParsePrefix("64:ff9b:1::/48"), "a local NAT64 address", false},      // RFC 8215
	{netip.MustParsePrefix("100::/64"), "a discard address", false},                // RFC 6666
	{netip.MustParsePrefix("2001:2::/48"), "a benchmarking address", false},        // RFC 5180
	{netip.MustParsePrefix("2001:db8::/32"), "a documentation address", false},     // RFC 3849
	{netip.MustParsePrefix("3fff::/20"), "a documentation address", false},         // RFC 9637
	{netip.MustParsePrefix("fd00:ec2::254/128"), metadata, false},                  // Amazon's, in the unique-local ones
	{netip.MustParsePrefix("fd20:ce::254/128"), metadata, false},                   // Google's, in the unique-local ones
	{netip.MustParsePrefix("fc00::/7"), "a unique-local address", true},            // RFC 4193
	{netip.MustParsePrefix("fe80::/10"), "a link-local address", false},            // RFC 4291
	{netip.MustParsePrefix("fec0::/10"), "a site-local address", false},            // RFC 3879
	{netip.MustParsePrefix("ff00::/8"), "a multicast address", false},              // RFC 4291
	// The protocol assignments, of which only Teredo (2001::/32) is looked into.
	{netip.MustParsePrefix("2001:1::/32"), "a reserved address", false},   // RFC 2928
	{netip.MustParsePrefix("2001:2::/31"), "a reserved address", false},   // RFC 2928
	{netip.MustParsePrefix("2001:4::/30"), "a reserved address", false},   // RFC 2928
	{netip.MustParsePrefix("2001:8::/29"), "a reserved address", false},   // RFC 2928
	{netip.MustParsePrefix("2001:10::/28"), "a reserved address", false},  // RFC 4843, ORCHID
	{netip.MustParsePrefix("2001:20::/27"), "a reserved address", false},  // RFC 7343, ORCHIDv2
	{netip.MustParsePrefix("2001:40::/26"), "a reserved address", false},  // RFC 2928
	{netip.MustParsePrefix("2001:80::/25"), "a reserved address", false},  // RFC 2928
	{netip.MustParsePrefix("2001:100::/24"), "a reserved address", false}, // RFC 2928
}

// The ranges whose addresses stand for IPv4 addresses.
var (
	nat64      = netip.MustParsePrefix("64:ff9b::/96")    // RFC 6052: the last 4 bytes
	translated = netip.MustParsePrefix("::ffff:0:0:0/96") // RFC 2765: the last 4 bytes
	sixToFour  = netip.MustParsePrefix("2002::/16")       // RFC 3056: bytes 2 to 5
	teredo     = netip.MustParsePrefix("2001::/32")       // RFC 4380: server in bytes 4 to 7, client inverted in the last 4
)

// A wrapping is an IPv4 address that an IPv6 address leads to.
type wrapping struct {
	form string
	addr netip.Addr
}

// wrapped returns the IPv4 addresses inside a. The IPv4-mapped form is not among
// them: netip unwraps that itself.
func wrapped(a netip.Addr) []wrapping {
	if !a.Is6() {
		return nil
	}
	b := a.As16()
	at := func(i int) netip.Addr { return netip.AddrFrom4([4]byte(b[i : i+4])) }
	switch {
	case nat64.Contains(a):
		return []wrapping{{"NAT64", at(12)}}
	case translated.Contains(a):
		return []wrapping{{"IPv4-translated", at(12)}}
	case sixToFour.Contains(a):
		return []wrapping{{"6to4", at(2)}}
	case teredo.Contains(a):
		client := [4]byte{^b[12], ^b[13], ^b[14], ^b[15]}
		return []wrapping{{"Teredo", at(4)}, {"Teredo", netip.AddrFrom4(client)}}
	case b[8]&^2 == 0 && b[9] == 0 && b[10] == 0x5e && b[11] == 0xfe: // RFC 5214
		return []wrapping{{"ISATAP", at(12)}}
	}
	return nil
}
