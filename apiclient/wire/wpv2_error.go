package wire

import (
	"encoding/json"
	"net/http"
	"strings"
)

// A RestError is an error of WordPress's REST API.
type RestError struct {
	Code    string
	Message string
	Status  int        // 0: 500 and no data, as WordPress answers where core fails without saying a status
	Params  RestObject // messages by parameter; nil: none
	Missing []string   // parameters that are not there; nil: none
	Details RestObject // errors by parameter
	More    RestObject // further members of data
	Err     error      // the cause, for the log; may be nil
}

// RestErrorf returns an error without more data than its status.
func RestErrorf(status int, code, message string) *RestError {
	return &RestError{Code: code, Message: message, Status: status}
}

// Error returns the message.
func (e *RestError) Error() string { return e.Message }

// Unwrap returns the cause.
func (e *RestError) Unwrap() error { return e.Err }

// HTTPStatus returns the status of the answer.
func (e *RestError) HTTPStatus() int {
	if e.Status == 0 {
		return http.StatusInternalServerError
	}
	return e.Status
}

// MarshalJSON writes the body of the answer, as [WordPressError] reads it.
func (e *RestError) MarshalJSON() ([]byte, error) {
	if e.Status == 0 {
		return Marshal(RestObject{{"code", e.Code}, {"message", e.Message}, {"data", nil}})
	}
	data := RestObject{{"status", e.Status}}
	switch {
	case e.Missing != nil:
		data = append(data, RestMember{"params", e.Missing})
	case e.Params != nil:
		data = append(data, RestMember{"params", e.Params}, RestMember{"details", e.Details})
	}
	return Marshal(RestObject{{"code", e.Code}, {"message", e.Message}, {"data", append(data, e.More...)}})
}

var _ json.Marshaler = (*RestError)(nil)

// A fault is what is wrong with one parameter.
type fault struct {
	code, message string // the code is empty where WordPress tells no details
	status        int    // 0: the error says none
	param         string // that a fault of type names; empty: it names none
}

func (f *fault) data() any {
	switch {
	case f.status != 0:
		return RestObject{{"status", f.status}}
	case f.param != "":
		return RestObject{{"param", f.param}}
	}
	return nil
}

// invalidParams is the error about parameters with faults; nil when there is none.
func invalidParams(names []string, faults map[string]*fault) *RestError {
	if len(names) == 0 {
		return nil
	}
	e := RestErrorf(http.StatusBadRequest, "rest_invalid_param", "Invalid parameter(s): "+strings.Join(names, ", "))
	e.Details = RestObject{}
	for _, name := range names {
		f := faults[name]
		e.Params = append(e.Params, RestMember{name, f.message})
		if f.code != "" {
			e.Details = append(e.Details, RestMember{name, RestObject{{"code", f.code}, {"message", f.message}, {"data", f.data()}}})
		}
	}
	return e
}

// InvalidRestParam is the error about one parameter whose value is not accepted.
func InvalidRestParam(name, message string, cause error) *RestError {
	e := invalidParams([]string{name}, map[string]*fault{name: {code: "rest_invalid_param", message: message, status: http.StatusBadRequest}})
	e.Err = cause
	return e
}
