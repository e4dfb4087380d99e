package apiclient

import "io"

// API is everything that can be asked of a site. Its methods are safe for
// concurrent use, return when their context ends, and fail with an [Error].
// Who acts is said by [WithActor] on the context.
//
// Close releases what the API holds; calls after it fail with [Unavailable].
type API interface {
	Sites
	Users
	Roles
	Zaps
	Fields
	Forms
	Uploads
	Subscriptions
	Deliveries
	Replays
	Passwords
	Settings
	Audits
	Mails
	io.Closer
}
