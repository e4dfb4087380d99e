// Package delivery posts webhooks: it makes the one HTTP request that an item of
// the outbox stands for, and says what is to become of the item.
//
// # The request
//
// A POST of the delivery's stored bytes as application/json, with the headers of
// the Standard Webhooks: webhook-id (the same on every attempt), webhook-timestamp
// (when this attempt was made) and webhook-signature. x-um-event-seq is the number
// of the event, so that a receiver can tell which of two deliveries is newer;
// x-um-test is 1 on a test; x-um-replay-of is the webhook-id of the delivery that
// this one repeats.
//
// # The answer
//
// Any 2xx whose head was read is success, whatever becomes of its body. The body
// is read up to 16 KiB and never decompressed, redirects are never followed, and
// a connection is used again only if its answer was read to the end. [Judge] is
// the table of what each answer means.
//
// # Targets
//
// Target URLs come from whoever may subscribe, and the engine may stand inside a
// network where much can be reached. So a [Guard] looks at every address that is
// about to be connected to, after its name was resolved: a name that resolves to
// something else by then gains nothing. There is no proxy, whatever the
// environment says, because behind one the address would not be ours to see.
//
// URLs are the receivers' secrets: neither errors nor logs of this package hold
// more of one than its host.
package delivery
