package open_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"umdeck/apiclient"
)

// canary stands in everything that no log may tell.
const canary = "S3CR37"

type lockedBuffer struct {
	mu sync.Mutex // guards b
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// TestTheLogKeepsSecrets plants secrets in targets, bodies, answers, passwords, settings and
// requests of a busy instance: neither its log at the finest level nor what Prometheus
// reads has any of them.
func TestTheLogKeepsSecrets(t *testing.T) {
	log := &lockedBuffer{}
	s, end := serveIn(t, t.TempDir(), slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	defer end()
	answers := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Answer", canary)
		if strings.HasPrefix(r.URL.Path, "/gone") {
			w.WriteHeader(http.StatusGone)
		} else if !strings.HasPrefix(r.URL.Path, "/well") {
			w.WriteHeader(http.StatusInternalServerError)
		}
		_, _ = io.WriteString(w, canary)
	}))
	defer answers.Close()
	// Below 1024 nobody is: a port that was bound and given back may be another test's server by now.
	const nobody = "http://127.0.0.1:1023"
	hidden := []string{canary, s.secret.Reveal(), strings.ReplaceAll(s.secret.Reveal(), " ", "")}
	targets := []string{
		answers.URL + "/well/" + canary + "?token=" + canary, answers.URL + "/sick/" + canary, answers.URL + "/gone/" + canary,
		nobody + "/refused/" + canary, "http://nobody.invalid/nowhere/" + canary,
		"https://" + strings.TrimPrefix(answers.URL, "http://") + "/plain/" + canary,
	}
	hidden = append(hidden, s.subscribe(t, canary, targets...)...)
	if _, err := s.ChangeSettings(t.Context(), map[string]string{
		"smtp_host": "127.0.0.1", "smtp_port": "1", "smtp_security": "none", "smtp_user": canary, "smtp_password": canary, "admin_email": "admin@example.com",
	}); err != nil {
		t.Fatal(err)
	}
	u, err := s.CreateUser(t.Context(), apiclient.NewUser{
		Login: "ada", Email: "ada@example.com", Password: apiclient.NewSecret("Aa1!" + canary), Status: apiclient.StatusApproved,
		Fields: map[string]apiclient.Value{"first_name": apiclient.Text(canary)},
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		s.fire(t, u.ID)
	}
	strangers(t, s)
	until(t, "an attempt at each target, and at a mail", func() bool {
		text := log.String()
		for n := range targets {
			if !strings.Contains(text, fmt.Sprintf("lane=subscription/%d ", n+1)) {
				return false
			}
		}
		return strings.Contains(text, "msg=attempt mail=1")
	})
	_, numbers := s.ask(t, http.MethodGet, "/metrics", "")
	end()
	text := log.String()
	for _, secret := range hidden {
		if secret == "" {
			t.Fatal("a secret is empty, and would be found everywhere")
		}
		for name, text := range map[string]string{"log": text, "numbers": numbers} {
			if i := strings.Index(text, secret); i >= 0 {
				t.Errorf("the %s have a secret: …%s…", name, text[max(0, i-300):min(len(text), i+60)])
			}
		}
	}
	for _, want := range []string{"msg=attempt delivery=", "result=done", "result=retry", "result=gone", "msg=request id=", `msg="login refused" id=`, "user=admin"} {
		if !strings.Contains(text, want) {
			t.Errorf("the log lacks %s", want)
		}
	}
	if !strings.Contains(numbers, `umdeck_attempts_total{kind="delivery",result="done"}`) || !strings.Contains(numbers, "umdeck_writer_commit_duration_seconds_count") {
		t.Error("the numbers lack what was done")
	}
}

// strangers call with secrets where they do not belong, and as who they are not.
func strangers(t *testing.T, s served) {
	t.Helper()
	for _, c := range []struct{ method, path, body, password string }{
		{http.MethodPost, "/wp-json/umdeck/v1/users", `{"login":"` + canary, ""},
		{http.MethodPost, "/wp-json/umdeck/v1/users", `{"login":"grace","email":"` + canary + `"}`, ""},
		{http.MethodGet, "/wp-json/umdeck/v1/users?filter=" + canary + ":::", "", ""},
		{http.MethodPost, "/?action=um_register_user&password=" + canary, "user_pass=" + canary, ""},
		{http.MethodGet, "/password-reset?act=reset_password&hash=" + canary, "", ""},
		{http.MethodGet, "/wp-json/umdeck/v1/site", "", canary},
	} {
		req, err := http.NewRequestWithContext(t.Context(), c.method, s.url+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		password := s.secret.Reveal()
		if c.password != "" {
			password = c.password
		}
		req.SetBasicAuth("admin", password)
		res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if err := res.Body.Close(); err != nil {
			t.Error(err)
		}
	}
}
