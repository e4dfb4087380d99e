package delivery_test

import (
	"cmp"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"umdeck/apiclient/engine/delivery"
	"umdeck/apiclient/engine/outbox"
)

// targets are URLs that lead, or were meant to lead, to where a stranger must not post.
var targets = []struct {
	url   string
	is    string // what a name server says that the host is; empty: it is asked for nothing
	seen  bool   // already by CheckURL, and not only when it is dialled
	words string // of the refusal
}{
	// IPv4 as it is written
	{"https://127.0.0.1/", "", true, "loopback"},
	{"https://127.255.255.254/", "", true, "loopback"},
	{"https://0.0.0.0/", "", true, "unspecified"},
	{"https://0.1.2.3/", "", true, "this network"},
	{"https://10.1.2.3/", "", true, "private"},
	{"https://172.31.0.1/", "", true, "private"},
	{"https://192.168.1.1/", "", true, "private"},
	{"https://100.64.0.1/", "", true, "shared"},
	{"https://169.254.169.254/latest/meta-data/", "", true, "link-local"},
	{"https://169.254.170.2/v2/credentials", "", true, "link-local"},
	{"https://168.63.129.16/machine", "", true, "metadata"},
	{"https://100.100.100.200/latest/meta-data/", "", true, "metadata"},
	{"https://192.0.0.192/opc/v1/", "", true, "reserved"},
	{"https://192.0.2.1/", "", true, "documentation"},
	{"https://198.51.100.1/", "", true, "documentation"},
	{"https://203.0.113.1/", "", true, "documentation"},
	{"https://198.18.0.1/", "", true, "benchmarking"},
	{"https://192.88.99.1/", "", true, "reserved"},
	{"https://224.0.0.1/", "", true, "multicast"},
	{"https://239.255.255.250/", "", true, "multicast"},
	{"https://240.0.0.1/", "", true, "reserved"},
	{"https://255.255.255.255/", "", true, "broadcast"},

	// IPv4 as some programs read it: the resolver of C takes all of these for addresses
	{"https://2130706433/", "127.0.0.1", true, "four decimal numbers"},
	{"https://017700000001/", "127.0.0.1", true, "four decimal numbers"},
	{"https://0x7f000001/", "127.0.0.1", true, "four decimal numbers"},
	{"https://0x7f.0x0.0x0.0x1/", "127.0.0.1", true, "four decimal numbers"},
	{"https://0X7F.1/", "127.0.0.1", true, "four decimal numbers"},
	{"https://0177.0.0.1/", "127.0.0.1", true, "four decimal numbers"},
	{"https://127.1/", "127.0.0.1", true, "four decimal numbers"},
	{"https://127.0.1/", "127.0.0.1", true, "four decimal numbers"},
	{"https://127.0.0.01/", "127.0.0.1", true, "four decimal numbers"},
	{"https://0/", "0.0.0.0", true, "four decimal numbers"},
	{"https://2852039166/", "169.254.169.254", true, "four decimal numbers"},
	{"https://0xa9.0xfe.0xa9.0xfe/", "169.254.169.254", true, "four decimal numbers"},
	{"https://169.16689662/", "169.254.169.254", true, "four decimal numbers"},
	{"https://256.256.256.256/", "", true, "four decimal numbers"},

	// other ways to write a host
	{"https://127.0.0.1./", "127.0.0.1", true, "loopback"},
	{"https://127.0.0.1../", "", true, "loopback"},
	{"https://127.1./", "127.0.0.1", true, "four decimal numbers"},
	{"https://１２７.０.０.１/", "127.0.0.1", true, "loopback"},
	{"https://127。0。0。1/", "127.0.0.1", true, "loopback"},
	{"https://%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1/", "127.0.0.1", true, "loopback"},
	{"https://①②⑦.⓪.⓪.①/", "127.0.0.1", true, "loopback"},
	{"https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", "127.0.0.1", true, "loopback"},
	{"https://local\u00adhost/", "127.0.0.1", true, "loopback"},
	{"https://xn--\u00ad/", "", true, "no name"},
	{"https://user:1.1.1.1@127.0.0.1/", "", true, "loopback"},
	{"https://1.1.1.1%2f@127.0.0.1/", "", true, "loopback"},
	{"https://1.1.1.1\\@127.0.0.1/", "", true, "no URL"},
	{"https://%31%32%37.0.0.1/", "", true, "no URL"},
	{"https://127.0.0.1:443:80/", "", true, "no URL"},
	{"https://./", "", true, "no name"},
	{"https://:443/", "", true, "no name"},
	{"//127.0.0.1/", "", true, "no URL"},

	// names
	{"https://localhost/", "127.0.0.1", true, "loopback"},
	{"https://LocalHost./", "127.0.0.1", true, "loopback"},
	{"https://hooks.localhost/", "127.0.0.1", true, "loopback"},
	{"https://localhost.localdomain/", "127.0.0.1", false, "loopback"},
	{"https://ip6-localhost/", "::1", false, "loopback"},
	{"https://127.0.0.1.nip.example/", "127.0.0.1", false, "loopback"},
	{"https://localtest.example/", "::1", false, "loopback"},
	{"https://intranet/", "10.0.0.5", false, "private"},
	{"https://metadata.google.internal/", "169.254.169.254", false, "link-local"},
	{"https://metadata.azure.internal/", "168.63.129.16", false, "metadata"},
	{"https://metadata6.example.com/", "fd00:ec2::254", false, "metadata"},
	{"https://anything.example.com/", "0.0.0.0", false, "unspecified"},
	{"https://all.example.com/", "255.255.255.255", false, "broadcast"},
	{"https://mapped.example.com/", "::ffff:127.0.0.1", false, "loopback"},
	{"https://compatible.example.com/", "::127.0.0.1", false, "IPv4-compatible"},
	{"https://translated.example.com/", "::ffff:0:7f00:1", false, "IPv4-translated"},
	{"https://six.example.com/", "2002:7f00:1::", false, "6to4"},
	{"https://nat.example.com/", "64:ff9b::a9fe:a9fe", false, "NAT64"},
	{"https://localnat.example.com/", "64:ff9b:1::a9fe:a9fe", false, "local NAT64"},
	{"https://teredo.example.com/", "2001:0:101:101::80ff:fffe", false, "Teredo"},
	{"https://isatap.example.com/", "2606:4700::5efe:7f00:1", false, "ISATAP"},

	// IPv6 as it is written
	{"https://[::]/", "", true, "unspecified"},
	{"https://[::1]/", "", true, "loopback"},
	{"https://[0:0:0:0:0:0:0:1]/", "", true, "loopback"},
	{"https://[::1%25lo]/", "", true, "loopback"},
	{"https://[::127.0.0.1]/", "", true, "IPv4-compatible"},
	{"https://[::ffff:127.0.0.1]/", "", true, "loopback"},
	{"https://[::ffff:7f00:1]/", "", true, "loopback"},
	{"https://[::FFFF:A9FE:A9FE]/", "", true, "link-local"},
	{"https://[::ffff:127.0.0.1%25lo]/", "", true, "loopback"},
	{"https://[::ffff:0:127.0.0.1]/", "", true, "IPv4-translated"},
	{"https://[64:ff9b::127.0.0.1]/", "", true, "NAT64"},
	{"https://[64:ff9b:1::10.0.0.1]/", "", true, "local NAT64"},
	{"https://[2002:a00:1::]/", "", true, "6to4"},
	{"https://[2001:0:7f00:1::]/", "", true, "Teredo"},
	{"https://[2606:4700::200:5efe:10.0.0.1]/", "", true, "ISATAP"},
	{"https://[fc00::1]/", "", true, "unique-local"},
	{"https://[fd00:ec2::254]/latest/meta-data/", "", true, "metadata"},
	{"https://[fd20:ce::254]/computeMetadata/v1/", "", true, "metadata"},
	{"https://[fe80::1]/", "", true, "link-local"},
	{"https://[fe80::a9fe:a9fe%25eth0]/", "", true, "link-local"},
	{"https://[fec0::1]/", "", true, "site-local"},
	{"https://[ff02::1]/", "", true, "multicast"},
	{"https://[100::1]/", "", true, "discard"},
	{"https://[2001:db8::1]/", "", true, "documentation"},
	{"https://[3fff::1]/", "", true, "documentation"},
	{"https://[2001:2::1]/", "", true, "benchmarking"},
	{"https://[2001:20::1]/", "", true, "reserved"},
	{"https://[5f00::1]/", "", true, "reserved"},

	// services that read plain text, and what is not HTTP at all
	{"https://1.1.1.1:22/", "", true, "SSH"},
	{"https://1.1.1.1:25/", "", true, "SMTP"},
	{"https://hooks.example.com:6379/", "1.1.1.1", true, "Redis"},
	{"https://hooks.example.com:11211/", "1.1.1.1", true, "memcached"},
	{"https://hooks.example.com:0/", "1.1.1.1", true, "nobody"},
	{"https://hooks.example.com:65536/", "1.1.1.1", true, "no port"},
	{"http://hooks.example.com/", "", true, "http://"},
	{"gopher://127.0.0.1:70/", "", true, "no URL"},
	{"ftp://1.1.1.1/", "", true, "no URL"},
	{"file:///etc/passwd", "", true, "no URL"},
	{"unix:///run/umdeck.sock", "", true, "no URL"},
	{"javascript:alert(1)", "", true, "no URL"},
}

// TestHostileTargets sends to each, as a delivery whose target somebody got into the
// database, and then dials it as if nobody had looked at the URL.
func TestHostileTargets(t *testing.T) {
	for _, target := range targets {
		t.Run(target.url, func(t *testing.T) {
			names := resolver(t, func(int) []netip.Addr {
				if target.is == "" {
					return nil
				}
				return []netip.Addr{netip.MustParseAddr(target.is)}
			})
			strict := func(c *delivery.Config) { c.Guard, c.Resolver = delivery.Guard{}, names }
			if err := (delivery.Guard{}).CheckURL(target.url); (err != nil) != target.seen {
				t.Errorf("CheckURL says %v, want an error: %v", err, target.seen)
			}
			r, a := send(t, hook(target.url), strict)
			if a.Class != delivery.ClassRefused || r.Verdict != outbox.Retry || r.Tries != 3 || !strings.Contains(a.Error, target.words) {
				t.Errorf("class %q, error %q, result %+v; want a refusal that says %q", a.Class, a.Error, r, target.words)
			}
			if len(a.Request) != 0 {
				t.Errorf("something was written: %v", a.Request)
			}
			dial(t, sender(t, hook(target.url), strict), target.url)
		})
	}
}

// dial connects to the URL's host as if nobody had looked at the URL: the guard must
// refuse each address that the host is or is said to be. What is neither an address nor
// a name, such as 127.1, nobody is asked for.
func dial(t *testing.T, s *delivery.Sender, raw string) {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || u.Scheme != "https" {
		return
	}
	c, err := s.Dial(t.Context(), net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), "443")))
	if err == nil {
		_ = c.Close()
		t.Fatal("it was dialled")
	}
	var refused *delivery.RefusedError
	var unknown *net.DNSError
	_, literal := netip.ParseAddr(u.Hostname())
	if !errors.As(err, &refused) && (literal == nil || !errors.As(err, &unknown) || !unknown.IsNotFound) && u.Port() != "65536" {
		t.Errorf("dialling it: %v, want a refusal", err)
	}
}

// TestHarmlessTargets holds what only looks hostile.
func TestHarmlessTargets(t *testing.T) {
	for _, raw := range []string{
		"https://1.1.1.1#@127.0.0.1/", "https://1.1.1.1/?u=http://127.0.0.1/", "https://hooks.example.com/@127.0.0.1", "https://bücher.example/",
		"https://xn--bcher-kva.example/", "https://127.0.0.1.example.com/", "https://0x7f000001.example/", "https://localhost.example.com/",
		"https://hooks.example.com./", "https://[2606:4700::6810:84e5]/", "https://hooks.example.com:8443/",
	} {
		if err := (delivery.Guard{}).CheckURL(raw); err != nil {
			t.Errorf("%s: %v", raw, err)
		}
	}
}

// TestNamesOfManyAddresses has names of which the resolver gives several addresses, of
// both families: those that are refused are passed over, and none is connected to.
func TestNamesOfManyAddresses(t *testing.T) {
	var requests atomic.Int32
	url, trust := secure(t, func(http.ResponseWriter, *http.Request) { requests.Add(1) })
	url = strings.Replace(url, "127.0.0.1", "many.example.com", 1)
	for _, test := range []struct {
		name string
		is   []string
		good bool
	}{
		{"all of them private", []string{"10.0.0.1", "192.168.0.1", "fd00::1", "::1"}, false},
		{"metadata first, of both families", []string{"169.254.169.254", "fd00:ec2::254", "127.0.0.1"}, true},
		{"the good one last", []string{"::1", "10.0.0.1", "0.0.0.0", "127.0.0.1"}, true},
		{"wrapped, as IPv6 addresses", []string{"::ffff:10.0.0.1", "64:ff9b::10.0.0.1"}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			requests.Store(0)
			names := resolver(t, func(int) (list []netip.Addr) {
				for _, a := range test.is {
					list = append(list, netip.MustParseAddr(a))
				}
				return list
			})
			r, a := send(t, hook(url), func(c *delivery.Config) { trust(c); c.Resolver = names })
			if test.good != (r.Verdict == outbox.Done) || test.good != (requests.Load() == 1) || test.good == (a.Class == delivery.ClassRefused) {
				t.Errorf("result %+v after %d requests", r, requests.Load())
			}
		})
	}
}
