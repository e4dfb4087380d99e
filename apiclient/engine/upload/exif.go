package upload

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/draw"
)

// orientation returns how a JPEG is to be turned, 1 to 8 as EXIF counts; 1 where
// it does not say. A file that is not well formed says nothing.
func orientation(start []byte) int {
	if !bytes.HasPrefix(start, []byte{0xff, 0xd8}) {
		return 1
	}
	for rest := start[2:]; len(rest) >= 4 && rest[0] == 0xff && rest[1] != 0xda; {
		length := int(binary.BigEndian.Uint16(rest[2:]))
		if length < 2 || len(rest) < 2+length {
			return 1
		}
		segment := rest[4 : 2+length]
		if tiff, ok := bytes.CutPrefix(segment, []byte("Exif\x00\x00")); ok && rest[1] == 0xe1 {
			return orientationOf(tiff)
		}
		rest = rest[2+length:]
	}
	return 1
}

// orientationOf looks for tag 0x0112 in the first directory of a TIFF header.
func orientationOf(tiff []byte) int {
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case bytes.HasPrefix(tiff, []byte("MM\x00*")):
		order = binary.BigEndian
	case !bytes.HasPrefix(tiff, []byte("II*\x00")):
		return 1
	}
	if len(tiff) < 8 {
		return 1
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 1
		}
		if order.Uint16(entries) == 0x0112 {
			if o := int(order.Uint16(entries[8:])); o >= 1 && o <= 8 {
				return o
			}
			return 1
		}
		entries = entries[12:]
	}
	return 1
}

// upright turns an image as its EXIF orientation says.
func upright(img image.Image, o int) image.Image {
	if o <= 1 {
		return img
	}
	size := img.Bounds().Size()
	from := image.NewNRGBA(image.Rectangle{Max: size})
	draw.Draw(from, from.Bounds(), img, img.Bounds().Min, draw.Src)
	if o >= 5 { // a quarter turn
		size.X, size.Y = size.Y, size.X
	}
	to := image.NewNRGBA(image.Rectangle{Max: size})
	last := from.Bounds().Max.Sub(image.Pt(1, 1))
	for y := range from.Bounds().Dy() {
		for x := range from.Bounds().Dx() {
			p := image.Pt(x, y)
			switch o {
			case 2:
				p.X = last.X - x
			case 3:
				p = image.Pt(last.X-x, last.Y-y)
			case 4:
				p.Y = last.Y - y
			case 5:
				p = image.Pt(y, x)
			case 6:
				p = image.Pt(last.Y-y, x)
			case 7:
				p = image.Pt(last.Y-y, last.X-x)
			case 8:
				p = image.Pt(y, last.X-x)
			}
			copy(to.Pix[to.PixOffset(p.X, p.Y):][:4], from.Pix[from.PixOffset(x, y):][:4])
		}
	}
	return to
}
