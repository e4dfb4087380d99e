package engine_test

import (
	"bytes"
	"image"
	"image/png"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"umdeck/apiclient"
	"umdeck/apiclient/engine"
)

func textFile(name, content string) apiclient.SentFile {
	return apiclient.SentFile{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }}
}

func pngOf(t *testing.T, width, height int) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// onDisk returns the names of what the engine would serve.
func onDisk(t *testing.T, e *engine.Engine) (names []string) {
	t.Helper()
	if err := fs.WalkDir(e.Uploads(), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return names
}

// uploader returns a user, and fields cv (a file) and badge (an image).
func uploader(t *testing.T, e *engine.Engine) apiclient.User {
	t.Helper()
	for _, f := range []apiclient.Field{
		{Key: "cv", Label: "CV", Type: apiclient.FieldFile}, {Key: "badge", Label: "Badge", Type: apiclient.FieldImage},
	} {
		if _, err := e.CreateField(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	u, err := e.CreateUser(t.Context(), apiclient.NewUser{Login: "ada", Email: "ada@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func put(t *testing.T, e *engine.Engine, u apiclient.UserID, key string, f apiclient.SentFile) apiclient.File {
	t.Helper()
	file, err := e.UploadFile(t.Context(), u, key, f)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// TestUploads replaces, clears and deletes: what is on the disk is what the answers name.
func TestUploads(t *testing.T) {
	ctx, e := t.Context(), open(t, t.TempDir())
	u := uploader(t, e)
	first := put(t, e, u.ID, "cv", textFile("My CV.txt", "one"))
	if first.Original != "My CV.txt" || first.Type != "text/plain" || first.Size != 3 || first.URL != "/wp-content/uploads/ultimatemember/2/"+first.Name {
		t.Errorf("got %+v", first)
	}
	second := put(t, e, u.ID, "cv", textFile("cv.txt", "two"))
	got, content, err := e.OpenFile(ctx, u.ID, "cv")
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(content)
	if err != nil || string(b) != "two" || got != second {
		t.Errorf("got %q of %+v, %v", b, got, err)
	}
	if err := content.Close(); err != nil {
		t.Error(err)
	}
	photo := put(t, e, u.ID, "profile_photo", textFile("me.png", pngOf(t, 300, 200)))
	want := []string{"2/" + second.Name, "2/profile_photo-40x40.png", "2/profile_photo-80x80.png", "2/profile_photo-190x190.png", "2/" + photo.Name}
	wantDisk(t, e, "stored", want...)
	put(t, e, u.ID, "profile_photo", textFile("me.png", pngOf(t, 190, 190)))
	wantDisk(t, e, "a smaller photo", "2/"+second.Name, "2/profile_photo.png", "2/profile_photo-40x40.png", "2/profile_photo-80x80.png")

	const elsewhere = "https://example.com/cv.pdf"
	if _, err := e.UpdateUser(ctx, u.ID, apiclient.UserUpdate{Fields: map[string]apiclient.Value{"cv": apiclient.Text(elsewhere)}}); err != nil {
		t.Fatal(err)
	}
	wantDisk(t, e, "a URL instead", "2/profile_photo.png", "2/profile_photo-40x40.png", "2/profile_photo-80x80.png")
	if _, _, err := e.OpenFile(ctx, u.ID, "cv"); apiclient.KindOf(err) != apiclient.NotFound {
		t.Errorf("a URL opens as a file: %v", err)
	}
	if _, err := e.DoUsers(ctx, apiclient.UserAction{Action: apiclient.ActionDelete, Users: []apiclient.UserID{u.ID}}); err != nil {
		t.Fatal(err)
	}
	wantDisk(t, e, "the user deleted")
}

func wantDisk(t *testing.T, e *engine.Engine, step string, want ...string) {
	t.Helper()
	for i := range want {
		want[i] = "ultimatemember/" + want[i]
	}
	got := onDisk(t, e)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s: on the disk\n%v\nwant\n%v", step, got, want)
	}
}

func TestUploadRefused(t *testing.T) {
	e := open(t, t.TempDir())
	u := uploader(t, e)
	tests := []struct {
		name string
		user apiclient.UserID
		key  string
		want apiclient.Kind
	}{
		{"no such user", 99, "cv", apiclient.NotFound},
		{"no such field", u.ID, "shoe", apiclient.NotFound},
		{"a text", u.ID, "first_name", apiclient.Invalid},
		{"a file that it does not take", u.ID, "badge", apiclient.Invalid},
	}
	for _, tt := range tests {
		if _, err := e.UploadFile(t.Context(), tt.user, tt.key, textFile("a.txt", "text")); apiclient.KindOf(err) != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
	wantDisk(t, e, "nothing was kept")
}

// TestUploadsTogether replaces one photo many times at once: in the end the disk
// has the one that the database names, and nothing else.
func TestUploadsTogether(t *testing.T) {
	e := open(t, t.TempDir())
	u := uploader(t, e)
	sizes := map[int64]bool{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			f, err := e.UploadFile(t.Context(), u.ID, "profile_photo", textFile("a.png", pngOf(t, 200+10*i, 200)))
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			sizes[f.Size] = true
		})
	}
	wg.Wait()
	f, content, err := e.OpenFile(t.Context(), u.ID, "profile_photo")
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	b, err := io.ReadAll(content)
	if err != nil || int64(len(b)) != f.Size {
		t.Errorf("the file has %d bytes (%v), the answer says %d of %v", len(b), err, f.Size, slices.Collect(maps.Keys(sizes)))
	}
	if n := len(onDisk(t, e)); n != 4 {
		t.Errorf("%d files on the disk, want the photo and three smaller copies: %v", n, onDisk(t, e))
	}
}
