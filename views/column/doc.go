// Package column says once what can be shown of each noun: the screens, the tables
// of commands, their JSON and CSV, filters in memory and exports read the same list.
//
// # Two forms
//
// A column has a text for people and a value for programs. Text is not cleaned and
// not cut: whoever draws it does both. Value is a string, a bool, an int64, a
// json.Number (a fraction), a []string, a time.Time in UTC, an [apiclient.Payload] (an
// object), a list of those, or nil for what is not there or not known; an unknown status
// ("?") is nil. What is a secret of somebody else, such as the path of a target, is whole
// in Value alone.
//
// # Order
//
// The order of a list is the order of the columns on screen and of the keys in
// JSON. A table shows those with Default; programs get all.
package column
