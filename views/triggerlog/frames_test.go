package triggerlog_test

import (
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/views/list"
	"umdeck/views/live"
)

func withLog(d *apiclient.Delivery) {
	d.Body = []byte(`{"id":910,"um_zap_name":"New members","um_zap_id":5,"user_id":1091,"user_email":"ada@example.com","first_name":"Zoë & Søn","roles":["subscriber","um_member"]}`)
	for n := 1; n <= d.Attempts; n++ {
		a := apiclient.Attempt{
			Number: n, At: noon.Add(time.Duration(n-4) * time.Minute), Duration: 87 * time.Millisecond, Code: 503, Error: "answered 503 Service Unavailable",
			Request: []apiclient.Header{
				{Name: "Host", Value: "hooks.example.com"}, {Name: "content-type", Value: "application/json"}, {Name: "webhook-id", Value: d.WebhookID},
			},
			Response: []apiclient.Header{{Name: "Content-Type", Value: "text/html"}, {Name: "Server", Value: "nginx"}},
			Body:     []byte("<html><head><title>503</title></head>\n<body>down</body></html>"),
		}
		if n == 2 {
			a.Code, a.Class, a.Error, a.Response, a.Body = 0, "timeout", "no answer within 15 s", nil, nil
		}
		d.Log = append(d.Log, a)
	}
}

func TestFrames(t *testing.T) {
	t.Run("log", func(t *testing.T) {
		start(t, filled()).golden("log")
	})
	t.Run("filter", func(t *testing.T) {
		a := start(t, filled())
		a.filter("state:dead,due")
		a.golden("filter")
	})
	t.Run("lost", func(t *testing.T) {
		a := start(t, filled())
		a.live(live.Batch{State: live.Reconnecting, Why: "The site does not answer."})
		a.golden("lost")
		a.happens(delivery(100))
		a.golden("mended")
	})
	t.Run("delivery", func(t *testing.T) {
		s := filled()
		s.set(91, withLog)
		a := start(t, s)
		a.run(a.screen.Open("log/91"))
		a.golden("delivery")
	})
	t.Run("event", func(t *testing.T) {
		s := filled()
		s.zaps = []apiclient.Zap{
			{ID: 4, Name: "Logins", Kind: apiclient.ZapTrigger, Event: apiclient.TriggerLogin, Status: apiclient.ZapStopped, Subscriptions: 1},
			{ID: 5, Name: "New members", Kind: apiclient.ZapTrigger, Event: apiclient.TriggerRegistration, Status: apiclient.ZapRunning, Subscriptions: 2},
		}
		a := start(t, s)
		a.run(a.screen.Open("log/e883"))
		a.golden("event")
	})
	t.Run("without a log", func(t *testing.T) {
		a := start(t, &site{}, func(c *list.Config) {
			c.Site.Missing = map[apiclient.Capability]string{apiclient.CanReadLog: "The Zapier extension keeps no log of deliveries."}
		})
		a.golden("missing")
	})
	t.Run("empty", func(t *testing.T) {
		start(t, &site{}).golden("empty")
	})
}
