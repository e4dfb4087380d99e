package backup

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

const (
	maxManifest = 64 << 20
	maxParts    = 1 << 20
	maxName     = 1024 // bytes

	// A file may become maxRatio times larger than it came, beyond freeSize: databases
	// and pictures do not come near it, and zeros reach a thousand.
	maxRatio = 300
	freeSize = 64 << 20
)

// An Error says why a file is no whole backup, as a clause.
type Error struct{ Why string }

// Error returns the clause.
func (e *Error) Error() string { return e.Why }

func errorf(format string, args ...any) error { return &Error{fmt.Sprintf(format, args...)} }

// Extract reads a backup into a folder, which is empty, and compares it with its
// manifest. It fails with an Error where the file is no whole backup, and then what
// is in the folder is of no use.
func Extract(ctx context.Context, r io.Reader, dir string) (Manifest, error) {
	return read(ctx, r, func(name string) (io.WriteCloser, error) {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			return nil, err
		}
		return os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	})
}

// Verify reads a backup and compares it with its manifest.
func Verify(ctx context.Context, r io.Reader) (Manifest, error) {
	return read(ctx, r, func(string) (io.WriteCloser, error) { return nowhere{io.Discard}, nil })
}

type nowhere struct{ io.Writer }

func (nowhere) Close() error { return nil }

// read reads a backup part by part.
func read(ctx context.Context, r io.Reader, create func(name string) (io.WriteCloser, error)) (Manifest, error) {
	in := &counter{r: reader{ctx, r}}
	zip, err := gzip.NewReader(in)
	if err != nil {
		return Manifest{}, broken(err, "it is no gzip file")
	}
	zip.Multistream(false)
	unpacked := &slow{zip: zip, in: in}
	tr := tar.NewReader(unpacked)
	var parts []Part
	seen := map[string]bool{}
	for {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return Manifest{}, errorf("it is cut off: there is no %s at its end", ManifestName)
		}
		if err != nil {
			return Manifest{}, broken(err, "it is no tar file, or cut off")
		}
		if err := checkHeader(h, seen, len(parts)); err != nil {
			return Manifest{}, err
		}
		if h.Name == ManifestName {
			m, err := finish(tr, h, parts)
			if err == nil {
				err = ended(unpacked)
			}
			return m, err
		}
		p, err := copyPart(tr, h, create)
		if err != nil {
			return Manifest{}, err
		}
		parts = append(parts, p)
	}
}

// checkHeader refuses what no backup has in it.
func checkHeader(h *tar.Header, seen map[string]bool, parts int) error {
	name := h.Name
	switch {
	case h.Typeflag != tar.TypeReg:
		return errorf("%q in it is no regular file", cut(name))
	case len(name) > maxName || strings.ContainsAny(name, "\\\x00") || !filepath.IsLocal(filepath.FromSlash(name)) || path.Clean(name) != name || name == ".":
		return errorf("%q in it is no name of a file within the folder", cut(name))
	case seen[strings.ToLower(name)]:
		return errorf("%q is in it twice", cut(name))
	case h.Size < 0 || parts > maxParts:
		return errorf("it has too many files, or %q has no size", cut(name))
	}
	seen[strings.ToLower(name)] = true
	return nil
}

func cut(name string) string {
	if len(name) > 80 {
		return strings.ToValidUTF8(name[:80], "") + "…"
	}
	return name
}

func copyPart(tr *tar.Reader, h *tar.Header, create func(string) (io.WriteCloser, error)) (p Part, err error) {
	w, err := create(h.Name)
	if err != nil {
		return p, fmt.Errorf("write %s: %w", cut(h.Name), err)
	}
	defer func() {
		if closed := w.Close(); err == nil && closed != nil {
			err = fmt.Errorf("write %s: %w", cut(h.Name), closed)
		}
	}()
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, sum), tr)
	if err != nil {
		return p, broken(err, "it is cut off, or damaged")
	}
	return Part{h.Name, n, sumOf(sum)}, nil
}

// finish reads the manifest and compares what was read with it.
func finish(tr *tar.Reader, h *tar.Header, parts []Part) (m Manifest, err error) {
	if h.Size > maxManifest {
		return m, errorf("its manifest has %d bytes", h.Size)
	}
	raw, err := io.ReadAll(tr)
	if err != nil {
		return m, broken(err, "its manifest is cut off")
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return m, errorf("its manifest is no JSON")
	}
	if m.Format != Format {
		return m, errorf("it has the form %d, and this umdeck reads %d", m.Format, Format)
	}
	if len(m.Parts) != len(parts) {
		return m, errorf("it has %d files, and its manifest %d", len(parts), len(m.Parts))
	}
	for i, p := range m.Parts {
		if p != parts[i] {
			return m, errorf("%q is not the file that was backed up: its size or its sum differs", cut(p.Name))
		}
	}
	if _, err := tr.Next(); !errors.Is(err, io.EOF) {
		return m, errorf("there is something behind its manifest")
	}
	m.Made = m.Made.UTC().Truncate(time.Second)
	return m, nil
}

// ended reads to the end, where gzip has its own sum.
func ended(r io.Reader) error {
	n, err := io.Copy(io.Discard, r)
	if err != nil {
		return broken(err, "its end is cut off, or damaged")
	}
	if n > 0 {
		return errorf("there is something behind its manifest")
	}
	return nil
}

// broken returns why a file cannot be read: a context that has ended, the disk, or
// the file itself.
func broken(err error, why string) error {
	if known, ok := errors.AsType[*Error](err); ok {
		return known
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, new(*os.PathError)) {
		return err
	}
	return errorf("%s (%v)", why, err)
}

// A counter counts what was read.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// slow refuses to become much larger than what came in.
type slow struct {
	zip io.Reader
	in  *counter
	n   int64
}

func (s *slow) Read(p []byte) (int, error) {
	n, err := s.zip.Read(p)
	if s.n += int64(n); s.n > freeSize+maxRatio*s.in.n {
		return 0, errorf("it becomes more than %d times larger than it is", maxRatio)
	}
	return n, err
}
