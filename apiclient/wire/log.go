package wire

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"umdeck/apiclient"
)

// A WatchRequest asks for the log after an entry. The header Last-Event-ID, which
// event sources send when they come back, goes before After.
type WatchRequest struct {
	After int64 `json:"-" query:"after"` // 0: from the start; -1: what comes next
}

// A LogSpanRequest asks which entries the log has, and where it was at a moment.
type LogSpanRequest struct {
	Since string `json:"-" query:"since"` // a moment as RFC 3339 writes it; empty: the beginning
}

// LogSpanRequestOf returns the request for a moment; the zero time is the beginning.
func LogSpanRequestOf(since time.Time) LogSpanRequest { return LogSpanRequest{writeMoment(since)} }

// Moment returns the moment that is asked for; the zero time is the beginning.
func (r LogSpanRequest) Moment() (time.Time, error) { return readMoment(r.Since) }

// writeMoment writes a time from which on something is asked for.
func writeMoment(since time.Time) string {
	if since.IsZero() {
		return ""
	}
	return since.UTC().Format(time.RFC3339Nano)
}

// readMoment is writeMoment the other way round.
func readMoment(since string) (time.Time, error) {
	if since == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339Nano, since)
	if err != nil {
		return time.Time{}, apiclient.FieldErrorf("since", "The parameter since is %q; write a moment as 2026-01-31T15:04:05Z.", since)
	}
	return at.UTC(), nil
}

// A LogSpan tells which entries the log has.
type LogSpan struct {
	Taken int64 `json:"taken"`
	Last  int64 `json:"last"`
	Start int64 `json:"start"`
}

// LogSpanOf returns the twin of l.
func LogSpanOf(l apiclient.LogSpan) LogSpan { return LogSpan(l) }

// Domain returns the span.
func (l LogSpan) Domain() apiclient.LogSpan { return apiclient.LogSpan(l) }

// LastEventID is the header in which a client says what it saw last.
const LastEventID = "Last-Event-ID"

// EventStream is the content type of the log.
const EventStream = "text/event-stream"

// The names of the stream's events.
const (
	eventLog   = "log"   // data: a list of LogEntry; id: the number of its last entry
	eventError = "error" // data: an ErrorBody; the stream ends
)

// A LogEntry is one thing that happened.
type LogEntry struct {
	Seq      int64             `json:"seq"`
	At       time.Time         `json:"at,omitzero"`
	Kind     apiclient.LogKind `json:"kind"`
	Event    *Event            `json:"event,omitempty"`
	Delivery *Delivery         `json:"delivery,omitempty"`
	Attempt  *Attempt          `json:"attempt,omitempty"`
	Change   *Audit            `json:"change,omitempty"`
	Mail     *Mail             `json:"mail,omitempty"`
}

// LogEntryOf returns the twin of e.
func LogEntryOf(e apiclient.LogEntry) LogEntry {
	return LogEntry{
		Seq: e.Seq, At: e.At.UTC(), Kind: e.Kind,
		Event: maybe(e.Event, EventOf), Delivery: maybe(e.Delivery, DeliveryOf), Attempt: maybe(e.Attempt, AttemptOf), Change: maybe(e.Change, AuditOf), Mail: maybe(e.Mail, MailOf),
	}
}

// Domain returns the entry.
func (e LogEntry) Domain() apiclient.LogEntry {
	return apiclient.LogEntry{
		Seq: e.Seq, At: e.At.UTC(), Kind: e.Kind,
		Event: maybe(e.Event, Event.Domain), Delivery: maybe(e.Delivery, Delivery.Domain), Attempt: maybe(e.Attempt, Attempt.Domain), Change: maybe(e.Change, Audit.Domain), Mail: maybe(e.Mail, Mail.Domain),
	}
}

func maybe[From, To any](v *From, convert func(From) To) *To {
	if v == nil {
		return nil
	}
	out := convert(*v)
	return &out
}

// An EncodedEntry is an entry as a stream carries it: it is encoded once and written to
// everyone who follows the log.
type EncodedEntry struct {
	Seq  int64
	JSON []byte
}

// Encode encodes the entry.
func (e LogEntry) Encode() (EncodedEntry, error) {
	data, err := Marshal(e)
	return EncodedEntry{e.Seq, data}, err
}

// entriesAnEvent is how many entries one event of the stream holds at most.
const entriesAnEvent = 200

// WriteEntries writes entries, oldest first, as events of the stream.
func WriteEntries(w io.Writer, entries []EncodedEntry) error {
	var b bytes.Buffer
	for len(entries) > 0 {
		part := entries[:min(len(entries), entriesAnEvent)]
		entries = entries[len(part):]
		b.Reset()
		fmt.Fprintf(&b, "id: %d\nevent: %s\ndata: ", part[len(part)-1].Seq, eventLog)
		for i, e := range part {
			b.WriteByte("[,"[min(i, 1)])
			b.Write(e.JSON)
		}
		b.WriteString("]\n\n")
		if _, err := w.Write(b.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// WriteHeartbeat writes a comment, which readers skip: it shows that the stream lives.
func WriteHeartbeat(w io.Writer) error {
	_, err := io.WriteString(w, ": heartbeat\n\n")
	return err
}

// WriteStreamError writes the last event of a stream that failed.
func WriteStreamError(w io.Writer, cause error) error {
	data, err := Marshal(ErrorBodyOf(cause))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "event: %s\ndata: %s\n\n", eventError, data)
	return err
}

// maxLine is how long a line of a stream may be.
const maxLine = 16 << 20

// ReadEntries calls fn for the entries of a stream until it ends. It returns the
// error of fn, the error that the stream ends with, the error of the reader, or
// nil for a stream that just ends. alive, if not nil, is called for each line,
// so that a caller can notice silence.
func ReadEntries(r io.Reader, alive func(), fn func([]apiclient.LogEntry) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	var name string
	var data []byte
	for lines.Scan() {
		if alive != nil {
			alive()
		}
		line := lines.Bytes()
		if len(line) == 0 {
			if err := takeEvent(name, data, fn); err != nil {
				return err
			}
			name, data = "", nil
			continue
		}
		field, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch string(field) {
		case "event":
			name = string(value)
		case "data":
			if data != nil {
				data = append(data, '\n')
			}
			data = append(data, value...)
		}
	}
	return lines.Err()
}

func takeEvent(name string, data []byte, fn func([]apiclient.LogEntry) error) error {
	switch name {
	case eventLog:
		var entries []LogEntry
		if err := json.Unmarshal(data, &entries); err != nil {
			return &apiclient.Error{Kind: apiclient.Unavailable, Message: "The site's log is not the JSON of umdeck/v1; look whether something stands between.", Err: err}
		}
		return fn(each(entries, LogEntry.Domain))
	case eventError:
		var b ErrorBody
		if err := json.Unmarshal(data, &b); err != nil {
			return &apiclient.Error{Kind: apiclient.Unavailable, Message: "The site's log ended with an error that cannot be read.", Err: err}
		}
		return b.Domain()
	}
	return nil
}

// ParseLastEventID returns the number in the header; ok is false when there is none.
func ParseLastEventID(text string) (seq int64, ok bool, err error) {
	if text == "" {
		return 0, false, nil
	}
	seq, err = strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, false, &apiclient.Error{Kind: apiclient.Invalid, Field: LastEventID, Message: fmt.Sprintf("The header %s is %q; send the id of the last event that was seen.", LastEventID, text), Err: err}
	}
	return seq, true, nil
}
