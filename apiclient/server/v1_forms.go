package server

import (
	"context"
	"io"
	"net/http"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

func (s *Server) routeForms() {
	handle(s, wire.Forms, func(ctx context.Context, _ wire.Nothing) ([]wire.Form, error) {
		return to(all(wire.FormOf))(s.api.Forms(ctx))
	})
	handle(s, wire.GetForm, func(ctx context.Context, in wire.FormRef) (wire.Form, error) {
		return to(wire.FormOf)(s.api.Form(ctx, in.ID))
	})
	handle(s, wire.CreateForm, func(ctx context.Context, in wire.NewForm) (wire.Form, error) {
		return to(wire.FormOf)(s.api.CreateForm(ctx, in.Domain()))
	})
	handle(s, wire.UpdateForm, func(ctx context.Context, in wire.FormUpdate) (wire.Form, error) {
		return to(wire.FormOf)(s.api.UpdateForm(ctx, in.ID, in.Domain()))
	})
	handle(s, wire.DeleteForm, func(ctx context.Context, in wire.FormRef) (wire.Nothing, error) {
		return nothing(s.api.DeleteForm(ctx, in.ID))
	})
	s.mux.HandleFunc(wire.UploadFile.Pattern(), s.uploadFile)
	s.mux.HandleFunc(wire.OpenFile.Pattern(), s.openFile)
}

// Bounds of a file that is sent: more than any field takes, and longer than a slow
// line needs for it.
const (
	maxUpload  = 128 << 20
	uploadTime = time.Hour
)

// uploadFile takes a file as it comes.
func (s *Server) uploadFile(w http.ResponseWriter, r *http.Request) {
	ctx, in, err := enter(s, wire.UploadFile, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.takeTime(w, r)
	file, err := s.api.UploadFile(ctx, in.ID, in.Key, apiclient.SentFile{
		Name: in.Name, Size: max(0, r.ContentLength),
		Open: func() (io.ReadCloser, error) { return http.MaxBytesReader(w, r.Body, maxUpload), nil },
	})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.write(w, r, wire.UploadFile.Status, wire.FileOf(file))
}

// openFile gives a file as it is stored, and never as something to be shown.
func (s *Server) openFile(w http.ResponseWriter, r *http.Request) {
	ctx, in, err := enter(s, wire.OpenFile, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	file, content, err := s.api.OpenFile(ctx, in.ID, in.Key)
	if err == nil {
		err = wire.SetFile(w.Header(), file)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer func() {
		if err := content.Close(); err != nil {
			s.lost(r, err)
		}
	}()
	s.takeTime(w, r)
	w.Header().Set("Content-Disposition", "attachment")
	if _, err := io.Copy(w, content); err != nil {
		s.lost(r, err)
	}
}

// takeTime lets a request be as slow as a line may be.
func (s *Server) takeTime(w http.ResponseWriter, r *http.Request) {
	until := time.Now().Add(uploadTime) // the connection's clock, not the site's
	c := http.NewResponseController(w)
	for _, set := range []func(time.Time) error{c.SetReadDeadline, c.SetWriteDeadline} {
		if err := set(until); err != nil {
			s.log.DebugContext(r.Context(), "a deadline cannot be moved", "error", err)
		}
	}
}
