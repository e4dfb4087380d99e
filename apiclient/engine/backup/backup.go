// Package backup writes a data folder as one file and reads it back. It knows files
// and sums, and neither SQL nor locks: package engine makes the copy of the database
// that goes in, and looks at what comes out.
//
// # The file
//
// A backup is a tar file, compressed with gzip: the parts, which are regular files,
// in the order of their names, and at its end manifest.json, which has the size and
// the SHA-256 of each. A file that is cut off has no manifest and is none.
//
//	umdeck.db            the database, copied while the instance may be at work
//	uploads/…            files of members
//	manifest.json        see Manifest
//
// Whoever has a backup has the hashes of the members' passwords and the secrets of
// subscriptions: it is made readable by its owner alone.
//
// # What Read refuses
//
// A backup may come from anywhere. Names lie within the folder, none is there twice,
// and nothing but regular files is taken: no links and no devices. What becomes more
// than a few hundred times larger than it came is no backup but a bomb. Everything is
// compared with the manifest before anybody uses it.
package backup

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Format is the version of the file's form.
const Format = 1

// ManifestName is the last entry of a backup.
const ManifestName = "manifest.json"

// A Manifest says what a backup has in it.
type Manifest struct {
	Format int              `json:"format"`
	Made   time.Time        `json:"made"`   // UTC
	Umdeck string           `json:"umdeck"` // the version that made it
	Schema int64            `json:"schema"` // of the database: the number of its last migration
	Counts map[string]int64 `json:"counts"` // rows of its tables
	Parts  []Part           `json:"parts"`  // in the order of their names
}

// A Part is a file of a backup.
type Part struct {
	Name   string `json:"name"` // below the data folder, with slashes
	Size   int64  `json:"size"` // bytes
	SHA256 string `json:"sha256"`
}

// A Source is a file that goes into a backup.
type Source struct {
	Name string // in the backup
	Path string // on this machine
}

// Write writes a backup of the sources. The manifest's Format and Parts are filled in.
func Write(ctx context.Context, w io.Writer, m Manifest, sources []Source) (Manifest, error) {
	m.Format, m.Parts = Format, nil
	sources = slices.Clone(sources)
	slices.SortFunc(sources, func(a, b Source) int { return compare(a.Name, b.Name) })
	zip := gzip.NewWriter(w)
	out := tar.NewWriter(zip)
	for _, s := range sources {
		p, err := add(ctx, out, s, m.Made)
		if errors.Is(err, fs.ErrNotExist) {
			continue // a member has removed it meanwhile
		}
		if err != nil {
			return m, fmt.Errorf("back up %s: %w", s.Name, err)
		}
		m.Parts = append(m.Parts, p)
	}
	raw, err := json.MarshalIndent(m, "", "\t")
	if err == nil {
		err = out.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: ManifestName, Mode: 0o600, Size: int64(len(raw)), ModTime: m.Made, Format: tar.FormatPAX})
	}
	if err == nil {
		_, err = out.Write(raw)
	}
	for _, c := range []io.Closer{out, zip} {
		if err == nil {
			err = c.Close()
		}
	}
	if err != nil {
		return m, fmt.Errorf("write the backup: %w", err)
	}
	return m, nil
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// add copies one file. It has the size that it had when it was opened.
func add(ctx context.Context, out *tar.Writer, s Source, made time.Time) (Part, error) {
	f, err := os.Open(s.Path)
	if err != nil {
		return Part{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Part{}, err
	}
	h := &tar.Header{Typeflag: tar.TypeReg, Name: filepath.ToSlash(s.Name), Mode: 0o600, Size: info.Size(), ModTime: made, Format: tar.FormatPAX}
	if err := out.WriteHeader(h); err != nil {
		return Part{}, err
	}
	sum := sha256.New()
	if _, err := io.CopyN(io.MultiWriter(out, sum), reader{ctx, f}, h.Size); err != nil {
		return Part{}, err
	}
	return Part{h.Name, h.Size, hex.EncodeToString(sum.Sum(nil))}, nil
}

// reader ends with its context.
type reader struct {
	ctx context.Context //nolint:containedctx // the reader is of one call
	io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

// sumOf returns a hash as the manifest has it.
func sumOf(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }
