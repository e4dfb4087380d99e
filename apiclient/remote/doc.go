// Package remote is apiclient.API over HTTP: of another umdeck, or of a WordPress
// with Ultimate Member and its Zapier extension.
//
// # Discovery
//
// [Open] reads the index of the site's REST API: at /wp-json/, else at
// /?rest_route=/ (a site without permalinks has no other), else where the home
// page's Link header says. A site that offers the namespace umdeck/v1 is another
// umdeck and can do everything. Any other is a WordPress: umdeck proves the
// credentials on core's REST API and on the extension, and works with what
// answers. The site's capabilities then say what is missing, and why.
//
// # Faults
//
// What stands between a console and a WordPress fails in a hundred ways that look
// alike, and few of them are the password. So an answer counts only when it is the
// documented JSON, and what came instead is named in the error with its fix: a
// redirect that would turn POST into GET, an Authorization header that the web
// server drops, application passwords that are switched off, a page cache, a
// firewall, maintenance, PHP messages before the JSON, a certificate that ran out,
// the wrong address of a site in a subdirectory.
//
// # What is repeated
//
// Requests that change nothing are tried three times when nobody answers or the
// site says "not now". A write is sent once. When its answer is lost, umdeck reads
// the account back and says what it found.
//
// # Secrets
//
// The application password is sent to the address that was given and to no other:
// redirects are reported, never followed. It is in no error and no log; should a
// site echo it, it is replaced by dots.
package remote
