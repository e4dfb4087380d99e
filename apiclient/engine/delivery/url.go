package delivery

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/idna"

	"umdeck/apiclient"
)

// CheckURL returns an apiclient.Error of kind Invalid when it is plain from the
// target's URL that nothing would be posted to it, with a sentence that names the
// fix. That a name resolves to an allowed address is seen only when it is posted
// to. The shape of a URL is [apiclient.NewSubscription.Validate]'s to check.
func (g Guard) CheckURL(raw string) error {
	const field = "subscription_target_url"
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return apiclient.FieldErrorf(field, "The target is no URL with a host; write it as https://host/path.")
	}
	host, err := hostOf(u)
	if err != nil {
		return apiclient.FieldErrorf(field, "The target's host is no name; write the URL as https://host/path.")
	}
	port, err := portOf(u)
	if err != nil {
		return apiclient.FieldErrorf(field, "The target's port %q is no port; use a number from 1 to 65535, or leave it away.", u.Port())
	}
	if service, ok := barredPorts[port]; ok {
		return apiclient.FieldErrorf(field, "The target's port %d belongs to %s, not to a web server; use another one, such as 443.", port, service)
	}
	addr, literal := literalOf(host)
	switch {
	case literal:
		if r := g.refusal(addr); r.why != "" {
			fix := "use a public one"
			if r.private {
				fix += ", or allow its network with --allow-targets, or all private ones with --allow-private-targets"
			}
			return apiclient.FieldErrorf(field, "The target's address %s %s; %s.", host, r.why, fix)
		}
	case isNumber(host[strings.LastIndexByte(host, '.')+1:]):
		return apiclient.FieldErrorf(field, "The target's host %q is no name; write an address as four decimal numbers.", host)
	}
	if u.Scheme == "http" && !g.allowsPlain(addr, literal) {
		return apiclient.FieldErrorf(field, "The target starts with http://, which anybody on the way can read; use https://, or an address written out whose network --allow-targets has, or allow it with --allow-private-targets.")
	}
	return nil
}

// hostOf returns the URL's host as it is going to be looked up: in lower case, without
// the dots at its end, and in ASCII, which is what makes 127.0.0.1 of fullwidth digits.
func hostOf(u *url.URL) (string, error) {
	host := u.Hostname()
	if strings.ContainsFunc(host, func(r rune) bool { return r > unicode.MaxASCII }) {
		var err error
		if host, err = idna.Lookup.ToASCII(host); err != nil {
			return "", fmt.Errorf("host of a target: %w", err)
		}
	}
	host = strings.ToLower(strings.TrimRight(host, "."))
	if host == "" {
		return "", errors.New("host of a target: it is empty")
	}
	return host, nil
}

// allowsPlain reports whether http is good enough: in development, or where the URL
// has an address of an allowed network itself. To where a name leads is known only when
// it is dialled, and the request is on its way then.
func (g Guard) allowsPlain(a netip.Addr, literal bool) bool {
	return g.AllowPrivate || literal && g.lists(a.WithZone("").Unmap())
}

// portOf returns the URL's port, or its scheme's.
func portOf(u *url.URL) (uint16, error) {
	text := u.Port()
	if text == "" {
		text = map[string]string{"http": "80"}[u.Scheme]
	}
	n, err := strconv.ParseUint(cmp.Or(text, "443"), 10, 16)
	if err != nil {
		return 0, fmt.Errorf("port of a target: %w", err)
	}
	return uint16(n), nil
}

// literalOf returns the address that a host is without being resolved. The names
// that RFC 6761 keeps for the loopback address are such, too.
func literalOf(host string) (netip.Addr, bool) {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return netip.AddrFrom4([4]byte{127, 0, 0, 1}), true
	}
	a, err := netip.ParseAddr(host)
	return a, err == nil
}

// isNumber reports whether some programs would read a last label as part of an
// address: 127.1, 2130706433 and 0x7f000001 are all 127.0.0.1 to them.
func isNumber(label string) bool {
	if hex, ok := strings.CutPrefix(label, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return label != "" && strings.Trim(label, "0123456789") == ""
}
