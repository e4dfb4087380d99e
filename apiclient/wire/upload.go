package wire

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"

	"umdeck/apiclient"
)

// OctetStream is the type of a body that is a file, as it is.
const OctetStream = "application/octet-stream"

// FileHeader is the header in which the answer of OpenFile, whose body is the
// file, has its description: JSON in ASCII.
const FileHeader = "X-Umdeck-File"

// A File is a stored file of a user.
type File struct {
	Key      string `json:"key"`
	Name     string `json:"name"`
	Original string `json:"original_name"`
	Type     string `json:"type"`
	Size     int64  `json:"size"`
	URL      string `json:"url"`
}

// FileOf returns the twin of f.
func FileOf(f apiclient.File) File { return File(f) }

// Domain returns the file.
func (f File) Domain() apiclient.File { return apiclient.File(f) }

// A FileUpload names the answer that the body of the request, a file as it is,
// becomes.
type FileUpload struct {
	ID   apiclient.UserID `json:"-" path:"id"`
	Key  string           `json:"-" path:"key"`
	Name string           `json:"-" query:"name"` // as the sender calls it; its ending counts
}

// A FileRef names the file that is the answer of a user to a field.
type FileRef struct {
	ID  apiclient.UserID `json:"-" path:"id"`
	Key string           `json:"-" path:"key"`
}

// SetFile writes the description of a file into the header of an answer whose
// body is its content.
func SetFile(h http.Header, f apiclient.File) error {
	b, err := json.Marshal(FileOf(f))
	if err != nil {
		return fmt.Errorf("describe a file: %w", err)
	}
	h.Set(FileHeader, mime.QEncoding.Encode("utf-8", string(b)))
	h.Set("Content-Type", OctetStream)
	return nil
}

// ReadFile is SetFile backwards.
func ReadFile(h http.Header) (apiclient.File, error) {
	text, err := new(mime.WordDecoder).DecodeHeader(h.Get(FileHeader))
	if err != nil {
		return apiclient.File{}, fmt.Errorf("the header %s: %w", FileHeader, err)
	}
	var f File
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		return apiclient.File{}, fmt.Errorf("the header %s: %w", FileHeader, err)
	}
	return f.Domain(), nil
}
