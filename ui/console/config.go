package console

import (
	"errors"
	"io"
	"log/slog"
	"strconv"
	"time"

	"umdeck/ui"
)

// Config is what a Model needs. Env and at least one screen are required.
type Config struct {
	Env     *ui.Env
	Screens []ui.Screen   // on the keys 1 to 9 in this order; nil leaves a key free, and those after the ninth are in the palette alone
	Home    ui.Screen     // on the key 0, shown as the last tab; may be nil
	Start   string        // the first route; empty: the first screen
	Header  func() Header // what the header line says now; nil: nothing
	Actions []ui.Action   // what can be done everywhere, such as switching to another site

	ReadOnly    bool                // refuses what writes, to begin with
	SetReadOnly func(on bool) error // asked before :ro and :rw take effect; nil: the console alone is switched

	// AskBackground asks the terminal for its background, and takes the palette for it when it
	// answers. Nothing waits for that.
	AskBackground bool

	Clipboard io.Writer    // where OSC 52 goes; nil: the terminal that Run draws on
	Multiplex string       // what is between us and the terminal: "tmux", "screen", or empty
	Logger    *slog.Logger // nil means silence
	CrashDir  string       // where a crash leaves its file; empty: it leaves none
	Redact    func(string) string
	Now       func() time.Time // the clock of timers, not of what is shown; nil means time.Now
}

// Header is what the header line says about the site. Only what fits is shown; ReadOnly
// and Warnings always are.
type Header struct {
	Site     string   // the name, such as "@prod"
	URL      string   // such as "shop.example.com"
	User     string   // who acts
	Versions string   // such as "UM 2.13"
	Warnings []string // what must not be overlooked, a few words each, such as "private targets allowed"
}

// A tab is a screen and the key that shows it.
type tab struct {
	ui.Screen
	key   string
	begun bool // Init has run
	sized ui.SizeMsg
}

func tabsOf(cfg Config) ([]*tab, error) {
	if cfg.Env == nil || cfg.Env.Theme == nil || cfg.Env.Ctx == nil || cfg.Env.Now == nil {
		return nil, errors.New("console: Env with its Ctx, Theme and Now is required")
	}
	var tabs []*tab
	for i, s := range cfg.Screens {
		if s == nil {
			continue
		}
		t := &tab{Screen: s}
		if i < 9 {
			t.key = strconv.Itoa(i + 1)
		}
		tabs = append(tabs, t)
	}
	if cfg.Home != nil {
		tabs = append(tabs, &tab{Screen: cfg.Home, key: "0"})
	}
	if len(tabs) == 0 {
		return nil, errors.New("console: at least one screen is required")
	}
	return tabs, nil
}
