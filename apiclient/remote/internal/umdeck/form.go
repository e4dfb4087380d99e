package umdeck

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"umdeck/apiclient"
	"umdeck/apiclient/remote/internal/link"
	"umdeck/apiclient/wire"
)

// Forms returns the forms, by mode and then by id.
func (c *Client) Forms(ctx context.Context) ([]apiclient.Form, error) {
	return list(ctx, c, wire.Forms, wire.Nothing{})
}

// Form returns one form.
func (c *Client) Form(ctx context.Context, id apiclient.FormID) (apiclient.Form, error) {
	return get(ctx, c, wire.GetForm, wire.FormRef{ID: id})
}

// CreateForm stores a new form.
func (c *Client) CreateForm(ctx context.Context, n apiclient.NewForm) (apiclient.Form, error) {
	return get(ctx, c, wire.CreateForm, wire.NewFormOf(n))
}

// UpdateForm changes what u names.
func (c *Client) UpdateForm(ctx context.Context, id apiclient.FormID, u apiclient.FormUpdate) (apiclient.Form, error) {
	return get(ctx, c, wire.UpdateForm, wire.FormUpdateOf(id, u))
}

// DeleteForm removes a form.
func (c *Client) DeleteForm(ctx context.Context, id apiclient.FormID) error {
	_, err := call(ctx, c, wire.DeleteForm, wire.FormRef{ID: id})
	return err
}

// UploadFile sends a file as it is read; only the context bounds the time.
func (c *Client) UploadFile(ctx context.Context, user apiclient.UserID, key string, sent apiclient.SentFile) (f apiclient.File, err error) {
	if key == "" {
		return f, apiclient.FieldErrorf("key", "No field is named; give its key.")
	}
	r, err := request(c, wire.UploadFile, wire.FileUpload{ID: user, Key: key, Name: sent.Name})
	if err != nil {
		return f, err
	}
	content, err := sent.Open()
	if err != nil {
		return f, fmt.Errorf("open what is uploaded: %w", err)
	}
	defer func() { err = errors.Join(err, content.Close()) }()
	r.Stream, r.Type = content, wire.OctetStream
	resp, err := c.link.Open(ctx, r)
	if s, ok := errors.AsType[*link.StatusError](err); ok {
		return f, refusal(wire.UploadFile.Name, s.Answer)
	}
	if err != nil {
		return f, lost(wire.UploadFile.Name, err)
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	var w wire.File
	if err := json.NewDecoder(io.LimitReader(resp.Body, wire.MaxBody)).Decode(&w); err != nil {
		return f, lost(wire.UploadFile.Name, err)
	}
	return w.Domain(), nil
}

// OpenFile returns the file as it comes.
func (c *Client) OpenFile(ctx context.Context, user apiclient.UserID, key string) (apiclient.File, io.ReadCloser, error) {
	if key == "" {
		return apiclient.File{}, nil, apiclient.FieldErrorf("key", "No field is named; give its key.")
	}
	r, err := request(c, wire.OpenFile, wire.FileRef{ID: user, Key: key})
	if err != nil {
		return apiclient.File{}, nil, err
	}
	resp, err := c.link.Open(ctx, r)
	if s, ok := errors.AsType[*link.StatusError](err); ok {
		return apiclient.File{}, nil, refusal(wire.OpenFile.Name, s.Answer)
	}
	if err != nil {
		return apiclient.File{}, nil, err
	}
	f, err := wire.ReadFile(resp.Header)
	if err != nil {
		return f, nil, errors.Join(&apiclient.Error{
			Kind: apiclient.Unavailable, Err: err,
			Message: "The site's answer to OpenFile is no file of umdeck/v1; look whether something stands between.",
		}, resp.Body.Close())
	}
	return f, resp.Body, nil
}
