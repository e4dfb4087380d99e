package wordpress

import (
	"context"
	"io"

	"umdeck/apiclient"
)

// Forms is not offered.
func (c *Client) Forms(context.Context) ([]apiclient.Form, error) {
	return nil, absent(apiclient.CanReadForms)
}

// Form is not offered.
func (c *Client) Form(context.Context, apiclient.FormID) (apiclient.Form, error) {
	return apiclient.Form{}, absent(apiclient.CanReadForms)
}

// CreateForm is not offered.
func (c *Client) CreateForm(context.Context, apiclient.NewForm) (apiclient.Form, error) {
	return apiclient.Form{}, absent(apiclient.CanWriteForms)
}

// UpdateForm is not offered.
func (c *Client) UpdateForm(context.Context, apiclient.FormID, apiclient.FormUpdate) (apiclient.Form, error) {
	return apiclient.Form{}, absent(apiclient.CanWriteForms)
}

// DeleteForm is not offered.
func (c *Client) DeleteForm(context.Context, apiclient.FormID) error {
	return absent(apiclient.CanWriteForms)
}

// UploadFile is not offered.
func (c *Client) UploadFile(context.Context, apiclient.UserID, string, apiclient.SentFile) (apiclient.File, error) {
	return apiclient.File{}, absent(apiclient.CanFiles)
}

// OpenFile is not offered.
func (c *Client) OpenFile(context.Context, apiclient.UserID, string) (apiclient.File, io.ReadCloser, error) {
	return apiclient.File{}, nil, absent(apiclient.CanFiles)
}
