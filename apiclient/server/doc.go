// Package server answers HTTP for any [apiclient.API]. Package wire says what the
// answers look like.
//
// # Surfaces
//
//   - POST /?action=NAME: the calls of the Ultimate Member Zapier extension's API
//     document, and umm_zapier_unsubscribe. They need the header
//     "X-Request: um_zapier" and a user whose role has edit_users; what they do
//     has the origin api.
//
//   - /wp-json/ and /wp-json/wp/v2/users…, also as /?rest_route=…: WordPress core's
//     REST API for users and application passwords, so that whatever talks to
//     WordPress works. Visitors may ask; what they see is what WordPress shows them of
//     a site where nobody has published anything. What it does has the origin api.
//
//   - /, /register, /login, /account, /user/…, /password-reset and /members: the
//     site's own pages for members, where there is a [Config].Members; see package
//     pages.
//
//   - /wp-json/umdeck/v1/…: all of [apiclient.API]; the routes name the WordPress
//     capability that they need, and openapi.json describes them. What they do has
//     the origin console.
//
//   - /healthz, /readyz and /metrics, for those who operate the site; see below.
//
// The CRM calls are not here: their addresses answer 404 and say so.
//
// # Who may do what
//
// Callers log in with HTTP Basic and an application password, or are trusted as a
// whole ([Config].Trust), as on a Unix socket that only its owner can open. A user
// without the capability promote_users never gains from another account: such a
// caller can neither give a role that has administrative rights, nor change,
// delete or make a password for a user who has one.
//
// Failed logins are limited per address, and logged without the password.
//
// # Operating it
//
// /healthz answers 200 while the process answers at all. /readyz answers 503, and says
// why in sentences, while the oldest due delivery is overdue by a minute, the database
// takes no changes, the disk has less than 5 % free, or Serve is ending. Both are for
// everybody. /metrics is for Prometheus: programs on this machine read it from a
// loopback address, and by such an address in the URL, without credentials; through a
// proxy, and from elsewhere, it wants the application password of a user who has
// manage_options.
//
// Each request is a line in the log, with its id, the caller's address and login, and
// without its query.
//
// # Failures
//
// An endpoint returns an error, and one place writes it: status and body by the
// tables in wire, a log line for each 5xx. Every answer has X-Request-Id, and the
// log's lines have it too. A panic is an answer 500 and a log line with the stack.
package server
