package remote

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/remote/internal/link"
	"umdeck/apiclient/wire"
)

// found is what discovery learnt of a site.
type found struct {
	home  string              // base of /?action=
	rest  string              // what comes before a REST route; empty: there is no REST API
	index wire.WordPressIndex // what it says of itself; zero without one, or when it is closed to visitors
	err   *apiclient.Error    // why there is no REST API
}

// fatal reports whether it makes no sense to ask the extension: nothing answers
// at that address, or what answers is not the site.
func (f found) fatal() bool {
	return f.rest == "" && f.err != nil && f.err.Kind != apiclient.Unsupported
}

const indexFields = "name,url,home,namespaces,authentication"

// discover looks for the index of the REST API.
func discover(ctx context.Context, l *link.Client, home string) found {
	f := found{home: home}
	var first *apiclient.Error
	for _, base := range []string{home + "/wp-json", home + "/?rest_route="} {
		index, err := readIndex(ctx, l, base)
		if err == nil {
			f.rest, f.index = base, index
			f.home = homeOf(l, home, index)
			return f
		}
		e, ok := errors.AsType[*apiclient.Error](err)
		if !ok {
			e = &apiclient.Error{Kind: apiclient.Internal, Err: err}
		}
		if closed(err) {
			f.rest = base // only visitors are kept out: the credentials are proven next
			return f
		}
		if first == nil {
			first = e
		}
		if first.Kind != apiclient.NotFound && !strings.Contains(first.Message, "and not with JSON") {
			break // not a matter of addresses
		}
	}
	if base := linked(ctx, l, home); base != "" && base != home+"/wp-json" {
		if index, err := readIndex(ctx, l, base); err == nil {
			return found{home: homeOf(l, home, index), rest: base, index: index}
		}
	}
	f.err = first
	return f
}

// errClosed is a REST API that answers visitors with an error of its own.
var errClosed = errors.New("the REST API is closed to visitors")

func closed(err error) bool { return errors.Is(err, errClosed) }

func readIndex(ctx context.Context, l *link.Client, base string) (wire.WordPressIndex, error) {
	address := base + "/?_fields=" + indexFields
	if strings.Contains(base, "?") {
		address = base + "/&_fields=" + indexFields
	}
	a, err := l.Do(ctx, link.Request{URL: address, Name: "/wp-json/", Safe: true})
	if err != nil {
		return wire.WordPressIndex{}, err
	}
	if a.Status >= 300 {
		if _, ok := wire.ReadWordPressError(a.JSON); ok && (a.Status == 401 || a.Status == 403) {
			return wire.WordPressIndex{}, errClosed
		}
	}
	var index wire.WordPressIndex
	if err := json.Unmarshal(a.JSON, &index); err != nil || a.Status >= 300 || len(index.Namespaces) == 0 {
		return index, &apiclient.Error{
			Kind: apiclient.Unavailable, Err: err,
			Message: "What answers at /wp-json/ is not a WordPress and no umdeck; check the address.",
		}
	}
	return index, nil
}

// linked returns the REST base that the home page names in its Link header.
func linked(ctx context.Context, l *link.Client, home string) string {
	for _, value := range l.Links(ctx, home+"/") {
		for part := range strings.SplitSeq(value, ",") {
			target, params, _ := strings.Cut(part, ";")
			if !strings.Contains(params, `rel="https://api.w.org/"`) {
				continue
			}
			target = strings.Trim(strings.TrimSpace(target), "<>")
			if sameOrigin(target, home) {
				return strings.TrimRight(target, "/")
			}
		}
	}
	return ""
}

// homeOf returns the base of /?action=: the home that the index names, where that
// is the same host, for a WordPress that lives in a folder of its own. Another
// host is told and not believed: credentials go where the person said.
func homeOf(l *link.Client, given string, index wire.WordPressIndex) string {
	home := strings.TrimRight(index.Home, "/")
	switch {
	case home == "" || home == given:
		return given
	case sameOrigin(home, given):
		return home
	}
	l.Warn("The site calls itself " + link.Clean(home, 100) + ", but was asked at " + given + "; use its own address if something does not work.")
	return given
}

func sameOrigin(a, b string) bool {
	u, err := url.Parse(a)
	v, err2 := url.Parse(b)
	return err == nil && err2 == nil && u.Scheme == v.Scheme && strings.EqualFold(u.Host, v.Host)
}
