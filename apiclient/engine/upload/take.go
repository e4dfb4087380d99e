package upload

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"umdeck/apiclient"
)

// MaxBytes is how large a file can be, whatever a field allows.
const MaxBytes = 100 << 20

// Limits is what the settings of a site say about images.
type Limits struct {
	MaxWidth int   // image_max_width: wider ones are made smaller; 0: 1000
	Quality  int   // image_compression: of JPEG, 1 to 100; 0: 60
	Sizes    []int // widths of the smaller copies of a profile or cover photo
}

// A Taken is a file that waits in temp to be kept or dropped.
type Taken struct {
	Token    string   // its folder in temp: 40 hex digits
	Names    []string // of its files; the first is the answer, the others are smaller copies
	Original string   // what the sender called it
	Type     string   // of its content, such as "image/png"
	Size     int64    // bytes of the first file
}

// Take reads a file for the field to its end, checks it and writes it to temp. What
// the field does not take is Invalid, and the error's Field is the field's key. name
// is the sender's.
func (f *Folder) Take(ctx context.Context, field apiclient.Field, name string, r io.Reader, l Limits) (t Taken, err error) {
	t.Token = newToken()
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Drop(t.Token))
		}
	}()
	w := work{Folder: f, field: field, limits: l, folder: path.Join(temp, t.Token)}
	if err := f.root.Mkdir(w.folder, 0o700); err != nil {
		return t, fmt.Errorf("take an upload: %w", err)
	}
	k, err := w.receive(ctx, name, r)
	if err != nil {
		return t, err
	}
	t.Original, t.Type = cleanName(name), k.media
	if t.Names, err = w.settle(ctx, k); err != nil {
		return t, err
	}
	info, err := f.root.Stat(path.Join(w.folder, t.Names[0]))
	if err != nil {
		return t, fmt.Errorf("take an upload: %w", err)
	}
	t.Size = info.Size()
	if strings.HasPrefix(t.Type, "image/") {
		t.Type = typeOf(path.Ext(t.Names[0]))
	}
	if isPhoto(field.Key) {
		t.Original = t.Names[0]
	}
	return t, errors.Join(f.sync(w.folder), f.sync(temp))
}

// A work is the taking of one file.
type work struct {
	*Folder
	field  apiclient.Field
	limits Limits
	folder string // below root
}

// raw is the name of what was received, before it has its own.
const raw = "received"

// receive writes what is sent to the disk and returns what it is.
func (w work) receive(ctx context.Context, name string, r io.Reader) (kind, error) {
	most := int64(MaxBytes)
	if m := w.field.Upload.MaxSize; m > 0 {
		most = min(most, m)
	}
	file, err := w.create(raw)
	if err != nil {
		return kind{}, err
	}
	n, err := io.Copy(file, io.LimitReader(readerOf(ctx, r), most+1))
	if err == nil {
		err = file.Sync()
	}
	if err != nil {
		return kind{}, errors.Join(fmt.Errorf("receive an upload: %w", err), file.Close())
	}
	switch {
	case n > most:
		return kind{}, errors.Join(w.refuse("is too large; it can have %s.", apiclient.SizeFormat(most)), file.Close())
	case n == 0:
		return kind{}, errors.Join(w.refuse("is an empty file; choose another."), file.Close())
	}
	k, err := w.kindOf(name, file)
	return k, errors.Join(err, file.Close())
}

func (w work) create(name string) (*os.File, error) {
	file, err := w.root.OpenFile(path.Join(w.folder, name), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("take an upload: %w", err)
	}
	return file, nil
}

// settle gives what was received its name, and makes of an image what is kept.
func (w work) settle(ctx context.Context, k kind) ([]string, error) {
	if w.field.Type == apiclient.FieldImage {
		return w.picture(ctx, k)
	}
	name := w.newName(k.ext)
	if err := w.root.Rename(path.Join(w.folder, raw), path.Join(w.folder, name)); err != nil {
		return nil, fmt.Errorf("take an upload: %w", err)
	}
	return []string{name}, nil
}

// newName returns a name in the form that Ultimate Member's has
// (includes/core/class-uploader.php): CRC-32 of the time, and 160 bits that here
// are random, so that the address of a file cannot be guessed.
func (w work) newName(ext string) string {
	if isPhoto(w.field.Key) {
		return w.field.Key + "." + ext
	}
	prefix := "file"
	if w.field.Type == apiclient.FieldImage {
		prefix = "stream_photo"
	}
	crc := crc32.ChecksumIEEE(strconv.AppendInt(nil, time.Now().Unix(), 10))
	return fmt.Sprintf("%s_%08x_%s.%s", prefix, crc, newToken(), ext)
}

func newToken() string {
	var b [20]byte
	_, _ = rand.Read(b[:]) // it never fails
	return hex.EncodeToString(b[:])
}

// isPhoto reports whether the field is one of the two whose files have its name.
func isPhoto(key string) bool { return key == "profile_photo" || key == "cover_photo" }

// refuse returns the error of a file that the field does not take.
func (w work) refuse(rest string, args ...any) error {
	label := w.field.Label
	if strings.TrimSpace(label) == "" {
		label = w.field.Key
	}
	e := apiclient.FieldErrorf(w.field.Key, rest, args...)
	e.Message = label + " " + e.Message
	return e
}

// maxOriginal is how much of the sender's name is remembered, in characters.
const maxOriginal = 200

// cleanName returns the last part of a sender's name without what a terminal or a
// header could act on.
func cleanName(name string) string {
	name = strings.ToValidUTF8(name, "�")
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, name))
	for utf8.RuneCountInString(name) > maxOriginal {
		_, size := utf8.DecodeRuneInString(name)
		name = name[size:] // the ending is what matters
	}
	return name
}

// readerOf returns r that fails when ctx has ended.
func readerOf(ctx context.Context, r io.Reader) io.Reader { return reader{ctx.Err, r} }

type reader struct {
	ended func() error
	r     io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ended(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
