package remote_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/remote/remotetest"
)

// disguised hides umdeck/v1: what is left is a WordPress with the Zapier extension.
func disguised(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/wp-json/umdeck") {
			http.NotFound(w, r)
			return
		}
		if strings.TrimRight(r.URL.Path, "/") != "/wp-json" {
			next.ServeHTTP(w, r)
			return
		}
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		body := bytes.ReplaceAll(rec.Body.Bytes(), []byte(`,"umdeck/v1"`), nil)
		for name, values := range rec.Header() {
			if name != "Content-Length" {
				w.Header()[name] = values
			}
		}
		w.WriteHeader(rec.Code)
		_, _ = w.Write(body) // the client may be gone
	})
}

// TestDisguisedSuite runs the suite on an umdeck that the client takes for a
// WordPress.
func TestDisguisedSuite(t *testing.T) {
	url, e := serveUmdeck(t, disguised)
	_, password, err := e.CreatePassword(t.Context(), 1, "suite")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.CreateZap(t.Context(), apitest.ActionZap("Import members", "first_name", "last_name", "birth_date", "country", "description", "mobile_number", "languages", "gender")); err != nil {
		t.Fatal(err)
	}
	if _, err := e.CreateZap(t.Context(), apitest.TriggerZap("New members", apiclient.TriggerRegistration, "user_email", "first_name", "account_status")); err != nil {
		t.Fatal(err)
	}
	site := &remotetest.Site{URL: url, User: "admin", Password: password}
	apitest.Run(t, func(t *testing.T) apiclient.API { return connect(t, site) }, apitest.Options{Shared: true})
}
