// Package sink is a receiver of webhooks that answers as the world does. The demo
// posts to it, and so do tests that want more than a receiver that is always well.
//
// # Characters
//
// What a target answers is said by the first part of its path, so that each
// subscription has a character of its own; the rest of the path tells targets of
// the same character apart:
//
//	/ok/…         200 at once
//	/flaky/…      200, and one time in four 500, 502, 503 or a closed connection
//	/slow/…       200 after 1 to 4 seconds
//	/gone/…       200 for a while, then 410 for good
//	/silent/…     nothing: the request hangs until the client gives up
//	/throttled/…  200, but 429 with Retry-After beyond a few requests in a few seconds
//	/mixed/…      mostly 200, now and then what flaky, slow and silent do
//
// Any other path is 404. A request that is no POST is 405, and a body beyond
// 10 MB, which is Zapier's limit, is 413.
//
// The n-th request to a target gets the same answer whenever the seed is the same,
// but for throttled ones, which go by the clock.
package sink
