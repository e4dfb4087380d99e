package delivery_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/delivery"
	"umdeck/apiclient/engine/outbox"
)

// allowed are networks as an operator lists them.
func allowed(t *testing.T, networks string) delivery.Guard {
	t.Helper()
	list, err := apiclient.ParseNetworks("allow-targets", networks)
	if err != nil {
		t.Fatal(err)
	}
	return delivery.Guard{Allow: list}
}

// TestAllowedTargets posts to the receiver by all that its address is or is said to be,
// with a network of which it is in or just outside.
func TestAllowedTargets(t *testing.T) {
	url := listen(t, func(c conn) { c.request(); c.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") })
	port := url[strings.LastIndexByte(url, ':'):]
	for _, test := range []struct {
		networks, host string
		words          string // of the refusal; empty: it arrives
	}{
		{"127.0.0.0/8", "127.0.0.1", ""},
		{"127.0.0.1/32", "127.0.0.1", ""},
		{"10.0.0.0/8,127.0.0.0/31", "127.0.0.1", ""},
		{"::ffff:127.0.0.0/104", "127.0.0.1", ""},
		{"127.0.0.0/8", "[::ffff:127.0.0.1]", ""},
		{"127.0.0.0/8", "localhost", ""},
		{"127.0.0.0/32", "127.0.0.1", "loopback"},
		{"127.0.0.2/31", "127.0.0.1", "loopback"},
		{"126.0.0.0/8,128.0.0.0/1", "127.0.0.1", "loopback"},
		{"::1/128,::/0", "127.0.0.1", "loopback"},
		{"::/0", "[::ffff:127.0.0.1]", "loopback"},
		{"127.0.0.0/8", "named.example.com", "http://"},
		{"127.0.0.0/8", "1.1.1.1", "http://"},
		{"", "127.0.0.1", "loopback"},
	} {
		t.Run(test.networks+" "+test.host, func(t *testing.T) {
			names := resolver(t, func(int) []netip.Addr { return []netip.Addr{netip.MustParseAddr("127.0.0.1")} })
			r, a := send(t, hook("http://"+test.host+port+"/"), func(c *delivery.Config) { c.Guard, c.Resolver = allowed(t, test.networks), names })
			switch {
			case test.words == "" && r.Verdict != outbox.Done:
				t.Errorf("result %+v; want it to arrive", r)
			case test.words != "" && (a.Class != delivery.ClassRefused || !strings.Contains(a.Error, test.words)):
				t.Errorf("class %q, error %q; want a refusal that says %q", a.Class, a.Error, test.words)
			}
		})
	}
}

// TestAllowedNames posts by https to a name: its addresses are looked at when they are
// dialled, those outside of the networks as if there were no list.
func TestAllowedNames(t *testing.T) {
	url, trust := secure(t, func(http.ResponseWriter, *http.Request) {})
	url = strings.Replace(url, "127.0.0.1", "many.example.com", 1)
	for _, test := range []struct {
		networks, is string
		words        string // of the refusal; empty: it arrives
	}{
		{"127.0.0.0/8", "127.0.0.1", ""},
		{"127.0.0.0/8", "10.0.0.1 169.254.169.254 127.0.0.1", ""},
		{"127.0.0.0/8", "::ffff:127.0.0.1", ""},
		{"10.0.0.0/8", "127.0.0.1", "loopback"},
		{"127.0.0.0/8", "0.0.0.0", "unspecified"},
		{"127.0.0.0/8", "::ffff:10.0.0.1", "private"},
	} {
		t.Run(test.networks+" "+test.is, func(t *testing.T) {
			names := resolver(t, func(int) (list []netip.Addr) {
				for word := range strings.FieldsSeq(test.is) {
					list = append(list, netip.MustParseAddr(word))
				}
				return list
			})
			r, a := send(t, hook(url), func(c *delivery.Config) { trust(c); c.Guard, c.Resolver = allowed(t, test.networks), names })
			switch {
			case test.words == "" && r.Verdict != outbox.Done:
				t.Errorf("result %+v; want it to arrive", r)
			case test.words != "" && (a.Class != delivery.ClassRefused || !strings.Contains(a.Error, test.words)):
				t.Errorf("class %q, error %q; want a refusal that says %q", a.Class, a.Error, test.words)
			}
		})
	}
}

// TestAllowedForms dials the forms of addresses in and just outside of the allowed
// networks, with the sender's own dialer.
func TestAllowedForms(t *testing.T) {
	const networks = "10.1.0.0/16,fd00:1::/32,169.254.7.0/24,64:ff9b:1:5::/96"
	s := sender(t, hook("https://unused.example.com/"), func(c *delivery.Config) { c.Guard = allowed(t, networks) })
	for _, test := range []struct {
		addr  string
		words string // of the refusal; empty: it is let through
	}{
		{"10.1.0.0", ""},
		{"10.1.255.255", ""},
		{"10.0.255.255", "private"},
		{"10.2.0.0", "private"},
		{"::ffff:10.1.0.0", ""},
		{"::ffff:10.1.255.255", ""},
		{"::ffff:10.0.255.255", "private"},
		{"::ffff:10.2.0.0", "private"},
		{"64:ff9b::10.1.0.0", ""},
		{"64:ff9b::10.1.255.255", ""},
		{"64:ff9b::10.0.255.255", "NAT64"},
		{"64:ff9b::10.2.0.0", "NAT64"},
		{"::ffff:0:10.1.2.3", ""},
		{"::ffff:0:10.2.0.0", "IPv4-translated"},
		{"2002:a01:203::1", ""},
		{"2002:a02:0::1", "6to4"},
		{"2001:0:a01:203::f5fe:fdfc", ""},
		{"2001:0:a01:203::f5fd:fdfc", "Teredo"},
		{"2001:0:a02:203::f5fe:fdfc", "Teredo"},
		{"64:ff9b:1:5::10.1.2.3", ""},
		{"64:ff9b:1:6::10.1.2.3", "local NAT64"},
		{"64:ff9b:1::10.1.2.3", "local NAT64"},
		{"fd00:1::", ""},
		{"fd00:1:ffff:ffff:ffff:ffff:ffff:ffff", ""},
		{"fd00:0:ffff:ffff:ffff:ffff:ffff:ffff", "unique-local"},
		{"fd00:2::", "unique-local"},
		{"169.254.7.255", ""},
		{"169.254.6.255", "link-local"},
		{"169.254.8.0", "link-local"},
		{"169.254.169.254", "link-local"},
		{"::10.1.2.3", "IPv4-compatible"},
	} {
		t.Run(test.addr, func(t *testing.T) {
			err := s.Let(t.Context(), net.JoinHostPort(test.addr, "443"))
			var refused *delivery.RefusedError
			switch {
			case test.words == "" && !errors.Is(err, context.Canceled):
				t.Errorf("dialling it: %v; want it let through", err)
			case test.words != "" && (!errors.As(err, &refused) || !strings.Contains(err.Error(), test.words)):
				t.Errorf("dialling it: %v; want a refusal that says %q", err, test.words)
			}
		})
	}
}
