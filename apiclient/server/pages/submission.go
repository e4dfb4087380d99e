package pages

import (
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"github.com/justinas/nosurf"

	"umdeck/apiclient"
)

// Names of inputs that are questions of no form.
const (
	inputForm   = "form_id"
	inputStamp  = "um_stamp"
	inputRemove = "remove:" // before the key of a file: take it away; no key has a colon
)

// inMemory is how much of a multipart body is kept in memory; the rest of it waits
// in files that end with the request.
const inMemory = 4 << 20

// submission reads what was sent.
func submission(r *http.Request) (apiclient.Submission, error) {
	s := apiclient.Submission{Values: map[string][]string{}, Files: map[string]apiclient.SentFile{}}
	if err := parse(r); err != nil {
		return s, err
	}
	for key, values := range r.PostForm {
		if removed, ok := strings.CutPrefix(key, inputRemove); ok {
			s.Values[removed] = []string{"empty_file"}
			continue
		}
		if key != nosurf.FormFieldName && key != inputForm && key != inputStamp {
			s.Values[key] = values
		}
	}
	s.Stamp = r.PostForm.Get(inputStamp)
	if id := r.PostForm.Get(inputForm); id != "" {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil || n < 0 {
			return s, apiclient.FieldErrorf(inputForm, "The form names no form of this site; load the page again.")
		}
		s.Form = apiclient.FormID(n)
	}
	if r.MultipartForm == nil {
		return s, nil
	}
	for key, list := range r.MultipartForm.File {
		if len(list) > 0 && list[0].Filename != "" {
			s.Files[key] = sent(list[0])
			delete(s.Values, key) // a new file goes before taking the old one away
		}
	}
	return s, nil
}

// parse reads the body, which may be too large or no form at all.
func parse(r *http.Request) error {
	err := r.ParseForm()
	if err == nil && strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		err = r.ParseMultipartForm(inMemory)
	}
	if err == nil || statusOf(err) == http.StatusRequestEntityTooLarge {
		return err
	}
	return &apiclient.Error{Kind: apiclient.Invalid, Message: "Your browser sent a form that cannot be read; go back and send it again.", Err: err}
}

func sent(h *multipart.FileHeader) apiclient.SentFile {
	return apiclient.SentFile{Name: h.Filename, Size: h.Size, Open: func() (io.ReadCloser, error) { return h.Open() }}
}
