package delivery_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/delivery"
	"umdeck/apiclient/engine/outbox"
)

// conn is a connection of a sink that writes its own HTTP.
type conn struct {
	*net.TCPConn
	in   *bufio.Reader
	done <-chan struct{} // closed when the test ends
}

// request reads one request and returns it as it came.
func (c conn) request() string {
	var b strings.Builder
	length := 0
	for {
		line, err := c.in.ReadString('\n')
		b.WriteString(line)
		if v, ok := strings.CutPrefix(line, "Content-Length: "); ok {
			length, _ = strconv.Atoi(strings.TrimSpace(v))
		}
		if err != nil || line == "\r\n" {
			break
		}
	}
	_, _ = io.CopyN(&b, c.in, int64(length))
	return b.String()
}

// write writes s and reports whether the other side still takes it.
func (c conn) write(s string) bool {
	_, err := io.WriteString(c, s)
	return err == nil
}

// reset ends the connection with an RST.
func (c conn) reset() {
	_ = c.SetLinger(0)
	_ = c.Close()
}

// hang waits until the other side goes away.
func (c conn) hang() { _, _ = io.Copy(io.Discard, c.in) }

// bind listens on a port of the loopback interface.
func bind(t testing.TB) net.Listener {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// listen starts a sink that calls serve for each connection and closes it then.
func listen(t testing.TB, serve func(conn)) (url string) {
	t.Helper()
	l := bind(t)
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer func() { _ = c.Close() }()
				go func() { <-done; _ = c.Close() }()
				serve(conn{c.(*net.TCPConn), bufio.NewReader(c), done})
			})
		}
	})
	t.Cleanup(func() {
		close(done)
		_ = l.Close()
		wg.Wait()
	})
	return "http://" + l.Addr().String()
}

// The time limits that tests wait for: to the head, and in all.
func shortHead(c *delivery.Config) { c.FirstByte = 400 * time.Millisecond }
func shortAll(c *delivery.Config)  { c.Total = time.Second }

func TestEveryStatus(t *testing.T) {
	sink := serve(t, func(w http.ResponseWriter, r *http.Request) {
		code, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/"))
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("Location", "/200")
		w.WriteHeader(code)
	})
	for code := 200; code <= 599; code++ {
		r, a := send(t, hook(fmt.Sprintf("%s/%d", sink.URL, code)), nil)
		if a.Code != code || a.Class != "" || (a.Error == "") != (code < 300) {
			t.Errorf("%d: attempt %+v", code, a)
		}
		if (r.Verdict == outbox.Done) != (code < 300) {
			t.Errorf("%d: verdict %v", code, r.Verdict)
		}
	}
}

// TestHostileAnswers holds sinks that break the rules of HTTP, or of manners.
func TestHostileAnswers(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
	for _, test := range []struct {
		name   string
		sink   func(conn)
		code   int
		class  string
		words  string // in the attempt's error
		change func(*delivery.Config)
	}{
		{"closed before the answer", func(c conn) { c.request() }, 0, delivery.ClassReset, "closed", nil},
		{"reset before the answer", func(c conn) { c.request(); c.reset() }, 0, delivery.ClassReset, "closed", nil},
		{"reset inside the head", func(c conn) { c.request(); c.write("HTTP/1.1 200 OK\r\nServer: x"); c.reset() }, 0, delivery.ClassReset, "closed", nil},
		{"closed inside the head", func(c conn) { c.request(); c.write("HTTP/1.1 200 OK\r\nServer: x") }, 0, delivery.ClassReset, "closed", nil},
		{"reset inside the body", func(c conn) { c.request(); c.write(head + "Content-Length: 100\r\n\r\nhalf"); c.reset() }, 200, "", "", nil},
		{"closed inside the body", func(c conn) { c.request(); c.write(head + "Content-Length: 100\r\n\r\nhalf") }, 200, "", "", nil},
		{"broken chunks", func(c conn) { c.request(); c.write(head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n") }, 200, "", "", nil},
		{"no HTTP", func(c conn) { c.request(); c.write("220 mail.example.com ESMTP\x1b[2J\r\n") }, 0, delivery.ClassOther, "malformed HTTP", nil},
		{"status 000", func(c conn) { c.request(); c.write("HTTP/1.1 000 x\r\nContent-Length: 0\r\n\r\n") }, 0, delivery.ClassOther, "status 000", nil},
		{"status 999", func(c conn) { c.request(); c.write("HTTP/1.1 999 x\x1b]0;y\r\nContent-Length: 0\r\n\r\n") }, 999, "", "answered 999", nil},
		{"switching protocols", func(c conn) {
			c.request()
			c.write("HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
			c.hang()
		}, 101, "", "answered 101", nil},
		{"early hints, then the answer", func(c conn) {
			c.request()
			c.write("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + head + "Content-Length: 2\r\n\r\nok")
		}, 200, "", "", nil},
		{"two answers at once", func(c conn) {
			c.request()
			c.write(head + "Content-Length: 2\r\n\r\nokHTTP/1.1 500 x\r\nContent-Length: 0\r\n\r\n")
		}, 200, "", "", nil},
		{"an answer before all of the request is read", func(c conn) {
			_, _ = c.in.ReadByte() // else it might come before the request is begun, and belong to none
			c.write(head + "Content-Length: 2\r\n\r\nok")
			c.request()
		}, 200, "", "", nil},
		{"two lengths", func(c conn) { c.request(); c.write(head + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nok") }, 0, delivery.ClassOther, "Content-Length", nil},
		{"a length below nothing", func(c conn) { c.request(); c.write(head + "Content-Length: -1\r\n\r\n") }, 0, delivery.ClassOther, "Content-Length", nil},
		{"a header with control characters", func(c conn) { c.request(); c.write(head + "X-\x1b[2J: \x07\r\nContent-Length: 0\r\n\r\n") }, 0, delivery.ClassOther, "malformed", nil},
		{"one line without end", func(c conn) {
			c.request()
			for c.write(strings.Repeat("x", 4096)) {
			}
		}, 0, delivery.ClassOther, "exceeded", nil},
		{"headers without end", func(c conn) {
			c.request()
			c.write("HTTP/1.1 200 OK\r\n")
			for n := 0; c.write(fmt.Sprintf("X-Line-%d: %s\r\n", n, strings.Repeat("x", 100))); n++ {
			}
		}, 0, delivery.ClassOther, "exceeded", nil},
		{"100 Continue without end", func(c conn) {
			c.request()
			for c.write("HTTP/1.1 100 Continue\r\nX: " + strings.Repeat("x", 1000) + "\r\n\r\n") {
			}
		}, 0, delivery.ClassOther, "", nil},
		{"body without end", func(c conn) {
			c.request()
			c.write(head + "Transfer-Encoding: chunked\r\n\r\n")
			for c.write("1000\r\n" + strings.Repeat("x", 4096) + "\r\n") {
			}
		}, 200, "", "", nil},
		{"body of no length", func(c conn) {
			c.request()
			c.write(head + "\r\n")
			for c.write(strings.Repeat("x", 4096)) {
			}
		}, 200, "", "", nil},
		{"nothing at all", conn.hang, 0, delivery.ClassTimeout, "no answer within 400ms", shortHead},
		{"a head that never ends", func(c conn) { c.request(); c.write("HTTP/1.1 200 OK\r\n"); c.hang() }, 0, delivery.ClassTimeout, "no answer within 400ms", shortHead},
		{"a head of one byte at a time", func(c conn) {
			c.request()
			drip(c, "HTTP/1.1 200 OK\r\n"+strings.Repeat("X: y\r\n", 100))
		}, 0, delivery.ClassTimeout, "no answer within", shortHead},
		{"a body of one byte at a time", func(c conn) { c.request(); c.write(head + "\r\n"); drip(c, strings.Repeat("z", 1000)) }, 200, "", "", shortAll},
		{"a failure with a body that hangs", func(c conn) { c.request(); c.write("HTTP/1.1 500 x\r\n\r\nwhy"); c.hang() }, 500, "", "answered 500 Internal Server Error", shortAll},
		{"slow in all", func(c conn) { c.request(); c.hang() }, 0, delivery.ClassTimeout, "no answer within 1s in all", shortAll},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			url := listen(t, test.sink) + "/key-abcd"
			r, a := send(t, hook(url), test.change)
			if a.Code != test.code || a.Class != test.class || !strings.Contains(a.Error, test.words) {
				t.Errorf("code %d, class %q, error %q; want %d, %q, %q", a.Code, a.Class, a.Error, test.code, test.class, test.words)
			}
			if (r.Verdict == outbox.Done) != (test.code == 200) {
				t.Errorf("verdict %v", r.Verdict)
			}
			if len(a.Body) > 16<<10 || len(a.Response) > 64 {
				t.Errorf("kept %d bytes and %d header lines", len(a.Body), len(a.Response))
			}
			if strings.Contains(a.Error, "abcd") || strings.ContainsAny(a.Error, "\x1b\r\n") {
				t.Errorf("the error shows too much: %q", a.Error)
			}
			if len(a.Request) == 0 {
				t.Error("the request is not recorded")
			}
		})
	}
}

// drip writes a byte every 10 ms.
func drip(c conn, s string) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for i := range s {
		select {
		case <-c.done:
			return
		case <-tick.C:
		}
		if !c.write(s[i : i+1]) {
			return
		}
	}
}

func TestManyHeaders(t *testing.T) {
	sink := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		for n := range 200 {
			w.Header().Set(fmt.Sprintf("X-Line-%03d", 199-n), "v")
		}
	})
	_, a := send(t, hook(sink.URL), nil)
	if len(a.Response) != 64 || a.Response[63].Name != "X-Line-061" {
		t.Errorf("kept %d lines, the last is %v", len(a.Response), a.Response[len(a.Response)-1])
	}
}

// TestGzipBomb checks that a small answer stays small.
func TestGzipBomb(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	if _, err := z.Write(make([]byte, 8<<20)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	sink := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(bomb.Bytes())
	})
	r, a := send(t, hook(sink.URL), nil)
	if want := bomb.Bytes()[:min(bomb.Len(), 16<<10)]; r.Verdict != outbox.Done || !bytes.Equal(a.Body, want) {
		t.Errorf("verdict %v, body of %d bytes, want the first %d as they came", r.Verdict, len(a.Body), len(want))
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	followed := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a redirect was followed") })
	for _, target := range []string{followed.URL, "http://169.254.169.254/latest/meta-data/", "//127.0.0.2/"} {
		for _, code := range []int{301, 302, 303, 307, 308} {
			sink := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", target)
				w.WriteHeader(code)
			})
			r, a := send(t, hook(sink.URL), nil)
			if r.Verdict != outbox.Retry || a.Code != code || !strings.Contains(a.Error, "redirects are never followed") {
				t.Errorf("%d to %s: result %+v", code, target, r)
			}
		}
	}
}

// TestNoProxy checks that the environment cannot lead around the guard.
func TestNoProxy(t *testing.T) {
	proxy := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the proxy was asked") })
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"} {
		t.Setenv(name, proxy.URL)
	}
	sink := serve(t, func(http.ResponseWriter, *http.Request) {})
	if r, _ := send(t, hook(sink.URL), nil); r.Verdict != outbox.Done {
		t.Errorf("result %+v", r)
	}
}

// secure starts a receiver that speaks TLS, with a certificate for 127.0.0.1 and for
// names under example.com, and returns how a Sender is told to trust it.
func secure(t *testing.T, h http.HandlerFunc) (url string, trust func(*delivery.Config)) {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.EnableHTTP2 = true
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return s.URL, func(c *delivery.Config) { c.Roots = roots }
}

// secureBy is secure with a TLS configuration of the test's own, for a receiver that must
// not be reached.
func secureBy(t *testing.T, change func(*tls.Config)) (url string, trust func(*delivery.Config)) {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request came") }))
	s.TLS = &tls.Config{MinVersion: tls.VersionTLS10}
	change(s.TLS)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.TLS.Certificates[0].Leaf)
	return s.URL, func(c *delivery.Config) { c.Roots = roots }
}

// certificate makes one for 127.0.0.1 that holds until then.
func certificate(t *testing.T, until time.Time) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: until.Add(-24 * time.Hour), NotAfter: until, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

func TestTLS(t *testing.T) {
	sink, trust := secure(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 1 {
			t.Errorf("the request came by %s", r.Proto)
		}
	})
	port := sink[strings.LastIndexByte(sink, ':'):]
	expired, trustExpired := secureBy(t, func(c *tls.Config) { c.Certificates = []tls.Certificate{certificate(t, time.Now().Add(-time.Hour))} })
	old, trustOld := secureBy(t, func(c *tls.Config) {
		c.Certificates, c.MaxVersion = []tls.Certificate{certificate(t, time.Now().Add(time.Hour))}, tls.VersionTLS11
	})
	plain := func(serve func(conn)) string { return strings.Replace(listen(t, serve), "http:", "https:", 1) }

	for _, test := range []struct {
		name   string
		url    string
		change func(*delivery.Config)
		class  string
	}{
		{"trusted", sink, trust, ""},
		{"unknown authority", sink, nil, delivery.ClassTLS},
		{"another host's certificate", "https://localhost" + port, trust, delivery.ClassTLS},
		{"no TLS", plain(func(c conn) { _, _ = c.in.ReadByte(); c.write("HTTP/1.1 200 OK\r\n\r\n"); c.hang() }), nil, delivery.ClassTLS},
		{"reset in the handshake", plain(func(c conn) { _, _ = c.in.ReadByte(); c.reset() }), nil, delivery.ClassTLS},
		{"expired certificate", expired, trustExpired, delivery.ClassTLS},
		{"TLS 1.1", old, trustOld, delivery.ClassTLS},
		{"no handshake", plain(conn.hang), func(c *delivery.Config) { c.TLS = 100 * time.Millisecond }, delivery.ClassTimeout},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, a := send(t, hook(test.url), test.change)
			if a.Class != test.class || (r.Verdict == outbox.Done) != (test.class == "") {
				t.Errorf("class %q, error %q; want %q", a.Class, a.Error, test.class)
			}
			if test.class == delivery.ClassTimeout && a.Error != "no TLS session within 100ms" {
				t.Errorf("error %q", a.Error)
			}
		})
	}
}

func TestNobodyListens(t *testing.T) {
	// Below 1024 nobody is: a port that was bound and given back may be another test's server by now.
	r, a := send(t, hook("http://127.0.0.1:1023"), nil)
	if r.Verdict != outbox.Retry || a.Class != delivery.ClassConnect || !strings.Contains(a.Error, "refused") {
		t.Errorf("result %+v", r)
	}
}

// TestCutShort ends the context of a send.
func TestCutShort(t *testing.T) {
	began := make(chan struct{})
	url := listen(t, func(c conn) { c.request(); close(began); c.hang() })
	s := sender(t, hook(url), nil)
	ctx, cancel := contextOf(t)
	go func() { <-began; cancel() }()
	r := s.Send(ctx, outbox.Item{ID: 1})
	if a := r.Report.(apiclient.Attempt); r.Verdict != outbox.Retry || a.Class != delivery.ClassOther {
		t.Errorf("result %+v", r)
	}
}
