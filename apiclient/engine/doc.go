// Package engine is the local instance: [apiclient.API] on a database of its own,
// and what it takes to tell the world of changes.
//
// # Parts
//
//	apiclient rules ─┐
//	                 ├─► engine ──► store: the change, its event, its deliveries and
//	caller ─► API ───┘     │               its audit entry, in one transaction
//	                       └─ Wake ─► outbox ─► delivery ─► subscribers
//
// [Open] takes the data folder, in which one engine works at a time; [Engine.Run]
// sends what is due until its context ends. Without Run everything else works, and
// deliveries wait.
//
// # A change
//
// Whatever is done to a user is one transaction: the guard of the action, the new
// state, the event for the trigger that it raises, one delivery for each
// subscription of each running zap that listens, with the body as it was at that
// moment, and the audit entry. A deletion's bodies are made before the user is
// gone. When the call returns, all of that is on the disk; when it fails, none is.
//
// # Events
//
// An event is recorded for every moment of the seven triggers, whether anything is
// sent or not: [apiclient.Event.Skipped] says why nothing was.
//
//	trigger                    moment
//	um_registration_complete   CreateUser; Register, once the status is set
//	um_user_login              Login, and no other way to begin a session
//	um_user_edit_profile       UpdateUser, unless the status alone changes; SaveProfile, whatever changes
//	um_admin_approve_account   an account that awaited review becomes approved, however
//	um_user_email_activation   Activate, once for each link
//	um_user_updated_account    SaveAccount, whatever the tab, but to delete the account
//	um_delete_user             the account is about to be removed, whoever does it
//	any                        FireTrigger
//
// Which zaps then fire is decided by [apiclient.Zap.Listens] for the origin of the
// actor; FireTrigger asks every running zap of the trigger.
//
// # Members
//
// What visitors do on the site's pages ([apiclient.Members]) is the same kind of
// change, with the origin form and the member as its actor: the guard, the state, the
// events, the mails and the audit entry in one transaction. A session is a random
// token, of which the SHA-256 is kept; it ends by age, by not being used, with a new
// password or address, and with every status that may not log in. What fails too
// often waits, by address and by account, as member_limit.go has it.
//
// # First opening
//
// A new folder gets WordPress's five roles, the role um_member, and the
// administrator "admin", who has no password and so cannot log in until one is
// set, or an application password made.
package engine
