package engine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gofrs/flock"

	"umdeck/apiclient"
)

// ErrLocked is what [Open] fails with, inside an apiclient.Error of kind Conflict,
// when another engine has the data folder.
var ErrLocked = errors.New("another engine has the data folder")

// lockFile is held by the folder's engine and has its process id in it.
const lockFile = "umdeck.lock"

// lock takes the folder for this engine. The operating system gives it back when
// the process ends, however it does.
// Engines of a database that is elsewhere share it.
func lock(dir string, shared bool) (*flock.Flock, error) {
	path := filepath.Join(dir, lockFile)
	l := flock.New(path, flock.SetPermissions(0o600))
	try := l.TryLock
	if shared {
		try = l.TryRLock
	}
	ok, err := try()
	if err != nil {
		return nil, &apiclient.Error{Kind: apiclient.Unavailable, Message: fmt.Sprintf("The data folder %s cannot be locked; check its owner and its rights.", dir), Err: err}
	}
	if !ok {
		return nil, &apiclient.Error{
			Kind: apiclient.Conflict, Err: ErrLocked,
			Message: fmt.Sprintf("Another umdeck%s has the data folder %s open; end it first, or use another folder.", holder(path), dir),
		}
	}
	if shared {
		return l, nil
	}
	if err := os.WriteFile(path, []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600); err != nil {
		return nil, errors.Join(&apiclient.Error{Kind: apiclient.Unavailable, Message: fmt.Sprintf("The data folder %s cannot be written to.", dir), Err: err}, l.Unlock())
	}
	return l, nil
}

// holder returns " (process 123)", or nothing when the file does not tell.
func holder(path string) string {
	b, err := os.ReadFile(path)
	if err != nil || len(b) > 32 {
		return ""
	}
	if _, err := strconv.Atoi(strings.TrimSpace(string(b))); err != nil {
		return ""
	}
	return " (process " + strings.TrimSpace(string(b)) + ")"
}
