package apiclient

import (
	"net/netip"
	"slices"
	"strings"
)

// ParseNetworks returns the networks of a list in CIDR notation, separated by commas,
// sorted and each once; an empty list has none. IPv4 networks in the IPv4-mapped form
// come as IPv4 ones. What is no network is Invalid, about the field, with the fix: an
// address alone and one with bits behind its mask are such, for what they let through
// could be read in two ways.
func ParseNetworks(field, text string) ([]netip.Prefix, error) {
	var list []netip.Prefix
	for word := range strings.SplitSeq(text, ",") {
		if word = strings.TrimSpace(word); word == "" {
			continue
		}
		p, err := parseNetwork(field, word)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	slices.SortFunc(list, netip.Prefix.Compare)
	return slices.Compact(list), nil
}

func parseNetwork(field, word string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(word); err == nil && a.Zone() == "" {
		a = a.Unmap()
		return netip.Prefix{}, FieldErrorf(field, "%s is an address and no network; write %s for it alone.", word, netip.PrefixFrom(a, a.BitLen()))
	}
	p, err := netip.ParsePrefix(word)
	if err != nil {
		return netip.Prefix{}, FieldErrorf(field, "%s is no network; write it in CIDR notation, such as 10.0.0.0/8 or fd00::/8.", quote(word))
	}
	if p.Addr().Is4In6() && p.Bits() >= mapped {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-mapped)
	}
	if a := p.Addr(); a != p.Masked().Addr() {
		return netip.Prefix{}, FieldErrorf(field, "%s is an address inside of a network; write %s for the network, or %s for the address alone.", word, p.Masked(), netip.PrefixFrom(a, a.BitLen()))
	}
	return p, nil
}

// mapped is how many bits of an IPv4-mapped address stand before the IPv4 address.
const mapped = 96
