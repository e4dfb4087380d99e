// Package filter is the language in which people and scripts choose rows: it is
// parsed once into an [apiclient.Filter], then run over rows in memory ([Run]),
// turned into a query by a store, sent to a site as text ([String]) and completed
// by the console ([Complete]).
//
// # The language
//
//	anna                       a row whose free text has "anna" in it
//	"anna maria"               the same with a space; what is quoted has no operators
//	anna berlin                both: terms are joined by and
//	anna OR bert               either; and binds closer than OR
//	(anna OR bert) berlin      parentheses group
//	-anna                      not; NOT anna is the same
//	status:approved            the column is the value
//	status:approved,rejected   one of the values
//	login:r*                   * stands for any run of characters of the value
//	email:~example             the value has the text in it
//	id:>=100                   also > <= <
//	id:100..200                from 100 to 200, both included; 100.. and ..200 too
//	phone_number:none          nothing is stored; phone_number:"" is the same
//	phone_number:*             something is stored
//	registered:2026-01-31      on that day; 2026-01 and 2026 work as well
//	registered:>=7d            within the last 7 days; registered:7d is the same
//	code:5xx                   a class of HTTP statuses
//	ms:>500                    longer than that; ms:>2s is the same as ms:>2000
//	since:1h                   no older than that; since:2026-01-31 is since that day began
//	user:7                     the user with that number; user:anna has the login (user:"7" too)
//	target:hooks.zapier.com    what goes to that host; target:*.zapier.com, target:127.0.0.1:9000
//
// A column in which nothing is stored meets no condition but none and **, and so
// meets every other one that is negated. Text compares without regard to case. A backslash takes the character after it
// as it is. Names of columns may have any case, and the names that Ultimate Member
// stores under (user_email, account_status) work beside ours. A word with a colon
// must be quoted, an address such as https://example.com apart.
//
// # Values
//
// Parse leaves values in one form for each kind of column, and both Run and a
// store rely on it; a filter that was built by hand may use the same forms:
//
//   - [Text], [List], [Choice]: the text. What is compared by order (<, ..) compares
//     as numbers where both sides are numbers, and else as text in lower case;
//   - [Status]: the slug;
//   - [Account]: as Number in its own column, as Text in that of the login;
//   - [Since]: as Time in the column that it is made of;
//   - [Number], [Code], [Millis]: digits, perhaps with a sign and a fraction;
//   - [Bool]: true or false;
//   - [Time]: a day as 2026-01-31, which is the whole day in UTC, or a moment as
//     2026-01-31T15:04:05Z, which is the whole second ([Span] reads both);
//   - [Date]: a day, as 2026-01-31.
//
// Relative times are moments by then, so a filter means the same however long it
// is kept.
//
// # Limits
//
// A filter has at most 4096 bytes, 100 conditions and 32 levels.
package filter
