package apiclient

import (
	"strconv"
	"strings"
)

// uploadSettings are Ultimate Member's settings about the files of members
// (version 2.13, includes/class-config.php).
func uploadSettings() []Setting {
	const group = "Uploads"
	return []Setting{
		{
			Key: "image_compression", Group: group, Label: "Image Quality", Kind: SettingNumber, Min: 1, Max: 100, Default: "60",
			Help: "The quality with which JPEG images are stored, out of 100.",
		},
		{
			Key: "image_max_width", Group: group, Label: "Image Upload Maximum Width (px)", Kind: SettingNumber, Min: 16, Max: 10000, Default: "1000",
			Help: "Wider images are made smaller.",
		},
		{
			Key: "cover_min_width", Group: group, Label: "Cover Photo Minimum Width (px)", Kind: SettingNumber, Min: 0, Max: 10000, Default: "1000",
			Help: "The fewest pixels across of a cover photo.",
		},
		{
			Key: "profile_photo_max_size", Group: group, Label: "Profile Photo Maximum File Size (bytes)", Kind: SettingNumber, Min: 0, Max: 999999999, Default: "999999999",
			Help: "The most bytes of a profile photo; 0 sets no limit of its own.",
		},
		{
			Key: "cover_photo_max_size", Group: group, Label: "Cover Photo Maximum File Size (bytes)", Kind: SettingNumber, Min: 0, Max: 999999999, Default: "999999999",
			Help: "The most bytes of a cover photo; 0 sets no limit of its own.",
		},
		{
			Key: "photo_thumb_sizes", Group: group, Label: "Profile Photo Thumbnail Sizes (px)", Kind: SettingText, Default: "40,80,190",
			Help: "Widths of the smaller copies of a profile photo, with commas between them.",
		},
		{
			Key: "cover_thumb_sizes", Group: group, Label: "Cover Photo Thumbnail Sizes (px)", Kind: SettingText, Default: "300,600",
			Help: "Widths of the smaller copies of a cover photo, with commas between them.",
		},
	}
}

// checkSizes refuses what is no list of a few widths.
func checkSizes(key, text string) error {
	list := strings.Split(text, ",")
	if text == "" {
		return nil
	}
	if len(list) > 10 {
		return FieldErrorf(key, "%s has %d widths; use at most 10.", key, len(list))
	}
	for _, part := range list {
		if n, err := strconv.Atoi(strings.TrimSpace(part)); err != nil || n < 1 || n > 10000 {
			return FieldErrorf(key, "%s has %s in it; give widths from 1 to 10000 with commas between them.", key, quote(part))
		}
	}
	return nil
}
