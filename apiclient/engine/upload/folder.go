package upload

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strconv"

	"umdeck/apiclient"
)

// The folders below the data folder, and the part of the served one that is
// Ultimate Member's.
const (
	served = "uploads"
	kept   = served + "/ultimatemember"
	temp   = "temp"
)

// A Folder is the files of an instance. Its methods are safe for concurrent use;
// which of two files of one name stays is the caller's to order.
type Folder struct {
	root     *os.Root
	served   *os.Root
	decoding chan struct{} // holds one while an image is in memory
}

// Open opens the files below the data folder dir, which exists, and makes what is
// missing.
func Open(dir string) (*Folder, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder of uploads: %w", err)
	}
	f := &Folder{root: root, decoding: make(chan struct{}, 1)}
	if err := f.open(); err != nil {
		return nil, errors.Join(fmt.Errorf("open the folder of uploads: %w", err), f.Close())
	}
	return f, nil
}

func (f *Folder) open() (err error) {
	for _, name := range []string{kept, temp} {
		if err := f.root.MkdirAll(name, 0o700); err != nil {
			return err
		}
	}
	f.served, err = f.root.OpenRoot(served)
	return err
}

// Close ends the use of the folder.
func (f *Folder) Close() error {
	var errs []error
	if f.served != nil {
		errs = append(errs, f.served.Close())
	}
	return errors.Join(append(errs, f.root.Close())...)
}

// FS is what may be served: names begin with ultimatemember/ and a user's number.
// What does not stay below it, such as a link elsewhere, does not open.
func (f *Folder) FS() fs.FS { return f.served.FS() }

// Tokens returns the tokens of what was taken and neither kept nor dropped.
func (f *Folder) Tokens() ([]string, error) {
	list, err := fs.ReadDir(f.root.FS(), temp)
	if err != nil {
		return nil, fmt.Errorf("list what was uploaded: %w", err)
	}
	var tokens []string
	for _, e := range list {
		tokens = append(tokens, e.Name())
	}
	return tokens, nil
}

// Keep moves what was taken under the token to the user's folder, over what has
// the same names there. A token that there is not (any more) is no error.
func (f *Folder) Keep(user apiclient.UserID, token string) error {
	from := path.Join(temp, token)
	list, err := fs.ReadDir(f.root.FS(), from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = f.move(from, userFolder(user), list)
	}
	if err != nil {
		return fmt.Errorf("keep an upload: %w", err)
	}
	return nil
}

func (f *Folder) move(from, to string, list []fs.DirEntry) error {
	if err := f.root.MkdirAll(to, 0o700); err != nil {
		return err
	}
	for _, e := range list {
		if err := f.root.Rename(path.Join(from, e.Name()), path.Join(to, e.Name())); err != nil {
			return err
		}
	}
	if err := f.sync(to); err != nil {
		return err
	}
	return f.root.RemoveAll(from)
}

// Drop removes what was taken under the token, if it is still there.
func (f *Folder) Drop(token string) error {
	if err := f.root.RemoveAll(path.Join(temp, token)); err != nil {
		return fmt.Errorf("drop an upload: %w", err)
	}
	return nil
}

// Remove removes a file of a user; no name is the whole folder. What there is not
// is no error.
func (f *Folder) Remove(user apiclient.UserID, name string) error {
	folder := userFolder(user)
	var err error
	switch {
	case name == "":
		err = f.root.RemoveAll(folder)
	case plain(name):
		err = f.root.Remove(path.Join(folder, name))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove an upload: %w", err)
	}
	return nil
}

// File opens a file of a user.
func (f *Folder) File(user apiclient.UserID, name string) (*os.File, error) {
	if !plain(name) {
		return nil, fs.ErrNotExist
	}
	return f.root.Open(path.Join(userFolder(user), name))
}

// sync makes the names in a folder last.
func (f *Folder) sync(name string) (err error) {
	d, err := f.root.Open(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return d.Sync()
}

// plain reports whether a name is one of a file in a folder, and no way elsewhere.
func plain(name string) bool { return path.Base(name) == name && name != "." && name != ".." }

func userFolder(user apiclient.UserID) string {
	return path.Join(kept, strconv.FormatInt(int64(user), 10))
}
