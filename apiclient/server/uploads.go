package server

import (
	"errors"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"umdeck/apiclient"
)

// UploadsPath is where WordPress serves uploads, and this server those of its site.
const UploadsPath = "/wp-content/uploads/"

// shown are the types that a browser may show by itself; all else is downloaded.
var shown = []string{"image/png", "image/jpeg", "image/gif", "image/webp", "audio/mpeg"}

// upload serves a file of a user to whoever asks, as Ultimate Member does. Names
// that are not ultimatemember/{number}/{name}, and folders, are not there.
func (s *Server) upload(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("path")
	file, info, err := s.openUpload(name)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			s.log.WarnContext(r.Context(), "open an upload", "path", r.URL.Path, "error", err)
		}
		s.fail(w, r, apiclient.Errorf(apiclient.NotFound, "There is no such file."))
		return
	}
	defer func() {
		if err := file.Close(); err != nil {
			s.lost(r, err)
		}
	}()
	media := apiclient.MediaType(path.Ext(name))
	h := w.Header()
	h.Set("Content-Type", media)
	if media == "" {
		h.Set("Content-Type", "application/octet-stream")
	}
	if !slices.Contains(shown, media) {
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": path.Base(name)}))
	}
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // its address is given to other sites, to be shown there
	h.Set("Cache-Control", "public, max-age=300")         // names of photos stay while their content changes
	http.ServeContent(w, r, "", info.ModTime(), file)
}

// openUpload opens what may be served.
func (s *Server) openUpload(name string) (file io.ReadSeekCloser, info fs.FileInfo, err error) {
	parts := strings.Split(name, "/")
	if len(parts) != 3 || parts[0] != "ultimatemember" || strings.HasPrefix(parts[2], ".") || s.cfg.Uploads == nil {
		return nil, nil, fs.ErrNotExist
	}
	if _, err := strconv.ParseUint(parts[1], 10, 63); err != nil || !fs.ValidPath(name) {
		return nil, nil, fs.ErrNotExist
	}
	f, err := s.cfg.Uploads.Open(name)
	if err != nil {
		return nil, nil, err
	}
	if info, err = f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, nil, errors.Join(fs.ErrNotExist, err, f.Close())
	}
	seeker, ok := f.(io.ReadSeekCloser)
	if !ok {
		return nil, nil, errors.Join(errors.New("the file cannot seek"), f.Close())
	}
	return seeker, info, nil
}
