package engine_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
)

// childDir is the environment variable that makes TestChild the process that is
// killed: the data folder to work in.
const childDir = "ENGINE_TEST_CHILD_DIR"

// TestChild runs an engine on a folder until it is killed. It is no test by itself.
func TestChild(t *testing.T) {
	dir := os.Getenv(childDir)
	if dir == "" {
		t.Skip("only TestKill runs this, in a process of its own")
	}
	e := must(engine.Open(t.Context(), placed(t, engine.Config{Dir: dir, AllowPrivateTargets: true, Lease: shortLease})))(t)
	fmt.Println("open")
	if err := e.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// A slow receiver answers nothing while it is held: an engine that posts to it is
// between the claim and the record.
type slow struct {
	url  string
	hook chan apitest.Hook

	mu   sync.Mutex    // guards held
	held chan struct{} // closed when it answers
}

func newSlow(t *testing.T) *slow {
	s := &slow{hook: make(chan apitest.Hook, 100), held: make(chan struct{})}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		s.mu.Lock()
		held := s.held
		s.mu.Unlock()
		s.hook <- apitest.Hook{Path: r.URL.Path, Header: r.Header.Clone(), Body: body}
		select {
		case <-held:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(srv.Close)
	s.url = srv.URL
	return s
}

// TestKill kills an engine between the claim of a delivery and the record of its
// result: the next engine, which begins while the lease of the killed one still holds,
// sends the same bytes under the same id.
func TestKill(t *testing.T) {
	dir, receiver := t.TempDir(), newSlow(t)
	want := prepare(t, dir, receiver.url)

	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild$")
	child.Env = inherit(dir, childDir+"="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || strings.TrimSpace(line) != "open" {
		t.Fatalf("the child says %q, %v", line, err)
	}
	first := next(t, receiver)
	checkLocked(t, dir, child.Process.Pid)
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // it was killed: that is its error

	receiver.mu.Lock()
	close(receiver.held)
	receiver.mu.Unlock()
	e := runOn(t, must(engine.Open(t.Context(), placed(t, engine.Config{Dir: dir, AllowPrivateTargets: true, Lease: shortLease})))(t))
	again := next(t, receiver)
	if first.Header.Get("webhook-id") != want.WebhookID || again.Header.Get("webhook-id") != want.WebhookID {
		t.Errorf("webhook-id %q and then %q; want %q", first.Header.Get("webhook-id"), again.Header.Get("webhook-id"), want.WebhookID)
	}
	if diff := cmp.Diff(string(first.Body), string(again.Body)); diff != "" {
		t.Errorf("the bytes differ (-first +again):\n%s", diff)
	}
	untilDone(t, e.Engine, want.ID)
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}

// prepare makes a delivery that waits in the folder.
func prepare(t *testing.T, dir, url string) apiclient.Delivery {
	t.Helper()
	e, err := engine.Open(t.Context(), placed(t, engine.Config{Dir: dir, AllowPrivateTargets: true}))
	if err != nil {
		t.Fatal(err)
	}
	z := must(e.CreateZap(t.Context(), apitest.TriggerZap("Kill", apiclient.TriggerLogin, "user_email", "first_name")))(t)
	if _, _, err := e.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: url + "/hook"}); err != nil {
		t.Fatal(err)
	}
	u := must(e.CreateUser(t.Context(), apitest.User("ada", apitest.Answer("first_name", "Ada & <b>"))))(t)
	must(e.FireTrigger(t.Context(), apiclient.TriggerLogin, u.ID))(t)
	list := must(e.Deliveries(t.Context(), apiclient.DeliveryQuery{}))(t).Deliveries
	if len(list) != 1 || list[0].State != apiclient.DeliveryDue {
		t.Fatalf("waiting are %+v; want one that is due", list)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return list[0]
}

func next(t *testing.T, s *slow) apitest.Hook {
	t.Helper()
	select {
	case h := <-s.hook:
		return h
	case <-time.After(30 * time.Second):
		t.Fatal("no hook came")
		return apitest.Hook{}
	}
}

// untilDone waits until the delivery is done.
func untilDone(t *testing.T, e *engine.Engine, id apiclient.DeliveryID) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	there := false
	err := e.Watch(ctx, 0, func(list []apiclient.LogEntry) error {
		for _, l := range list {
			if l.Delivery != nil && l.Delivery.ID == id && l.Delivery.State == apiclient.DeliveryDone {
				there = true
				cancel()
			}
		}
		return nil
	})
	if err != nil || !there {
		t.Fatalf("delivery %d did not become done: %v", id, err)
	}
}

// must returns v, or ends the test.
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
