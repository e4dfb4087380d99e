// Package wordpress is apiclient.API on a WordPress site, over two surfaces: core's
// REST API below /wp/v2, and the requests to /?action= that Ultimate Member's
// Zapier extension answers.
//
// # Who does what
//
//	find, list, count users      core, context=edit
//	names, address, password,    core: POST /wp/v2/users/ID, which leaves the account
//	website, roles               status alone
//	status, member fields        read from um_zapier_activity_perform_list of a trigger
//	                             zap; written by um_update_user with an action zap
//	register                     um_register_user, um_update_on_exists=No
//	delete                       um_delete_user, or core where no action zap runs
//	zaps, field groups, samples  the extension
//	application passwords        core
//
// The rest is Unsupported, with the reasons of site.go.
//
// # What is known of such sites
//
// Core (WordPress 6.1 and 7.1 behave alike): wrong credentials are answered as a
// visitor's request, with 200 and public authors, so only /users/me?context=edit
// proves a login. Names come as HTML and are decoded once. A page beyond the last
// is an empty list. There is no keyset, only offsets. account_status is not shown
// unless the site's owner registered it (meta.account_status). A login or address
// that is taken is 500 existing_user_login on creation, and on a change of address
// "Invalid email address.", so both are looked up first. Neither is unique in the
// database: two registrations at once make two accounts.
//
// The extension: um_update_user wants a role and a status each time. A client that
// knows neither would approve who was rejected by editing a telephone number, so
// both are read first and never assumed; and since it leaves a user the one role
// that it is given, further roles are given back through core. A value that is
// empty leaves a field as it is, so that nothing can be cleared. um_register_user
// strips from a login what is not ASCII, without a word. Nothing there keeps one
// from deleting oneself or the last administrator. The API document does not say
// how bodies are encoded: forms reach any PHP code. It has no unsubscribe, no list
// of subscriptions and no log. Nor does it say whether the activation mail goes out
// again when the status is awaiting_email_confirmation already.
//
// # Why a write is read back
//
// The extension answers "updated" whatever it did, and a plugin may undo it in the
// same request; an administrator who acts on hundreds must be able to trust each
// row. Reading back costs one request in three.
package wordpress
