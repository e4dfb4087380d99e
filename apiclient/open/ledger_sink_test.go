package open_test

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"umdeck/apiclient"
)

// A ledgerSink is a receiver that remembers all that it got. On the path /flaky it
// answers the first try of one hook in thirty with 500.
type ledgerSink struct {
	url string

	mu       sync.Mutex // guards what follows
	paths    map[string]*ledgerPath
	problems []string
}

// A ledgerPath is what came for one subscription.
type ledgerPath struct {
	verify  *standardwebhooks.Webhook
	hooks   map[string]*ledgerHook // by webhook-id
	changes map[int]bool           // numbers of the changes that arrived
	latest  map[int]int            // by user: the number of the latest event that arrived for the first time
	repeats int                    // hooks that came again after they were answered with 200
}

type ledgerHook struct {
	body      string
	came      int
	delivered bool // 200 was answered
}

func newLedgerSink(t *testing.T) *ledgerSink {
	s := &ledgerSink{paths: map[string]*ledgerPath{}}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	s.url = srv.URL
	return s
}

// expect says that hooks come to the path, signed with that secret.
func (s *ledgerSink) expect(path string, signing apiclient.Secret) {
	verify, err := standardwebhooks.NewWebhook(signing.Reveal())
	if err != nil {
		panic(err) // the engine makes no such secret
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paths[path] = &ledgerPath{verify: verify, hooks: map[string]*ledgerHook{}, changes: map[int]bool{}, latest: map[int]int{}}
}

// delivered returns how many different hooks were answered with 200 at a URL.
func (s *ledgerSink) delivered(target string) (n int) {
	u, err := url.Parse(target)
	if err != nil {
		panic(err) // it is the sink's own
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range s.paths[u.Path].hooks {
		if h.delivered {
			n++
		}
	}
	return n
}

// ServeHTTP writes a hook down before it is answered.
func (s *ledgerSink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // cut by the kill
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.paths[r.URL.Path]
	if err := p.verify.Verify(body, r.Header); err != nil {
		s.problems = append(s.problems, fmt.Sprintf("a hook to %s: %v", r.URL.Path, err))
	}
	id := r.Header.Get("webhook-id")
	n, user, event, err := changeOf(body)
	if err != nil {
		s.problems = append(s.problems, err.Error())
	}
	h := p.hooks[id]
	if h == nil {
		h = &ledgerHook{body: string(body)}
		p.hooks[id] = h
		if event < p.latest[user] {
			s.problems = append(s.problems, fmt.Sprintf("event %d of user %d came to %s after event %d", event, user, r.URL.Path, p.latest[user]))
		}
		p.latest[user] = max(event, p.latest[user])
	}
	h.came++
	if h.body != string(body) {
		s.problems = append(s.problems, fmt.Sprintf("%s came as %s and as %s", id, h.body, body))
	}
	if r.URL.Path == "/flaky" && h.came == 1 && oneIn(30, id) {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	if h.delivered {
		p.repeats++
		return
	}
	h.delivered = true
	if p.changes[n] {
		s.problems = append(s.problems, fmt.Sprintf("change %d came under two ids to %s", n, r.URL.Path))
	}
	p.changes[n] = true
}

// changeOf returns the number of the change that a hook tells of, its user and its event.
func changeOf(body []byte) (n, user, event int, err error) {
	var has struct {
		ID   int    `json:"id"`
		User int    `json:"user_id"`
		Name string `json:"first_name"`
	}
	if err := json.Unmarshal(body, &has); err != nil {
		return 0, 0, 0, fmt.Errorf("%s: %w", body, err)
	}
	if _, err := fmt.Sscanf(has.Name, "change %d", &n); err != nil {
		return 0, 0, 0, fmt.Errorf("%s: %w", body, err)
	}
	return n, has.User, has.ID, nil
}

// oneIn picks one of n ids, always the same.
func oneIn(n uint32, id string) bool {
	sum := fnv.New32a()
	_, _ = io.WriteString(sum, id) // a hash never fails
	return sum.Sum32()%n == 0
}
