package engine

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"umdeck/apiclient"
)

// removed is what a form sends for a file that is to be taken away.
const removed = "empty_file"

// takeFiles takes the files that were sent for fields that are asked. The caller drops
// what is returned, also with an error. What is wrong with them is Problems.
func (e *Engine) takeFiles(ctx context.Context, in apiclient.Intake, fields []apiclient.Field) (files []*pending, err error) {
	var problems apiclient.Problems
	for _, f := range in.Asked(fields) {
		sent, ok := in.Sent.Files[f.Key]
		if !ok || f.FileTypes() == nil {
			continue
		}
		p, err := e.takeUpload(ctx, f, sent)
		if wrong := asError(err); wrong != nil && wrong.Kind == apiclient.Invalid {
			problems = append(problems, apiclient.Problem{Field: f.Key, Message: wrong.Message})
			continue
		}
		if err != nil {
			return files, err
		}
		files = append(files, p)
	}
	return files, problems.Err()
}

func drop(files []*pending) {
	for _, p := range files {
		p.Drop()
	}
}

// takenAway are the keys of the files that the form wants away.
func takenAway(in apiclient.Intake, fields []apiclient.Field) (keys []string) {
	for _, f := range in.Asked(fields) {
		if f.FileTypes() != nil && slices.Contains(in.Sent.Values[f.Key], removed) {
			keys = append(keys, f.Key)
		}
	}
	return keys
}

// asError returns the Error that err is or wraps; nil: none.
func asError(err error) *apiclient.Error {
	e, ok := errors.AsType[*apiclient.Error](err)
	if !ok {
		return nil
	}
	return e
}

// fileURL is the address of a user's file: what a zap gave as an address stays one.
func fileURL(u apiclient.User, v apiclient.Value) string {
	name := v.String()
	switch {
	case name == "":
		return ""
	case strings.HasPrefix(name, "http://"), strings.HasPrefix(name, "https://"):
		return name
	}
	return "/wp-content/uploads/ultimatemember/" + strconv.FormatInt(int64(u.ID), 10) + "/" + url.PathEscape(name)
}
