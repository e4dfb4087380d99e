package apitest

import (
	"io"
	"strings"
	"testing"

	"umdeck/apiclient"
)

// SentFile returns a file of that name and content.
func SentFile(name, content string) apiclient.SentFile {
	return apiclient.SentFile{Name: name, Size: int64(len(content)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content)), nil
	}}
}

// testUploads stores a file as an answer, reads it back and replaces it with a URL.
func testUploads(t *testing.T, s *subject) {
	s.need(t, apiclient.CanFiles, apiclient.CanCreateUsers, apiclient.CanWriteFields)
	ctx, key := t.Context(), s.tag+"_cv"
	if _, err := s.CreateField(ctx, apiclient.Field{Key: key, Label: "CV", Type: apiclient.FieldFile}); err != nil {
		t.Fatal(err)
	}
	u := s.user(t, "files")
	const name = "Zoë's \"CV\" €.txt"
	content := strings.Repeat("0123456789abcde\n", 100_000)
	f := must(s.UploadFile(ctx, u.ID, key, SentFile(name, content)))(t)
	if f.Key != key || f.Original != name || f.Type != "text/plain" || f.Size != int64(len(content)) || !strings.HasSuffix(f.URL, "/"+f.Name) {
		t.Errorf("UploadFile: %+v", f)
	}
	if got := must(s.User(ctx, u.ID))(t).Fields[key]; got.Text != f.Name {
		t.Errorf("the answer is %q, want the file's name %q", got.Text, f.Name)
	}
	got, r, err := s.OpenFile(ctx, u.ID, key)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil || string(b) != content || got != f {
		t.Errorf("OpenFile: %d bytes of %+v, %v; want %d of %+v", len(b), got, err, len(content), f)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	_, err = s.UploadFile(ctx, u.ID, key, SentFile("a.txt", "\x00\x01"))
	wantKind(t, "a text that is none", err, apiclient.Invalid)
	_, err = s.UploadFile(ctx, u.ID, key, SentFile("a.exe", "MZ"))
	wantKind(t, "a type that is not allowed", err, apiclient.Invalid)
	_, err = s.UploadFile(ctx, u.ID, "first_name", SentFile("a.txt", "text"))
	wantKind(t, "a text field", err, apiclient.Invalid)
	_, err = s.UploadFile(ctx, 1<<40, key, SentFile("a.txt", "text"))
	wantKind(t, "no such user", err, apiclient.NotFound)
	const elsewhere = "https://example.com/cv.pdf"
	must(s.UpdateUser(ctx, u.ID, apiclient.UserUpdate{Fields: map[string]apiclient.Value{key: apiclient.Text(elsewhere)}}))(t)
	if got := must(s.User(ctx, u.ID))(t).Fields[key]; got.Text != elsewhere {
		t.Errorf("a URL as the answer became %q", got.Text)
	}
	_, _, err = s.OpenFile(ctx, u.ID, key)
	wantKind(t, "OpenFile of a URL", err, apiclient.NotFound)
}
