package list

import (
	"strconv"

	"umdeck/apiclient"
)

// Number returns an id as it stands in routes and on screen.
func Number[ID ~int64](id ID) string { return strconv.FormatInt(int64(id), 10) }

// ParseNumber reads an id of a route.
func ParseNumber[ID ~int64](text string) (ID, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 {
		return 0, apiclient.FieldErrorf("id", "%q is no number; give the id.", text)
	}
	return ID(n), nil
}
