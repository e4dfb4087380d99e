package apiclient

import (
	"slices"
	"strconv"
	"strings"
)

// FileTypes returns the endings of files that an image or file field takes, in
// small letters and without a dot; nil for other fields. Where the definition says
// none they are Ultimate Member's (includes/core/class-fields.php).
func (f Field) FileTypes() []string {
	if f.Type != FieldImage && f.Type != FieldFile {
		return nil
	}
	if len(f.Upload.AllowedTypes) > 0 {
		list := make([]string, len(f.Upload.AllowedTypes))
		for i, t := range f.Upload.AllowedTypes {
			list[i] = strings.ToLower(strings.TrimSpace(t))
		}
		if f.Type == FieldImage {
			return slices.DeleteFunc(list, func(t string) bool { return !slices.Contains([]string{"gif", "jpg", "jpeg", "png", "webp"}, t) })
		}
		return list
	}
	if f.Type == FieldImage {
		return []string{"gif", "jpg", "jpeg", "png", "webp"}
	}
	return []string{"pdf", "txt"}
}

// MediaType returns the Content-Type of files with an ending, which is without a
// dot or with it, for those that Ultimate Member has (includes/core/class-files.php);
// empty for others.
func MediaType(ext string) string {
	return mediaTypes[strings.ToLower(strings.TrimPrefix(ext, "."))]
}

var mediaTypes = map[string]string{
	"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
	"tif": "image/tiff", "tiff": "image/tiff", "psd": "image/vnd.adobe.photoshop", "eps": "application/postscript",
	"pdf": "application/pdf", "txt": "text/plain", "csv": "text/csv", "mp3": "audio/mpeg",
	"doc": "application/msword", "xls": "application/vnd.ms-excel", "zip": "application/zip", "rar": "application/vnd.rar",
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"odt":  "application/vnd.oasis.opendocument.text",
	"ods":  "application/vnd.oasis.opendocument.spreadsheet",
}

// SizeFormat writes a number of bytes as WordPress's size_format does: "512 B",
// "12 KB", "3 MB".
func SizeFormat(bytes int64) string {
	units := []struct {
		name string
		size int64
	}{{"TB", 1 << 40}, {"GB", 1 << 30}, {"MB", 1 << 20}, {"KB", 1 << 10}}
	for _, u := range units {
		if bytes >= u.size {
			return strconv.FormatInt((bytes+u.size/2)/u.size, 10) + " " + u.name
		}
	}
	return strconv.FormatInt(bytes, 10) + " B"
}

// Metadata returns what Ultimate Member stores under {key}_metadata.
func (f File) Metadata() map[string]string {
	_, ext, _ := strings.Cut(f.Name, ".")
	return map[string]string{
		"name": f.URL, "original_name": f.Original, "basename": f.Name, "ext": ext, "type": f.Type,
		"size": strconv.FormatInt(f.Size, 10), "size_format": SizeFormat(f.Size),
	}
}
