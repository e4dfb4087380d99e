// Package demo fills an empty site with members, zaps and subscriptions, and then
// lets things happen there: what `umdeck demo` shows, and what screenshots and
// tests of screens are made from.
//
// It knows nothing but [apiclient.API], so it works on a site that is served as
// well as on one in this process. [Seed] makes the same site for the same seed;
// [Traffic] then does what members and administrators do, about once a second,
// through the same calls that everyone else uses. Nothing is written past the API.
package demo
