// Package apitest is the suite that every implementation of [apiclient.API] must
// pass, and the builders of its test data.
//
// # Running it
//
// A subject is one line of a test:
//
//	apitest.Run(t, func(t *testing.T) apiclient.API { return newEngine(t) })
//
// open is called once for each group of tests. A subject may hand out a new site
// each time or the same one again and again ([Options].Shared): no test takes the
// site to be empty, and each names what it makes with a tag of its own.
//
// # What a subject cannot do
//
// The suite asks [apiclient.Site.Missing] what the subject lacks. A test that
// needs a missing capability is left out; instead the methods behind it are called
// and must fail with Unsupported and the very sentence that Missing gives. A
// subject therefore cannot pass by failing quietly, and cannot be blamed for what
// it said beforehand.
//
// # What is not tested here
//
// The pure rules have tables of their own in apiclient; here an implementation is
// compared with them, so that a plan, a deed and a rule agree. The formats of HTTP,
// the schedule of retries and the mails belong to the packages that make them.
package apitest
