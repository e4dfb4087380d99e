package delivery_test

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/delivery"
)

// addresses are one of each kind, with the words of the refusal (empty: it is
// public) and whether AllowPrivate makes it good.
var addresses = []struct {
	addr    string
	why     string
	private bool
}{
	// public
	{"1.1.1.1", "", false},
	{"8.8.8.8", "", false},
	{"9.255.255.255", "", false},
	{"11.0.0.0", "", false},
	{"100.63.255.255", "", false},
	{"100.128.0.0", "", false},
	{"126.255.255.255", "", false},
	{"128.0.0.1", "", false},
	{"169.253.255.255", "", false},
	{"169.255.0.0", "", false},
	{"172.15.255.255", "", false},
	{"172.32.0.0", "", false},
	{"192.0.1.0", "", false},
	{"192.167.255.255", "", false},
	{"192.169.0.0", "", false},
	{"198.17.255.255", "", false},
	{"198.20.0.0", "", false},
	{"223.255.255.255", "", false},
	{"2606:4700:4700::1111", "", false},
	{"2001:200::1", "", false},
	{"2001:4860:4860::8888", "", false},
	{"3fff:1000::1", "", false},

	// IPv4
	{"0.0.0.0", "unspecified", false},
	{"0.1.2.3", "this network", false},
	{"10.0.0.0", "private", true},
	{"10.255.255.255", "private", true},
	{"100.64.0.0", "shared", true},
	{"100.127.255.255", "shared", true},
	{"127.0.0.1", "loopback", true},
	{"127.255.255.255", "loopback", true},
	{"169.254.0.1", "link-local", false},
	{"169.254.169.254", "link-local", false},
	{"172.16.0.1", "private", true},
	{"172.31.255.255", "private", true},
	{"192.0.0.8", "reserved", false},
	{"192.0.2.1", "documentation", false},
	{"192.88.99.1", "reserved", false},
	{"192.168.0.1", "private", true},
	{"192.168.255.255", "private", true},
	{"198.18.0.1", "benchmarking", false},
	{"198.19.255.255", "benchmarking", false},
	{"198.51.100.1", "documentation", false},
	{"203.0.113.255", "documentation", false},
	{"224.0.0.1", "multicast", false},
	{"239.255.255.255", "multicast", false},
	{"240.0.0.1", "reserved", false},
	{"255.255.255.254", "reserved", false},
	{"255.255.255.255", "broadcast", false},

	// IPv6
	{"::", "unspecified", false},
	{"::1", "loopback", true},
	{"::2", "IPv4-compatible", false},
	{"::127.0.0.1", "IPv4-compatible", false},
	{"100::1", "discard", false},
	{"200::1", "reserved", false},
	{"2001:1::1", "reserved", false},
	{"2001:2::1", "benchmarking", false},
	{"2001:3::1", "reserved", false},
	{"2001:10::1", "reserved", false},
	{"2001:2f::1", "reserved", false},
	{"2001:1ff:ffff::1", "reserved", false},
	{"2001:db8::1", "documentation", false},
	{"3fff::1", "documentation", false},
	{"3fff:fff:ffff::1", "documentation", false},
	{"4000::1", "reserved", false},
	{"5f00::1", "reserved", false},
	{"e000::1", "reserved", false},
	{"fc00::1", "unique-local", true},
	{"fdff:ffff::1", "unique-local", true},
	{"fe00::1", "reserved", false},
	{"fe80::1", "link-local", false},
	{"fe80::1%eth0", "link-local", false},
	{"febf::1", "link-local", false},
	{"fec0::1", "site-local", false},
	{"feff::1", "site-local", false},
	{"ff02::1", "multicast", false},

	// IPv4 inside IPv6
	{"::ffff:1.1.1.1", "", false},
	{"::ffff:127.0.0.1", "loopback", true},
	{"::ffff:7f00:1", "loopback", true},
	{"::ffff:127.0.0.1%eth0", "loopback", true},
	{"::ffff:169.254.169.254", "link-local", false},
	{"::ffff:10.0.0.1", "private", true},
	{"::ffff:0.0.0.0", "unspecified", false},
	{"64:ff9b::1.1.1.1", "", false},
	{"64:ff9b::127.0.0.1", "NAT64", true},
	{"64:ff9b::a9fe:a9fe", "NAT64", false},
	{"64:ff9b::192.168.1.1", "NAT64", true},
	{"64:ff9b:1::1.1.1.1", "local NAT64", false},
	{"64:ff9b:0:1::1", "reserved", false},
	{"::ffff:0:1.1.1.1", "", false},
	{"::ffff:0:127.0.0.1", "IPv4-translated", true},
	{"::ffff:0:a9fe:a9fe", "IPv4-translated", false},
	{"2002:0101:0101::1", "", false},
	{"2002:7f00:0001::1", "6to4", true},
	{"2002:a9fe:a9fe::1", "6to4", false},
	{"2002:0a00:0001::", "6to4", true},
	{"2002:c0a8:0101::1", "6to4", true},
	{"2002:e000:0001::1", "6to4", false},
	{"2001:0:101:101::fefe:fefe", "", false},                  // Teredo: server 1.1.1.1, client 1.1.1.1
	{"2001:0:101:101::80ff:fffe", "Teredo", true},             // client 127.0.0.1
	{"2001:0:101:101::5601:5601", "Teredo", false},            // client 169.254.169.254
	{"2001:0:7f00:1::fefe:fefe", "Teredo", true},              // server 127.0.0.1
	{"2001:0:a00:1:0:0:fefe:fefe", "Teredo", true},            // server 10.0.0.1
	{"2606:4700::5efe:7f00:1", "ISATAP", true},                // 127.0.0.1
	{"2606:4700::200:5efe:a9fe:a9fe", "ISATAP", false},        // 169.254.169.254
	{"2606:4700:0:0:200:5efe:0101:0101", "", false},           // 1.1.1.1
	{"2606:4700:0:0:300:5efe:7f00:0001", "", false},           // no ISATAP
	{"64:ff9b::100.64.0.1", "NAT64 form of 100.64.0.1", true}, // says what it found
	{"::ffff:198.18.0.1", "benchmarking", false},
	{"2002:c612:1::1", "benchmarking", false},
}

func TestGuard(t *testing.T) {
	for _, test := range addresses {
		a := netip.AddrPortFrom(netip.MustParseAddr(test.addr), 443)
		err := delivery.Guard{}.Check(a)
		if test.why == "" {
			if err != nil {
				t.Errorf("%s is refused: %v", test.addr, err)
			}
			continue
		}
		var refused *delivery.RefusedError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), test.why) {
			t.Errorf("%s: error %v, want a refusal because of %q", test.addr, err, test.why)
		}
		if err := (delivery.Guard{AllowPrivate: true}).Check(a); (err == nil) != test.private {
			t.Errorf("%s with AllowPrivate: error %v, want allowed %v", test.addr, err, test.private)
		}
		one := netip.PrefixFrom(a.Addr().WithZone("").Unmap(), a.Addr().Unmap().BitLen())
		if err := (delivery.Guard{Allow: []netip.Prefix{one}}).Check(a); err != nil {
			t.Errorf("%s is refused though %s is allowed: %v", test.addr, one, err)
		}
	}
	if err := (delivery.Guard{}).Check(netip.AddrPort{}); err == nil {
		t.Error("no address at all is allowed")
	}
}

func TestGuardAllowsWhatIsNamedAlone(t *testing.T) {
	g := delivery.Guard{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("fd00:1::/32")}}
	for addr, want := range map[string]bool{
		"127.0.0.1": true, "127.9.9.9": true, "::ffff:127.0.0.1": true, "fd00:1::5": true,
		"10.0.0.1": false, "::1": false, "fd00:2::5": false, "169.254.169.254": false,
	} {
		if err := g.Check(netip.AddrPortFrom(netip.MustParseAddr(addr), 80)); (err == nil) != want {
			t.Errorf("%s: error %v, want allowed %v", addr, err, want)
		}
	}
}

func TestGuardBarsPorts(t *testing.T) {
	public := netip.MustParseAddr("1.1.1.1")
	everything := delivery.Guard{AllowPrivate: true, Allow: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0")}}
	for port, allowed := range map[uint16]bool{
		80: true, 443: true, 8080: true, 8443: true, 3000: true, 49152: true, 65535: true,
		0: false, 21: false, 22: false, 23: false, 25: false, 53: false, 110: false, 143: false, 445: false, 587: false,
		3306: false, 5432: false, 6379: false, 11211: false, 27017: false,
	} {
		for _, g := range []delivery.Guard{{}, everything} {
			if err := g.Check(netip.AddrPortFrom(public, port)); (err == nil) != allowed {
				t.Errorf("port %d: error %v, want allowed %v", port, err, allowed)
			}
		}
	}
}

func TestCheckURL(t *testing.T) {
	named := delivery.Guard{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	develop := delivery.Guard{AllowPrivate: true}
	const flag = "--allow-private-targets"
	for _, test := range []struct {
		guard delivery.Guard
		url   string
		want  []string // what the sentence says; nil: allowed
	}{
		{delivery.Guard{}, "https://hooks.zapier.com/hooks/standard/1/2/", nil},
		{delivery.Guard{}, "https://1.1.1.1/", nil},
		{delivery.Guard{}, "https://[2606:4700:4700::1111]:8443/x", nil},
		{delivery.Guard{}, "https://7a.example/", nil},
		{delivery.Guard{}, "https://0xcafe.example/", nil},
		{delivery.Guard{}, "http://hooks.example.com/", []string{"http://", "https://", flag}},
		{delivery.Guard{}, "https://127.0.0.1/", []string{"127.0.0.1", "loopback", flag}},
		{delivery.Guard{}, "https://localhost/", []string{"localhost", "loopback", flag}},
		{delivery.Guard{}, "https://LOCALHOST.:8000/", []string{"localhost", "loopback", flag}},
		{delivery.Guard{}, "https://x.localhost/", []string{"x.localhost", flag}},
		{delivery.Guard{}, "https://[::1]/", []string{"::1", "loopback", flag}},
		{delivery.Guard{}, "https://[::ffff:10.0.0.1]/", []string{"private", flag}},
		{delivery.Guard{}, "https://[64:ff9b::10.0.0.1]/", []string{"NAT64", "10.0.0.1", flag}},
		{delivery.Guard{}, "https://[fe80::1%25eth0]/", []string{"link-local", "use a public one."}},
		{delivery.Guard{}, "https://169.254.169.254/latest/meta-data", []string{"169.254.169.254", "link-local", "use a public one."}},
		{delivery.Guard{}, "https://10.0.0.1./", []string{"10.0.0.1", "private"}},
		{delivery.Guard{}, "https://127.1/", []string{"127.1", "four decimal numbers"}},
		{delivery.Guard{}, "https://2130706433/", []string{"2130706433", "four decimal numbers"}},
		{delivery.Guard{}, "https://0x7f000001/", []string{"0x7f000001", "four decimal numbers"}},
		{delivery.Guard{}, "https://0x7F.0.0.0x1/", []string{"four decimal numbers"}},
		{delivery.Guard{}, "https://0177.0.0.1/", []string{"four decimal numbers"}},
		{delivery.Guard{}, "https://example.com:25/", []string{"25", "SMTP", "443"}},
		{delivery.Guard{}, "https://example.com:6379/", []string{"6379", "Redis"}},
		{delivery.Guard{}, "https://example.com:70000/", []string{"70000", "65535"}},
		{delivery.Guard{}, "https://", []string{"https://host/path"}},
		{delivery.Guard{}, "::", []string{"https://host/path"}},
		{develop, "http://127.0.0.1:9000/hook", nil},
		{develop, "http://localhost:9000/hook", nil},
		{develop, "http://[::1]:9000/hook", nil},
		{develop, "http://192.168.1.20/", nil},
		{develop, "http://hooks.example.com/", nil},
		{develop, "http://169.254.169.254/", []string{"link-local", "use a public one."}},
		{develop, "http://127.0.0.1:22/", []string{"SSH"}},
		{named, "http://127.0.0.1:9000/", nil},
		{named, "http://localhost:9000/", nil},
		{named, "http://[::ffff:127.0.0.1]:9000/", nil},
		{named, "https://[64:ff9b::127.0.0.1]:9000/", nil},
		{named, "http://[64:ff9b::127.0.0.1]:9000/", []string{"http://", "https://", "--allow-targets"}},
		{named, "http://10.0.0.1/", []string{"private", flag, "--allow-targets"}},
		{named, "http://1.1.1.1/", []string{"http://", flag, "--allow-targets"}},
		{named, "http://hooks.example.com/", []string{"http://", flag}},
	} {
		err := test.guard.CheckURL(test.url)
		if test.want == nil {
			if err != nil {
				t.Errorf("%s: %v", test.url, err)
			}
			continue
		}
		if err == nil || apiclient.KindOf(err) != apiclient.Invalid {
			t.Errorf("%s: error %v, want one of kind Invalid", test.url, err)
			continue
		}
		for _, w := range test.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %q does not say %q", test.url, err, w)
			}
		}
	}
}

// FuzzCheckURL checks that no text is answered by a panic, and that a literal
// address in an allowed URL is one that the guard allows.
func FuzzCheckURL(f *testing.F) {
	for _, s := range []string{"https://127.0.0.1/", "http://[::1%25x]:0/", "https://1.1.1.1:65536", "%", "https://[::ffff:7f00:1]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if delivery.Guard.CheckURL(delivery.Guard{}, raw) != nil {
			return
		}
		rest, _ := strings.CutPrefix(raw, "https://")
		host, _, _ := strings.Cut(rest, "/")
		a, err := netip.ParseAddr(strings.Trim(host, "[]"))
		if err == nil && (delivery.Guard{}).Check(netip.AddrPortFrom(a, 443)) != nil {
			t.Errorf("%q is allowed", raw)
		}
	})
}
