package open

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
)

// listenSocket makes the data folder's socket, for its owner alone. The caller
// has the folder's lock, so that one left over belongs to nobody.
func listenSocket(ctx context.Context, dir string) (net.Listener, error) {
	path := socketPath(dir)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the socket's folder: %w", err)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("remove the old socket: %w", err)
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "unix", path)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", path, err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("close the socket to others: %w", err), listener.Close())
	}
	return listener, nil
}

// longestSocket is what the address of a Unix socket may have on every system.
const longestSocket = 100

// socketPath returns where the socket of a data folder is: in it, or, when that
// name is too long for a socket, among the temporary files, in a folder whose
// name follows from the data folder's.
func socketPath(dir string) string {
	path := filepath.Join(dir, "umdeck.sock")
	if len(path) <= longestSocket {
		return path
	}
	sum := sha256.Sum256([]byte(dir))
	return filepath.Join(os.TempDir(), "umdeck-"+hex.EncodeToString(sum[:12]), "sock")
}
