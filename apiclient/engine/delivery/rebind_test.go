package delivery_test

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/delivery"
	"umdeck/apiclient/engine/outbox"
)

func contextOf(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithCancel(t.Context())
}

// resolver returns a Resolver that asks a name server of the test's own, which
// gives what answer says for the n-th question about IPv4 addresses; of one about IPv6
// addresses it does not count. No addresses means that there is no such name.
func resolver(t *testing.T, answer func(n int) []netip.Addr) *net.Resolver {
	t.Helper()
	c, err := new(net.ListenConfig).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		asked := 0
		for buf := make([]byte, 1500); ; {
			n, peer, err := c.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if err := m.Unpack(buf[:n]); err != nil || len(m.Questions) != 1 {
				continue
			}
			q := m.Questions[0]
			m.Response, m.Additionals = true, nil
			if q.Type == dnsmessage.TypeA {
				asked++
			}
			addrs := answer(max(asked, 1))
			if len(addrs) == 0 {
				m.RCode = dnsmessage.RCodeNameError
			}
			for _, a := range addrs {
				if r := record(q, a); r != nil {
					m.Answers = append(m.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}, Body: r})
				}
			}
			if out, err := m.Pack(); err == nil {
				_, _ = c.WriteTo(out, peer)
			}
		}
	}()
	t.Cleanup(func() {
		_ = c.Close()
		<-ended
	})
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", c.LocalAddr().String())
	}}
}

// record returns the answer that an address is to the question, or nil.
func record(q dnsmessage.Question, a netip.Addr) dnsmessage.ResourceBody {
	switch {
	case q.Type == dnsmessage.TypeA && a.Is4():
		return &dnsmessage.AResource{A: a.As4()}
	case q.Type == dnsmessage.TypeAAAA && a.Is6():
		return &dnsmessage.AAAAResource{AAAA: a.As16()}
	}
	return nil
}

// TestRebinding resolves a name to a good address when it is subscribed and to a
// private one when it is posted to: nothing may connect.
func TestRebinding(t *testing.T) {
	var connections atomic.Int32
	url := listen(t, func(c conn) { connections.Add(1); c.request() })
	port := url[strings.LastIndexByte(url, ':'):]
	for _, bad := range []string{"127.0.0.1", "10.0.0.1", "169.254.169.254", "0.0.0.0"} {
		t.Run(bad, func(t *testing.T) {
			r := resolver(t, func(n int) []netip.Addr {
				if n == 1 {
					return []netip.Addr{netip.MustParseAddr("1.1.1.1")}
				}
				return []netip.Addr{netip.MustParseAddr(bad)}
			})
			target := "https://rebind.example.com" + port + "/"
			first, err := r.LookupHost(t.Context(), "rebind.example.com")
			if err != nil || len(first) != 1 || first[0] != "1.1.1.1" {
				t.Fatalf("the first look-up gave %v, %v", first, err)
			}
			if err := (delivery.Guard{}).CheckURL(target); err != nil {
				t.Fatal(err)
			}
			res, a := send(t, hook(target), func(c *delivery.Config) { c.Guard, c.Resolver = delivery.Guard{}, r })
			if a.Class != delivery.ClassRefused || res.Verdict != outbox.Retry || res.Tries != 3 || !strings.Contains(a.Error, bad) {
				t.Errorf("result %+v", res)
			}
		})
	}
	if n := connections.Load(); n != 0 {
		t.Errorf("%d connections were made", n)
	}
}

// TestRebindingBetweenAttempts has a name that leads to the receiver on the first attempt
// and into the network on the next ones, as often as they are made.
func TestRebindingBetweenAttempts(t *testing.T) {
	url, trust := secure(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") })
	r := resolver(t, func(n int) []netip.Addr {
		if n == 1 {
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}
		}
		return []netip.Addr{netip.MustParseAddr("10.0.0.1")}
	})
	s := sender(t, hook(strings.Replace(url, "127.0.0.1", "rebind.example.com", 1)), func(c *delivery.Config) { trust(c); c.Resolver = r })
	for n, want := range []string{"", delivery.ClassRefused, delivery.ClassRefused} {
		res := s.Send(t.Context(), outbox.Item{ID: 1, Tries: n})
		if a := res.Report.(apiclient.Attempt); a.Class != want {
			t.Errorf("attempt %d: class %q, error %q; want %q", n+1, a.Class, a.Error, want)
		}
	}
}

// TestNameWithOneGoodAddress has a name with a refused and an allowed address.
func TestNameWithOneGoodAddress(t *testing.T) {
	url := listen(t, func(c conn) { c.request(); c.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") })
	port := url[strings.LastIndexByte(url, ':'):]
	r := resolver(t, func(int) []netip.Addr {
		return []netip.Addr{netip.MustParseAddr("169.254.169.254"), netip.MustParseAddr("127.0.0.1")}
	})
	res, _ := send(t, hook("http://both.example.com"+port+"/"), func(c *delivery.Config) {
		c.Guard, c.Resolver = delivery.Guard{AllowPrivate: true}, r
	})
	if res.Verdict != outbox.Done {
		t.Errorf("result %+v", res)
	}
}

// TestGuardOfLiterals posts to what CheckURL refuses already.
func TestGuardOfLiterals(t *testing.T) {
	for _, target := range []string{
		"https://127.0.0.1:8443/", "http://hooks.example.com/", "https://[::ffff:127.0.0.1]/", "https://localhost/", "https://1.1.1.1:25/",
	} {
		_, a := send(t, hook(target), func(c *delivery.Config) { c.Guard = delivery.Guard{} })
		if a.Class != delivery.ClassRefused || !strings.HasPrefix(a.Error, "The target") {
			t.Errorf("%s: class %q, error %q", target, a.Class, a.Error)
		}
	}
}

func TestDNS(t *testing.T) {
	unknown := resolver(t, func(int) []netip.Addr { return nil })
	mute := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	for name, r := range map[string]*net.Resolver{"no such host": unknown, "no answer": mute} {
		t.Run(name, func(t *testing.T) {
			res, a := send(t, hook("https://gone.example.com/secret-abcd"), func(c *delivery.Config) {
				c.Resolver, c.Connect = r, 200*time.Millisecond
			})
			if res.Verdict != outbox.Retry || a.Class != delivery.ClassDNS || !strings.Contains(a.Error, "gone.example.com") {
				t.Errorf("result %+v", res)
			}
			if strings.Contains(a.Error, "abcd") {
				t.Errorf("the error shows the target: %q", a.Error)
			}
		})
	}
}
