// Package table is a list of rows under titled columns. It holds the rows, the
// cursor, the marks and the way the columns share the width; where rows come
// from is the business of whoever owns it.
//
// # Rows
//
// A row is known by the id that [Config.ID] gives it. The cursor and the marks
// follow ids, so they survive [Model.SetRows] with rows that were sorted or
// loaded anew. Only the rows that are in sight are ever formatted: a table of a
// hundred thousand costs what one of thirty does.
//
// # Columns
//
// A [Column] says how narrow it can be, whether it takes a share of the room that
// is left, and how soon it goes when there is none. What has gone can be scrolled
// to with h and l; the first column always stays.
//
// # Drawing
//
// [Model.View] returns exactly as many lines and cells as it was asked for. All
// values pass [theme.Clean] in it. The cursor and the marks are glyphs; the look of the
// row says them once more.
package table
