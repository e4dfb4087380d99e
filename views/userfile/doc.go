// Package userfile reads accounts from files that other programs have written: CSV
// with a header, and JSON with one object a line.
//
// A [File] is opened once and read as often as is needed; no more than one row of it
// is in memory. What is wrong with a row alone is said of that row (Row.Err), and the
// rows behind it are read; what makes the rest unreadable ends the reading.
//
// A [Mapping] says which field of the site each column is: by its name, by the
// field's label, by what other programs call it, or as a person says. A [Seen]
// remembers what was in which line without keeping it.
//
// Cells are texts and lists as [apiclient.Value] has them. Lists that WordPress has
// stored are PHP's serialized arrays, such as a:1:{i:0;s:4:"Male";}: [List] reads them
// where the field takes a list, and a text stays what it is.
package userfile
