package wire

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"umdeck/apiclient"
)

// statuses is the one table of kinds and HTTP statuses.
var statuses = [...]struct {
	kind   apiclient.Kind
	status int
}{
	{apiclient.Internal, http.StatusInternalServerError},
	{apiclient.Invalid, http.StatusBadRequest},
	{apiclient.NotFound, http.StatusNotFound},
	{apiclient.Unauthorized, http.StatusUnauthorized},
	{apiclient.Forbidden, http.StatusForbidden},
	{apiclient.Conflict, http.StatusConflict},
	{apiclient.Unsupported, http.StatusNotImplemented},
	{apiclient.Unavailable, http.StatusServiceUnavailable},
}

// ErrContentType is the cause of an error about a body whose type is not read.
var ErrContentType = errors.New("content type not supported")

// StatusOf returns the HTTP status of err: that of its kind, but 413 for a body
// that is too large and 415 for one of an unknown type.
func StatusOf(err error) int {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return http.StatusRequestEntityTooLarge
	}
	if errors.Is(err, ErrContentType) {
		return http.StatusUnsupportedMediaType
	}
	kind := apiclient.KindOf(err)
	for _, row := range statuses {
		if row.kind == kind {
			return row.status
		}
	}
	return http.StatusInternalServerError
}

// KindOfStatus returns the kind that an HTTP status means. Statuses that are not
// in the table are Unavailable where another try may help (408, 429, 502, 504),
// Invalid for the other 4xx and Internal for everything else.
func KindOfStatus(status int) apiclient.Kind {
	for _, row := range statuses {
		if row.status == status {
			return row.kind
		}
	}
	switch {
	case status == http.StatusRequestTimeout, status == http.StatusTooManyRequests,
		status == http.StatusBadGateway, status == http.StatusGatewayTimeout:
		return apiclient.Unavailable
	case status >= 400 && status < 500:
		return apiclient.Invalid
	}
	return apiclient.Internal
}

// codePrefix stands before a kind's name in an error's code.
const codePrefix = "umdeck_"

// An ErrorBody is an error of umdeck/v1, in the shape of WordPress's REST API.
type ErrorBody struct {
	Code    string    `json:"code"` // "umdeck_" and the name of the kind
	Message string    `json:"message"`
	Data    ErrorData `json:"data"`
}

// ErrorData is what WordPress keeps beside an error's message.
type ErrorData struct {
	Status int    `json:"status"`
	Field  string `json:"field,omitempty"` // the parameter or field key at fault
}

// ErrorBodyOf returns the body for err. The cause stays behind: it is for the log.
func ErrorBodyOf(err error) ErrorBody {
	b := ErrorBody{
		Code:    codePrefix + apiclient.KindOf(err).String(),
		Message: apiclient.MessageOf(err),
		Data:    ErrorData{Status: StatusOf(err)},
	}
	if e, ok := errors.AsType[*apiclient.Error](err); ok {
		b.Data.Field = e.Field
	}
	return b
}

// Domain returns the error that the body tells of. A code that is not umdeck's
// leaves the kind to the status.
func (b ErrorBody) Domain() *apiclient.Error {
	e := &apiclient.Error{Kind: KindOfStatus(b.Data.Status), Message: b.Message, Field: b.Data.Field}
	if name, ok := strings.CutPrefix(b.Code, codePrefix); ok {
		e.Kind = apiclient.ParseKind(name)
	}
	return e
}

// ReadError returns the error that an answer of umdeck/v1 with that status and
// body is; ok is false when the body is not such an error.
func ReadError(status int, body []byte) (e *apiclient.Error, ok bool) {
	var b ErrorBody
	err := json.Unmarshal(body, &b)
	if err == nil && strings.HasPrefix(b.Code, codePrefix) {
		b.Data.Status = status
		return b.Domain(), true
	}
	return nil, false
}

// A Failure is an error inside an answer, such as that of one user among many.
type Failure struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
	Field   string `json:"field,omitempty"`
}

// FailureOf returns the twin of e without its cause; nil for nil.
func FailureOf(e *apiclient.Error) *Failure {
	if e == nil {
		return nil
	}
	return &Failure{Kind: e.Kind.String(), Message: apiclient.MessageOf(e), Field: e.Field}
}

// Domain returns the error; nil for nil.
func (f *Failure) Domain() *apiclient.Error {
	if f == nil {
		return nil
	}
	return &apiclient.Error{Kind: apiclient.ParseKind(f.Kind), Message: f.Message, Field: f.Field}
}
