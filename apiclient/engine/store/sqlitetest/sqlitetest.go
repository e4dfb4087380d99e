// Package sqlitetest gives tests files of SQLite that have their tables already.
package sqlitetest

import (
	"os"
	"path/filepath"
	"sync"
)

// A Template is a file that is made once, and of which tests get copies: to make tables
// takes long, and longer with the race detector. The zero value is not usable, see [New].
type Template struct {
	read func() ([]byte, error)
}

// New returns the template of what prepare does with a file that does not exist. It is
// called when the first copy is asked for, and must have closed the file when it returns.
func New(prepare func(file string) error) *Template {
	return &Template{sync.OnceValues(func() ([]byte, error) {
		dir, err := os.MkdirTemp("", "sqlitetest-*")
		if err != nil {
			return nil, err
		}
		defer func() { _ = os.RemoveAll(dir) }() // what is left is the system's to clean
		file := filepath.Join(dir, "template.db")
		if err := prepare(file); err != nil {
			return nil, err
		}
		return os.ReadFile(file)
	})}
}

// Copy makes the file a copy of the template. A file that is there stays as it is.
func (m *Template) Copy(file string) error {
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	b, err := m.read()
	if err != nil {
		return err
	}
	return os.WriteFile(file, b, 0o600)
}
