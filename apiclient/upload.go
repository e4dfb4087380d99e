package apiclient

import (
	"context"
	"io"
)

// Uploads stores and reads the files that users answer image and file fields with.
type Uploads interface {
	// UploadFile stores content as the user's answer to an image or file field, and
	// removes the file that was the answer before. Content that is not of the types
	// that the field allows, too large, or an image with too few pixels is Invalid.
	UploadFile(ctx context.Context, user UserID, key string, f SentFile) (File, error)
	// OpenFile opens the file that is the user's answer; who calls closes it. An
	// answer that is no file here, such as the URL that a zap gave, is NotFound.
	OpenFile(ctx context.Context, user UserID, key string) (File, io.ReadCloser, error)
}

// A File is a stored file of a user: what Ultimate Member keeps under {key}_metadata.
type File struct {
	Key      string // of the field
	Name     string // in the user's folder, and the field's value
	Original string // what the person called it; for a profile or cover photo the stored name
	Type     string // of its content, such as "image/png"
	Size     int64  // bytes
	URL      string // the whole address; a path from the site's root where the instance has none
}
