package link

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"umdeck/apiclient"
)

// TestCertificates connects to hosts whose certificate is not right.
func TestCertificates(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		name     string
		ip       string
		from, to time.Time
		trusted  bool
		want     string
	}{
		{"ran out", "127.0.0.1", now.Add(-48 * time.Hour), now.Add(-24 * time.Hour), true, "is not valid now (it holds from "},
		{"not yet", "127.0.0.1", now.Add(24 * time.Hour), now.Add(48 * time.Hour), true, "set this machine's clock"},
		{"of another", "10.0.0.1", now.Add(-time.Hour), now.Add(time.Hour), true, "is for another name"},
		{"of nobody", "127.0.0.1", now.Add(-time.Hour), now.Add(time.Hour), false, "signed by nobody this machine trusts"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cert, pool := certificateFor(t, c.ip, c.from, c.to)
			srv := httptest.NewUnstartedServer(http.NotFoundHandler())
			srv.Config.ErrorLog = log.New(io.Discard, "", 0) // handshakes fail on purpose
			srv.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
			srv.StartTLS()
			t.Cleanup(srv.Close)
			conf := &tls.Config{RootCAs: x509.NewCertPool()}
			if c.trusted {
				conf.RootCAs = pool
			}
			tr := &http.Transport{TLSClientConfig: conf}
			t.Cleanup(tr.CloseIdleConnections)
			_, err := New(Config{Transport: tr}).Do(t.Context(), Request{Method: "POST", URL: srv.URL, Name: "x"})
			if apiclient.KindOf(err) != apiclient.Unavailable || err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v; want %q in it", err, c.want)
			}
			if Lost(err) {
				t.Error("nothing was sent, but the write is called lost")
			}
		})
	}
}

func certificateFor(t *testing.T, ip string, from, to time.Time) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: from, NotAfter: to, IPAddresses: []net.IP{net.ParseIP(ip)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// TestNobody connects to where nobody is.
func TestNobody(t *testing.T) {
	// A port that was bound and given back may be another test's server by now.
	const address = "127.0.0.1:1"
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	for _, c := range []struct{ url, want string }{
		{"http://" + address, "Nothing listens at " + address},
		{"http://no-such-host.invalid", "There is no address for the host no-such-host.invalid"},
		{strings.Replace(plain.URL, "http:", "https:", 1), "does not speak TLS"},
	} {
		client := New(Config{})
		_, err := client.Do(t.Context(), Request{Method: "POST", URL: c.url, Name: "x"})
		client.Close()
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %q in it", c.url, err, c.want)
		}
		if Lost(err) {
			t.Errorf("%s: called lost", c.url)
		}
	}
}
