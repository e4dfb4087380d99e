package theme

// A Token says what a text means; the palette says how that looks.
type Token uint8

// The tokens.
const (
	Text         Token = iota // the terminal's own look
	Muted                     // what may be overlooked: units, ages, placeholders
	Strong                    // ordinary text that matters
	Title                     // the name of a pane, a page, a dialog
	Accent                    // what is alive or can be pressed
	Selected                  // the cursor row
	SelectedIdle              // the cursor row of a pane without the focus
	Marked                    // a marked row, and the mark
	Good                      // it worked, it runs, it is approved
	Warning                   // it waits for somebody, it may go wrong
	Bad                       // it failed, it is refused
	Info                      // worth knowing, neither good nor bad
	Border                    // the frame of a pane
	BorderFocus               // the frame of the pane that has the focus
	Key                       // a key in a hint
	Header                    // the titles of columns, the names of sections
	Badge                     // a count on a tab
	Match                     // the part of a text that was searched for
	Tab                       // the tab of another place
	TabOn                     // the tab of this place
	Bar                       // the program's header line
	Alert                     // what must not be overlooked: read-only, insecure, production

	tokens // how many there are
)

// tokenNames are for tests and for configuration that names a token.
var tokenNames = [tokens]string{
	"text", "muted", "strong", "title", "accent", "selected", "selected-idle", "marked", "good", "warning", "bad",
	"info", "border", "border-focus", "key", "header", "badge", "match", "tab", "tab-on", "bar", "alert",
}

// String returns the token's name.
func (k Token) String() string {
	if k >= tokens {
		return "?"
	}
	return tokenNames[k]
}
