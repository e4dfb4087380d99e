// Package pages serves a site's own pages to its members and visitors: plain HTML
// rendered from the site's forms, without a line of JavaScript, so that the seven
// triggers come from real use.
//
// # Addresses
//
//	/                      the home page, and ?act=activate_via_email, the activation link
//	/register              the first registration form, /register/ID another one
//	/login                 the login form
//	/logout                a button; the header has one on every page, too
//	/password-reset        asks for a link; ?act=reset_password, where the link leads
//	/account               the account page, a tab each: /account/password, …
//	/user, /user/NAME      a profile, ?um_action=edit its form
//	/members               the directory
//	/umdeck.css            the style of all of them
//
// The addresses and their parameters are those of Ultimate Member's core pages.
// What a page may show and what a form does is decided by [apiclient.Members];
// this package turns forms into controls and submissions into values, and keeps
// the cookie of the session.
//
// # Accessibility
//
// Every control has a label of its own, its help and its problem are tied to it,
// choices are groups with a legend, problems are summed up at the top in an alert
// with links to the controls, and nothing is told by colour alone.
//
// # Safety
//
// A form carries a token against forged requests, bound to a cookie; the cookie of
// the session is HttpOnly, SameSite=Lax and, where the site is served over TLS,
// Secure. Submissions are limited in size and, by address, in number. Pages load
// nothing from elsewhere and may not be framed.
package pages
