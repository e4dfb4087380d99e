// Package wire says what every HTTP surface of a site looks like: paths, forms,
// JSON and status codes. The server reads it forwards and the remote client
// backwards, so the two cannot drift apart.
//
// # umdeck/v1
//
// Below [Root] each method of [apiclient.API] except Close is one [Endpoint]: a
// [Route] and the types of its request and its answer. A request's members
// tagged path stand in the path, those tagged query in the query, the others in
// a JSON body. Nouns have a twin here, which alone knows JSON: XOf makes it from
// the noun, and its method Domain makes the noun from it.
//
//   - Times are RFC 3339 in UTC; a time that is zero is absent.
//   - Durations are milliseconds, with a fraction.
//   - A value is a string or a list of strings, as it is stored.
//   - A filter is its tree as JSON ([Filter]), so that no text is parsed twice.
//   - Secrets cross only where a call gives or returns one on purpose: a new
//     password, an application password just made, and the signing secret in
//     the answers of Subscription and AddSubscription.
//   - What has no meaning is refused: unknown members and parameters, a key that
//     stands there twice, text that is not UTF-8. Answers are read leniently,
//     since a newer server may say more.
//
// The log (Watch) is a stream of server-sent events; see [WriteEntries] and
// [ReadEntries].
//
// # Errors
//
// [StatusOf] and [KindOfStatus] read one table of kinds and statuses. The body
// has WordPress's shape, with the kind as its code: see [ErrorBody].
//
// # WordPress
//
// WordPress core's REST API is read by a client from what any WordPress sends
// ([WordPressUser] and what else has WordPress in its name), and answered by a server
// as WordPress 6.1 and 7.1 answer it: [RestRoutes] are its routes with their
// parameters, [RestRequest] reads and cleans those as PHP and WordPress do,
// [RestView] writes the items and [RestError] the errors, to the letter.
//
// # Zapier
//
// The calls of the Ultimate Member Zapier extension, POST /?action=NAME, take one
// set of parameters however they are encoded ([ReadParams]) and answer an
// [Envelope]; um_zapier_activity_perform_list alone answers a bare object. What a
// client must take for such answers from PHP has names with WordPress in them.
package wire
