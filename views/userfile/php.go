package userfile

import (
	"strconv"
	"strings"

	"umdeck/apiclient"
)

// A pair is an element of a PHP array.
type pair struct{ key, value string }

// phpArray reads a serialized array of texts, numbers and booleans, as WordPress
// stores lists in user meta. An array within is not read: no field has one.
func phpArray(text string) ([]pair, bool) {
	p := phpReader{text}
	n, ok := p.count("a:", ":{")
	if !ok || n > len(p.rest) { // each element takes some bytes
		return nil, false
	}
	pairs := make([]pair, 0, n)
	for range n {
		key, ok := p.scalar()
		if !ok {
			return nil, false
		}
		value, ok := p.scalar()
		if !ok {
			return nil, false
		}
		pairs = append(pairs, pair{key, value})
	}
	return pairs, p.rest == "}"
}

// A phpReader takes what it reads from the beginning of its rest.
type phpReader struct{ rest string }

// count takes a number between two texts.
func (p *phpReader) count(before, after string) (int, bool) {
	rest, ok := strings.CutPrefix(p.rest, before)
	if !ok {
		return 0, false
	}
	digits, rest, ok := strings.Cut(rest, after)
	n, err := strconv.ParseUint(digits, 10, 31)
	if !ok || err != nil {
		return 0, false
	}
	p.rest = rest
	return int(n), true
}

// scalar takes a text, a number, a boolean or null. True is 1 and false is nothing,
// as PHP prints them.
func (p *phpReader) scalar() (string, bool) {
	if strings.HasPrefix(p.rest, "s:") {
		n, ok := p.count("s:", `:"`)
		if !ok || n > len(p.rest) {
			return "", false
		}
		text := p.rest[:n]
		p.rest, ok = strings.CutPrefix(p.rest[n:], `";`)
		return text, ok
	}
	word, rest, ok := strings.Cut(p.rest, ";")
	if !ok {
		return "", false
	}
	p.rest = rest
	kind, value, _ := strings.Cut(word, ":")
	switch {
	case kind == "N" && value == "", kind == "b" && value == "0":
		return "", true
	case kind == "b" && value == "1":
		return "1", true
	case kind == "i", kind == "d":
		_, err := strconv.ParseFloat(value, 64)
		return value, err == nil
	}
	return "", false
}

// List returns the texts of a serialized PHP array, and whether the text is one.
func List(text string) (apiclient.Value, bool) {
	pairs, ok := phpArray(strings.TrimSpace(text))
	if !ok {
		return apiclient.Value{}, false
	}
	list := make([]string, len(pairs))
	for i, p := range pairs {
		list[i] = p.value
	}
	return apiclient.List(list...), true
}

// Roles returns the roles that WordPress has stored in {prefix}capabilities, and
// whether the text is such an array: its keys whose value is true.
func Roles(text string) ([]apiclient.RoleSlug, bool) {
	pairs, ok := phpArray(strings.TrimSpace(text))
	if !ok {
		return nil, false
	}
	roles := []apiclient.RoleSlug{}
	for _, p := range pairs {
		if p.value != "" && p.value != "0" {
			roles = append(roles, apiclient.RoleSlug(p.key))
		}
	}
	return roles, true
}
