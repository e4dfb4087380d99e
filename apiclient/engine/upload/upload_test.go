package upload_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/upload"
)

func open(t testing.TB) (*upload.Folder, string) {
	t.Helper()
	dir := t.TempDir()
	f, err := upload.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f, dir
}

// picture returns an image whose left half is red and whose right half is blue.
func picture(width, height int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.NRGBA{R: 255, A: 255}
			if x >= width/2 {
				c = color.NRGBA{B: 255, A: 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

func encoded(t testing.TB, ext string, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch ext {
	case "png":
		err = png.Encode(&b, img)
	case "gif":
		err = gif.Encode(&b, img, nil)
	default:
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: 95})
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var (
	photo = apiclient.Field{Key: "badge", Label: "Badge", Type: apiclient.FieldImage}
	file  = apiclient.Field{Key: "cv", Label: "CV", Type: apiclient.FieldFile, Upload: apiclient.UploadRules{
		AllowedTypes: []string{"PDF", "txt", "csv", "docx", "zip", "png", "mp3", "exe"}, MaxSize: 1000,
	}}
)

func TestKinds(t *testing.T) {
	f, _ := open(t)
	pngBytes := encoded(t, "png", picture(4, 4))
	tests := []struct {
		name    string
		field   apiclient.Field
		file    string
		content string
		want    string // ending of the stored name, or part of the message
		refused bool
	}{
		{"pdf", file, "My CV.PDF", "%PDF-1.7\n", "pdf", false},
		{"text", file, "a.txt", "hello\r\nworld\n", "txt", false},
		{"csv", file, "a.csv", "a;b\n1;\xe9\n", "csv", false},
		{"docx", file, "a.docx", "PK\x03\x04…", "docx", false},
		{"image as a file", file, "a.png", string(pngBytes), "png", false},
		{"image with the wrong ending", photo, "a.jpg", string(pngBytes), "png", false},
		{"no ending", file, "passwd", "root:x:0:0", "ends with \"\"", true},
		{"ending that is not allowed", file, "a.html", "<html>", "ends with \"html\"", true},
		{"allowed, and nobody knows it", file, "a.exe", "MZ\x90\x00", "does not know how to look", true},
		{"program that says text", file, "a.txt", "MZ\x90\x00\x03", "something else", true},
		{"page that says PDF", file, "a.pdf", "<script>alert(1)</script>", "something else", true},
		{"page that says image", photo, "a.png", "<svg onload=alert(1)>", "something else", true},
		{"svg", photo, "a.svg", "<svg/>", "choose one of", true},
		{"two endings", file, "a.pdf.php", "%PDF-1.7", "ends with \"php\"", true},
		{"empty", file, "a.txt", "", "empty file", true},
		{"too large", file, "a.txt", strings.Repeat("x", 1001), "too large; it can have 1000 B", true},
		{"as large as can be", file, "a.txt", strings.Repeat("x", 1000), "txt", false},
		{"cut image", photo, "a.png", string(pngBytes[:40]), "damaged", true},
		{"header alone", photo, "a.png", string(pngBytes[:12]), "can be read", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := f.Take(t.Context(), tt.field, tt.file, strings.NewReader(tt.content), upload.Limits{})
			if tt.refused {
				if apiclient.KindOf(err) != apiclient.Invalid || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("got %v, want Invalid with %q", err, tt.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(got.Names[0], "."+tt.want) || got.Type != apiclient.MediaType(tt.want) {
				t.Errorf("got %+v, want a file that ends with %s", got, tt.want)
			}
		})
	}
	left, err := f.Tokens()
	if err != nil || len(left) != 7 {
		t.Errorf("%d in temp (%v), want those of the 7 that were taken", len(left), err)
	}
}

var streamName = regexp.MustCompile(`^stream_photo_[0-9a-f]{8}_[0-9a-f]{40}\.png$`)

func TestNames(t *testing.T) {
	f, dir := open(t)
	img := encoded(t, "png", picture(8, 8))
	for sent, want := range map[string]string{
		`../../../../etc/cron.d/evil.png`: "evil.png",
		`C:\fakepath\me.png`:              "me.png",
		"a\x00b\x1b[31m\n.png":            "ab[31m.png",
		"\xff.png":                        "�.png",
		strings.Repeat("ä", 300) + ".png": strings.Repeat("ä", 196) + ".png",
	} {
		got, err := f.Take(t.Context(), photo, sent, bytes.NewReader(img), upload.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if got.Original != want || !streamName.MatchString(got.Names[0]) {
			t.Errorf("%q: got %q as %s, want %q", sent, got.Original, got.Names[0], want)
		}
		if err := f.Keep(7, got.Token); err != nil {
			t.Fatal(err)
		}
	}
	if err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		if mode := info.Mode().Perm(); path != dir && mode != 0o700 && mode != 0o600 {
			t.Errorf("%s has mode %v", path, mode)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

func stored(t *testing.T, f *upload.Folder, user apiclient.UserID, name string) []byte {
	t.Helper()
	file, err := f.File(user, name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	b, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestPictures(t *testing.T) {
	field := func(key string, r apiclient.UploadRules) apiclient.Field {
		return apiclient.Field{Key: key, Label: key, Type: apiclient.FieldImage, Upload: r}
	}
	tests := []struct {
		name  string
		field apiclient.Field
		ext   string
		size  image.Point
		want  map[string]image.Point // by name; "" is the name that is made
	}{
		{"fits", field("badge", apiclient.UploadRules{}), "png", image.Pt(30, 20), map[string]image.Point{"": {30, 20}}},
		{"too wide", field("badge", apiclient.UploadRules{}), "jpg", image.Pt(1200, 600), map[string]image.Point{"": {100, 50}}},
		{"square", field("badge", apiclient.UploadRules{Crop: apiclient.CropSquare}), "png", image.Pt(40, 20), map[string]image.Point{"": {20, 20}}},
		{"cover", field("badge", apiclient.UploadRules{Crop: apiclient.CropCover, Ratio: "2:1"}), "png", image.Pt(40, 40), map[string]image.Point{"": {40, 20}}},
		{"profile photo", field("profile_photo", apiclient.UploadRules{Crop: apiclient.CropSquare}), "jpg", image.Pt(90, 60), map[string]image.Point{
			"profile_photo.jpg": {60, 60}, "profile_photo-40x40.jpg": {40, 40}, "profile_photo-20x20.jpg": {20, 20},
		}},
		{"cover photo", field("cover_photo", apiclient.UploadRules{}), "png", image.Pt(90, 60), map[string]image.Point{
			"cover_photo.png": {90, 60}, "cover_photo-40.png": {40, 27}, "cover_photo-20.png": {20, 13}, "cover_photo-80.png": {80, 53},
		}},
		{"animation that fits", field("badge", apiclient.UploadRules{}), "gif", image.Pt(30, 20), map[string]image.Point{"": {30, 20}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, _ := open(t)
			sent := encoded(t, tt.ext, picture(tt.size.X, tt.size.Y))
			got, err := f.Take(t.Context(), tt.field, "a."+tt.ext, bytes.NewReader(sent), upload.Limits{MaxWidth: 100, Quality: 80, Sizes: []int{40, 20, 80, 500}})
			if err != nil {
				t.Fatal(err)
			}
			if err := f.Keep(3, got.Token); err != nil {
				t.Fatal(err)
			}
			sizes := map[string]image.Point{}
			for i, name := range got.Names {
				img, _, err := image.Decode(bytes.NewReader(stored(t, f, 3, name)))
				if err != nil {
					t.Fatal(err)
				}
				if i == 0 && len(tt.want) == 1 {
					name = ""
				}
				sizes[name] = img.Bounds().Size()
				left, _, _, _ := img.At(img.Bounds().Dx()/4, 2).RGBA()
				_, _, right, _ := img.At(img.Bounds().Dx()*3/4, 2).RGBA()
				if left < 0xe000 || right < 0xe000 {
					t.Errorf("%s: the halves are not red and blue any more", name)
				}
			}
			if diff := cmp.Diff(tt.want, sizes); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSmall(t *testing.T) {
	f, _ := open(t)
	field := apiclient.Field{Key: "profile_photo", Type: apiclient.FieldImage, Upload: apiclient.UploadRules{MinWidth: 190, MinHeight: 100}}
	for want, size := range map[string]image.Point{
		"Your photo is too small. It must be at least 190px wide.": {189, 200},
		"Your photo is too small. It must be at least 100px high.": {190, 99},
	} {
		_, err := f.Take(t.Context(), field, "a.png", bytes.NewReader(encoded(t, "png", picture(size.X, size.Y))), upload.Limits{})
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// header returns a PNG that says to have so many pixels, and has none.
func header(width, height uint32) []byte {
	b := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
	b = binary.BigEndian.AppendUint32(b, width)
	b = binary.BigEndian.AppendUint32(b, height)
	b = append(b, 8, 6, 0, 0, 0)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[12:]))
}

func TestBomb(t *testing.T) {
	f, _ := open(t)
	for _, size := range [][2]uint32{{100_000, 100_000}, {29_999, 29_999}, {1 << 30, 1}, {1<<31 - 1, 1<<31 - 1}} {
		_, err := f.Take(t.Context(), photo, "a.png", bytes.NewReader(header(size[0], size[1])), upload.Limits{})
		if apiclient.KindOf(err) != apiclient.Invalid {
			t.Errorf("%v: got %v, want Invalid", size, err)
		}
	}
	if left, err := f.Tokens(); err != nil || len(left) > 0 {
		t.Errorf("left in temp: %v, %v", left, err)
	}
}

func TestPolyglot(t *testing.T) {
	f, _ := open(t)
	const evil = "<?php system($_GET['c']); ?><script>alert(1)</script>"
	for _, ext := range []string{"png", "jpg"} {
		sent := append(encoded(t, ext, picture(20, 20)), evil...)
		got, err := f.Take(t.Context(), photo, "a.php."+ext, bytes.NewReader(sent), upload.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Keep(3, got.Token); err != nil {
			t.Fatal(err)
		}
		if b := stored(t, f, 3, got.Names[0]); bytes.Contains(b, []byte("script")) || bytes.Contains(b, []byte("php")) {
			t.Errorf("%s still has what was appended to it", got.Names[0])
		}
	}
}

// TestUpright sends a JPEG that says to be turned: what is stored is turned, and
// says nothing any more.
func TestUpright(t *testing.T) {
	f, _ := open(t)
	plain := encoded(t, "jpg", picture(40, 20))
	for o, want := range map[byte]image.Point{1: {40, 20}, 2: {40, 20}, 3: {40, 20}, 4: {40, 20}, 5: {20, 40}, 6: {20, 40}, 7: {20, 40}, 8: {20, 40}, 9: {40, 20}} {
		exif := []byte("\xff\xe1\x00\x22Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00")
		exif = append(exif, o, 0, 0, 0, 0, 0, 0)
		sent := append(append(append([]byte{}, plain[:2]...), exif...), plain[2:]...)
		got, err := f.Take(t.Context(), photo, "a.jpg", bytes.NewReader(sent), upload.Limits{Quality: 95})
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Keep(3, got.Token); err != nil {
			t.Fatal(err)
		}
		b := stored(t, f, 3, got.Names[0])
		img, err := jpeg.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if img.Bounds().Size() != want || bytes.Contains(b, []byte("Exif")) {
			t.Errorf("orientation %d: got %v, want %v", o, img.Bounds().Size(), want)
		}
		red := map[byte]image.Point{1: {2, 10}, 2: {37, 10}, 3: {37, 10}, 4: {2, 10}, 5: {10, 2}, 6: {10, 2}, 7: {10, 37}, 8: {10, 37}, 9: {2, 10}}[o]
		if r, _, _, _ := img.At(red.X, red.Y).RGBA(); r < 0xc000 {
			t.Errorf("orientation %d: %v is not red", o, red)
		}
	}
}

func TestKeepAndRemove(t *testing.T) {
	f, dir := open(t)
	take := func(content string) upload.Taken {
		t.Helper()
		got, err := f.Take(t.Context(), file, "a.txt", strings.NewReader(content), upload.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	a, b := take("a"), take("b")
	for range 2 { // as often as one likes
		if err := f.Keep(9, a.Token); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Drop(b.Token); err != nil {
		t.Fatal(err)
	}
	if err := f.Drop(b.Token); err != nil {
		t.Error(err)
	}
	if got := stored(t, f, 9, a.Names[0]); string(got) != "a" {
		t.Errorf("got %q", got)
	}
	served, err := fs.ReadFile(f.FS(), "ultimatemember/9/"+a.Names[0])
	if err != nil || string(served) != "a" {
		t.Errorf("served: %q, %v", served, err)
	}
	removeAll(t, f, dir, a.Names[0])
}

// removeAll removes a file and what is none, and in the end the user's folder.
func removeAll(t *testing.T, f *upload.Folder, dir, stored string) {
	t.Helper()
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte("s"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../../../secret", "..", stored, "absent"} {
		if err := f.Remove(9, name); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(secret); err != nil {
		t.Error(err)
	}
	if _, err := f.File(9, stored); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("after it was removed: %v", err)
	}
	if _, err := f.File(9, "../../../secret"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a path: %v", err)
	}
	if err := f.Remove(9, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "uploads", "ultimatemember", "9")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder: %v", err)
	}
}

// TestLink makes a link out of what is served: it does not open.
func TestLink(t *testing.T) {
	f, dir := open(t)
	if err := os.WriteFile(filepath.Join(dir, "umdeck.db"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../../umdeck.db", filepath.Join(dir, "uploads", "ultimatemember", "x.txt")); err != nil {
		t.Fatal(err)
	}
	if b, err := fs.ReadFile(f.FS(), "ultimatemember/x.txt"); err == nil {
		t.Errorf("read %q through a link", b)
	}
}

func TestTakeFails(t *testing.T) {
	f, _ := open(t)
	broken := errors.New("the line is cut")
	if _, err := f.Take(t.Context(), file, "a.txt", io.MultiReader(strings.NewReader("a"), iotest.ErrReader(broken)), upload.Limits{}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if left, err := f.Tokens(); err != nil || len(left) > 0 {
		t.Errorf("left in temp: %v, %v", left, err)
	}
}

func FuzzTake(f *testing.F) {
	folder, dir := open(f)
	f.Add("a.png", encoded(f, "png", picture(3, 3)))
	f.Add("../a.jpg", encoded(f, "jpg", picture(3, 3)))
	f.Add("a.gif", encoded(f, "gif", picture(3, 3)))
	f.Add("a.txt", []byte("text"))
	f.Add("a.webp", []byte("RIFF\x1a\x00\x00\x00WEBPVP8L"))
	f.Add("a.png", header(100_000, 100_000))
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		for _, field := range []apiclient.Field{photo, file, {Key: "profile_photo", Type: apiclient.FieldImage}} {
			got, err := folder.Take(t.Context(), field, name, bytes.NewReader(content), upload.Limits{Sizes: []int{2}})
			if err != nil {
				if apiclient.KindOf(err) != apiclient.Invalid {
					t.Fatalf("%q: %v", name, err)
				}
				continue
			}
			if err := errors.Join(folder.Keep(1, got.Token), folder.Remove(1, "")); err != nil {
				t.Fatal(err)
			}
			meta := apiclient.File{Key: field.Key, Name: got.Names[0], Original: got.Original, Type: got.Type, Size: got.Size}.Metadata()
			if strings.ContainsAny(meta["original_name"], "/\\\x00\x1b\r\n") || meta["type"] == "" || meta["ext"] == "" {
				t.Fatalf("%q: metadata %v", name, meta)
			}
		}
		list, err := os.ReadDir(filepath.Join(dir, "uploads", "ultimatemember"))
		if err != nil || len(list) > 1 {
			t.Fatalf("%q left %v, %v", name, list, err)
		}
	})
}
