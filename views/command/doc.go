// Package command is umdeck without a screen: the nouns as commands for people in a
// hurry and for scripts. It shares the columns of the screens and knows no more of a
// site than [apiclient.API].
//
// # Shape
//
// A command is a struct of options, a constructor that binds flags to it, and a
// method run that takes an open site. [New] hangs them on one root; what needs more
// than a site (serve, connect, ...) comes from outside as [Config.Extra].
//
// # Streams and formats
//
// Results go to stdout, everything else to stderr. Tables are for people: cleaned,
// cut to the terminal, without colour anywhere else. JSON, JSON lines, YAML and CSV
// are for programs and hold every value whole; what a terminal might obey is escaped
// in JSON and YAML, where that loses nothing. CSV holds the values as they are: a
// cell that begins with = is not altered, because that would change data on its way
// back, so import such files into a spreadsheet as text. On a terminal CSV is cleaned.
//
// A list is read page by page and written as it comes, so --limit 0 needs no memory
// for a million rows.
//
// # Writes
//
// What cannot be taken back, what creates or changes accounts and what acts on many
// asks first and names the site, how many are concerned and what else will happen.
// --yes answers beforehand. Without a terminal nothing asks: the command fails and
// says which flag to pass. --dry-run shows the plan and does nothing.
//
// # Exit codes
//
// See [Exit].
package command
