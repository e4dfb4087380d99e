// Package mail makes e-mails from templates and hands them to a mail server.
//
// # Made
//
// [Compose] fills a template in. The template is HTML; what is put in is text and
// stands in the HTML escaped, so that nobody's name can be markup, and in a subject
// on one line, so that it cannot be a header. The plain text of a mail is made from
// its HTML. What stands in the outbox is the finished mail: a template that changes
// later changes no mail that was posted before.
//
// # Sent
//
// A [Sender] makes the one conversation with the mail server that an item of the
// outbox stands for, and says what is to become of the item:
//
//	what happened                                        verdict
//	250 after the text                                   Done
//	4xx about this mail (its sender, recipient or text)  Retry, by the outbox's schedule
//	5xx about this mail                                  GiveUp, with the server's words
//	nobody there, no TLS, a refused login, a 4xx or 5xx
//	before the mail was named, a 421 at any time         Stall: the lane's trouble
//
// Trouble of the lane is nobody's fault but the server's or the settings': the mail
// keeps its tries, and the others wait until one of them gets through. A mail that
// has waited for [Patience] is given up.
//
// Message-ID is the same on every attempt, so that a mail that came twice, because
// the process died after the server's 250 and before that was recorded, can be told
// from two mails. The server's certificate is always checked.
//
// Neither errors nor logs hold a password, or the text of a mail.
package mail
