package server

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// restErrorOf returns an error in WordPress's words. What WordPress has no code for
// has umdeck's.
func restErrorOf(err error) *wire.RestError {
	if e, ok := errors.AsType[*wire.RestError](err); ok {
		return e
	}
	if limited, ok := errors.AsType[*limitedError](err); ok {
		return &wire.RestError{Status: http.StatusTooManyRequests, Code: "too_many_requests", Message: limited.Error(), Err: err}
	}
	known, ok := errors.AsType[*apiclient.Error](err)
	switch {
	case ok && known.Kind == apiclient.Invalid && known.Field != "":
		return wire.InvalidRestParam(restName(known.Field), known.Message, err)
	case ok && known.Kind == apiclient.Invalid:
		return &wire.RestError{Status: http.StatusBadRequest, Code: "rest_invalid_param", Message: known.Message, Err: err}
	case ok && known.Kind == apiclient.NotFound:
		return &wire.RestError{Status: http.StatusNotFound, Code: "rest_user_invalid_id", Message: "Invalid user ID.", Err: err}
	}
	body := wire.ErrorBodyOf(err)
	return &wire.RestError{Status: wire.StatusOf(err), Code: body.Code, Message: body.Message, Err: err}
}

// restName returns what WordPress's REST API calls a field.
func restName(key string) string {
	switch key {
	case "user_login":
		return "username"
	case "user_email":
		return "email"
	case "user_url":
		return "url"
	case "user_password":
		return "password"
	case "display_name":
		return "name"
	case "user_nicename":
		return "slug"
	case "role":
		return "roles"
	}
	return key
}

// known reports whether somebody has logged in.
func (c caller) known() bool { return c.all || c.actor.ID != 0 }

// denied is an error for a visitor (401) or a user (403) who may not do something.
func denied(ctx context.Context, code, message string) error {
	if !callerOf(ctx).known() {
		return wire.RestErrorf(http.StatusUnauthorized, code, message)
	}
	return wire.RestErrorf(http.StatusForbidden, code, message)
}

func notLoggedIn() error {
	return wire.RestErrorf(http.StatusUnauthorized, "rest_not_logged_in", "You are not currently logged in.")
}

func noUser() error {
	return wire.RestErrorf(http.StatusNotFound, "rest_user_invalid_id", "Invalid user ID.")
}

// envelopeValue returns a header as WordPress keeps it: counts are numbers.
func envelopeValue(name, value string) any {
	if n, err := strconv.Atoi(value); err == nil && name != "Link" {
		return n
	}
	return value
}
