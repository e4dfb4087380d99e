package upload

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"

	"umdeck/apiclient"
)

// A kind is what a file is.
type kind struct {
	ext   string // what its name ends with
	media string // Content-Type
}

// head is how much of a file is looked at to tell what it is.
const head = 64 << 10

// kindOf tells what a file is by its content and the ending of its name, and
// refuses what the field does not take.
func (w work) kindOf(name string, file *os.File) (kind, error) {
	start := make([]byte, head)
	n, err := file.ReadAt(start, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return kind{}, err
	}
	start = start[:n]
	ext := strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	allowed := w.field.FileTypes()
	if image := imageOf(start); image != "" && typeOf(ext) != typeOf(image) && slices.Contains(imageTypes, ext) {
		ext = image // the wrong ending of the right kind, as WordPress corrects it
	}
	if !slices.Contains(allowed, ext) {
		return kind{}, w.refuse("cannot be a file that ends with %q; choose one of %s.", cut(ext), strings.Join(allowed, ", "))
	}
	is, ok := content[typeOf(ext)]
	switch {
	case !ok:
		return kind{}, w.refuse("cannot be a file that ends with %q: this site does not know how to look into one.", cut(ext))
	case !is(start):
		return kind{}, w.refuse("ends with %q, and its content is something else; choose another file.", cut(ext))
	}
	return kind{ext, typeOf(ext)}, nil
}

func cut(ext string) string {
	if r := []rune(ext); len(r) > 12 {
		return string(r[:12]) + "…"
	}
	return ext
}

func typeOf(ext string) string { return apiclient.MediaType(ext) }

// imageTypes are the endings that are interchangeable, because images tell by themselves what they are.
var imageTypes = []string{"png", "jpeg", "jpg", "gif", "webp"}

// imageOf returns the ending of the image that the bytes begin; empty: none.
func imageOf(start []byte) string {
	switch http.DetectContentType(start) {
	case "image/png":
		return "png"
	case "image/jpeg":
		return "jpg"
	case "image/gif":
		return "gif"
	case "image/webp":
		return "webp"
	}
	return ""
}

// content tells for each type whether bytes can begin such a file.
var content = map[string]func([]byte) bool{
	"image/png":                 isImage("png"),
	"image/jpeg":                isImage("jpg"),
	"image/gif":                 isImage("gif"),
	"image/webp":                isImage("webp"),
	"image/tiff":                begins("II*\x00", "MM\x00*"),
	"image/vnd.adobe.photoshop": begins("8BPS"),
	"application/postscript":    begins("%!PS", "\xc5\xd0\xd3\xc6"),
	"application/pdf":           isPDF,
	"text/plain":                isText,
	"text/csv":                  isText,
	"application/msword":        begins(ole, `{\rtf`),
	"application/vnd.ms-excel":  begins(ole),
	"application/zip":           begins(zip, emptyZip),
	"application/vnd.rar":       begins("Rar!\x1a\x07"),
	"audio/mpeg":                begins("ID3", "\xff\xfb", "\xff\xfa", "\xff\xf3", "\xff\xf2", "\xff\xe3", "\xff\xe2"),
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": begins(zip),
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":       begins(zip),
	"application/vnd.oasis.opendocument.text":                                 begins(zip),
	"application/vnd.oasis.opendocument.spreadsheet":                          begins(zip),
}

const (
	ole      = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	zip      = "PK\x03\x04"
	emptyZip = "PK\x05\x06"
)

func begins(with ...string) func([]byte) bool {
	return func(start []byte) bool {
		return slices.ContainsFunc(with, func(w string) bool { return bytes.HasPrefix(start, []byte(w)) })
	}
}

func isImage(ext string) func([]byte) bool {
	return func(start []byte) bool { return imageOf(start) == ext }
}

// isPDF takes what readers of PDF take: the mark may stand behind a little else.
func isPDF(start []byte) bool { return bytes.Contains(start[:min(len(start), 1024)], []byte("%PDF-")) }

// isText takes what has no control characters, in whatever encoding of single bytes.
func isText(start []byte) bool {
	return !slices.ContainsFunc(start, func(b byte) bool { return b < ' ' && !strings.ContainsRune("\t\n\r\f", rune(b)) })
}
