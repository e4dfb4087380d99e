package console

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A crash is the first panic, which ends the program.
type crash struct {
	value any
	stack []byte
}

// crashed keeps the first panic and ends the program.
func (m *Model) crashed(value any, stack []byte) {
	if m.crash == nil {
		m.crash = &crash{value, stack}
		m.log.Error("panic", "value", m.cfg.Redact(fmt.Sprint(value)))
	}
	m.quitting = true
	if m.kill != nil {
		m.kill()
	}
}

// report writes the crash file and returns the error that ends the console. The file
// says what the console was doing and holds no secret that Redact knows.
func (m *Model) report() error {
	if m.crash == nil {
		return nil
	}
	what := oneLine(m.cfg.Redact(fmt.Sprint(m.crash.value)))
	if m.cfg.CrashDir == "" {
		return fmt.Errorf("the console stopped because of a fault in it: %s", what)
	}
	file, err := m.writeCrash()
	if err != nil {
		return fmt.Errorf("the console stopped because of a fault in it: %s (and the crash file could not be written: %w)", what, err)
	}
	return fmt.Errorf("the console stopped because of a fault in it: %s; what is needed to mend it is in %s", what, file)
}

func (m *Model) writeCrash() (string, error) {
	if err := os.MkdirAll(m.cfg.CrashDir, 0o700); err != nil {
		return "", err
	}
	at := m.now().UTC()
	var b strings.Builder
	fmt.Fprintf(&b, "umdeck crash, %s\n\npanic: %v\n\n", at.Format("2006-01-02 15:04:05Z"), m.crash.value)
	if m.page >= 0 {
		fmt.Fprintf(&b, "screen: %s\nsize: %d×%d\ndialogs: %d\njobs: %d\n\n", m.current().ID(), m.width, m.height, len(m.dialogs), len(m.jobs))
	}
	b.Write(m.crash.stack)
	f, err := os.CreateTemp(m.cfg.CrashDir, "crash-"+at.Format("20060102-150405")+"-*.txt")
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(m.cfg.Redact(b.String()))
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return filepath.Clean(f.Name()), err
}

func oneLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}
