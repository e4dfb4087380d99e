package upload

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"umdeck/apiclient"
)

// Bounds of an image: what a camera makes, and what fits into memory.
const (
	maxSide   = 30_000
	maxPixels = 50_000_000
)

// picture makes of the image that was received what is kept: the image, and the
// smaller copies of a profile or cover photo. It returns the names.
func (w work) picture(ctx context.Context, k kind) (names []string, err error) {
	file, err := w.root.Open(path.Join(w.folder, raw))
	if err != nil {
		return nil, fmt.Errorf("take an image: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	size, err := w.measure(k, file)
	if err != nil {
		return nil, err
	}
	select {
	case w.decoding <- struct{}{}:
		defer func() { <-w.decoding }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	img, err := w.decode(k, file)
	if err != nil {
		return nil, err
	}
	// An animation, and what cannot be written, is left as it is where nothing has to change.
	asIs := (k.media == "image/gif" || k.media == "image/webp") && w.cutTo(size) == image.Rectangle{Max: size} && size.X <= w.widest()
	if k.media == "image/webp" && !asIs {
		k.ext = writable(img)
	}
	names = []string{w.newName(k.ext)}
	img = w.shrink(crop(img, w.cutTo(img.Bounds().Size())), w.widest())
	if asIs {
		err = w.root.Rename(path.Join(w.folder, raw), path.Join(w.folder, names[0]))
	} else {
		err = errors.Join(w.write(names[0], img), w.root.Remove(path.Join(w.folder, raw)))
	}
	if err != nil {
		return nil, fmt.Errorf("take an image: %w", err)
	}
	more, err := w.copies(k, img)
	return append(names, more...), err
}

// measure returns the size of the image without decoding it.
func (w work) measure(k kind, file *os.File) (image.Point, error) {
	config, err := decoders[k.media].config(bufio.NewReader(file))
	if err != nil {
		return image.Point{}, w.refuse("is no image that can be read (%s); choose another.", cut(k.ext))
	}
	width, height := config.Width, config.Height
	switch r := w.field.Upload; {
	case width > maxSide || height > maxSide || width*height > maxPixels:
		return image.Point{}, w.refuse("has %d x %d pixels, which is too many; make it smaller.", width, height)
	case width < 1 || height < 1:
		return image.Point{}, w.refuse("has no pixels; choose another image.")
	case width < r.MinWidth:
		return image.Point{}, tooSmall(w.field.Key, "Your photo is too small. It must be at least %dpx wide.", r.MinWidth)
	case height < r.MinHeight:
		return image.Point{}, tooSmall(w.field.Key, "Your photo is too small. It must be at least %dpx high.", r.MinHeight)
	}
	return image.Pt(width, height), nil
}

// tooSmall returns the error in Ultimate Member's words (includes/core/class-uploader.php).
func tooSmall(key, words string, px int) error { return apiclient.FieldErrorf(key, words, px) }

// A decoder reads one format.
type decoder struct {
	config func(io.Reader) (image.Config, error)
	whole  func(io.Reader) (image.Image, error)
}

var decoders = map[string]decoder{
	"image/png":  {png.DecodeConfig, png.Decode},
	"image/jpeg": {jpeg.DecodeConfig, jpeg.Decode},
	"image/gif":  {gif.DecodeConfig, gif.Decode},
	"image/webp": {webp.DecodeConfig, webp.Decode},
}

// decode returns the pixels, upright.
func (w work) decode(k kind, file *os.File) (image.Image, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("take an image: %w", err)
	}
	img, err := decoders[k.media].whole(bufio.NewReader(file))
	if err != nil || img.Bounds().Empty() {
		return nil, w.refuse("is an image that is damaged; choose another.")
	}
	if k.media != "image/jpeg" {
		return img, nil
	}
	start := make([]byte, head)
	n, err := file.ReadAt(start, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("take an image: %w", err)
	}
	return upright(img, orientation(start[:n])), nil
}

// cutTo returns the middle part that the field's crop leaves of an image.
func (w work) cutTo(size image.Point) image.Rectangle {
	all := image.Rectangle{Max: size}
	ratio := 0.0
	switch r := w.field.Upload; r.Crop {
	case apiclient.CropSquare:
		ratio = 1
	case apiclient.CropCover:
		ratio, _ = strconv.ParseFloat(strings.TrimSuffix(r.Ratio, ":1"), 64) // 0 where it says nothing
	case apiclient.CropNone, apiclient.CropFree: // free is for a person to choose
	}
	if ratio <= 0 || ratio > maxSide {
		return all
	}
	width, height := float64(size.X), float64(size.Y)
	if width > height*ratio {
		side := max(1, int(height*ratio+0.5))
		return image.Rect(0, 0, side, size.Y).Add(image.Pt((size.X-side)/2, 0))
	}
	side := max(1, int(width/ratio+0.5))
	return image.Rect(0, 0, size.X, min(side, size.Y)).Add(image.Pt(0, (size.Y-min(side, size.Y))/2))
}

// crop returns a part of an image, which starts at its own upper left.
func crop(img image.Image, part image.Rectangle) image.Image {
	from := img.Bounds()
	if part.Size() == from.Size() {
		return img
	}
	out := image.NewNRGBA(image.Rectangle{Max: part.Size()})
	draw.Copy(out, image.Point{}, img, part.Add(from.Min), draw.Src, nil)
	return out
}

func (w work) widest() int { return cmp.Or(w.limits.MaxWidth, 1000) }

// shrink returns the image no wider than width.
func (w work) shrink(img image.Image, width int) image.Image {
	from := img.Bounds()
	if from.Dx() <= width {
		return img
	}
	height := max(1, (from.Dy()*width+from.Dx()/2)/from.Dx())
	out := image.NewNRGBA(image.Rect(0, 0, width, height))
	draw.CatmullRom.Scale(out, out.Bounds(), img, from, draw.Src, nil)
	return out
}

// copies writes the smaller copies of a photo, named as Ultimate Member names them:
// profile_photo-80x80.jpg and cover_photo-300.jpg.
func (w work) copies(k kind, img image.Image) (names []string, err error) {
	if !isPhoto(w.field.Key) {
		return nil, nil
	}
	if k.media == "image/webp" {
		k.ext = writable(img)
	}
	for _, size := range w.limits.Sizes {
		if size < 1 || size >= img.Bounds().Dx() {
			continue
		}
		small := w.shrink(img, size)
		name := fmt.Sprintf("%s-%d.%s", w.field.Key, size, k.ext)
		if w.field.Key == "profile_photo" {
			name = fmt.Sprintf("%s-%dx%d.%s", w.field.Key, size, small.Bounds().Dy(), k.ext)
		}
		if slices.Contains(names, name) {
			continue
		}
		if err := w.write(name, small); err != nil {
			return nil, fmt.Errorf("take an image: %w", err)
		}
		names = append(names, name)
	}
	return names, nil
}

// writable returns the ending for an image that was WebP, which can be read only.
func writable(img image.Image) string {
	if o, ok := img.(interface{ Opaque() bool }); ok && !o.Opaque() {
		return "png"
	}
	return "jpg"
}

func (w work) write(name string, img image.Image) (err error) {
	file, err := w.create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	out := bufio.NewWriter(file)
	switch typeOf(path.Ext(name)) {
	case "image/png":
		err = png.Encode(out, img)
	case "image/gif":
		err = gif.Encode(out, img, nil)
	default:
		err = jpeg.Encode(out, img, &jpeg.Options{Quality: cmp.Or(w.limits.Quality, 60)})
	}
	return errors.Join(err, out.Flush(), file.Sync())
}
