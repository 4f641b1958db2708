// Package fault holds the one error type that crosses rooms.
//
// Inner rooms make or wrap faults; the edge turns each into a problem
// document, a close code or a robot's sentence by its Code. The cause is for
// the log and never reaches a caller. Nothing here knows HTTP.
package fault

import (
	"errors"
	"fmt"
	"maps"
)

// Code is the kind of an error; the edge maps it to a status.
type Code string

// The codes. There are few on purpose: what happened is told by Reason.
const (
	Invalid         Code = "invalid"         // the input is wrong; Fields say where
	Refused         Code = "refused"         // well formed, but may not be: safety or house rules
	Unauthenticated Code = "unauthenticated" // no session, or it has ended
	Forbidden       Code = "forbidden"       // not this person's function
	NotFound        Code = "not_found"       // not there, or not to be seen
	Conflict        Code = "conflict"        // somebody was quicker, or the state has moved on
	Gone            Code = "gone"            // was there, is over
	TooLarge        Code = "too_large"       // over a limit of size
	RateLimited     Code = "rate_limited"    // too often
	Unavailable     Code = "unavailable"     // try again soon
	Internal        Code = "internal"        // our mistake
)

// Field says what is wrong with one input: its path in the body, and why as a
// code of models/words.
type Field struct {
	Path   string
	Reason string
	Args   map[string]string
}

// Error is an error with a kind, a sentence code and, where input was wrong,
// the fields concerned.
type Error struct {
	Code   Code
	Reason string // sentence code in models/words
	Args   map[string]string
	Fields []Field
	cause  error
}

// New makes an error of that kind and sentence.
func New(code Code, reason string) *Error { return &Error{Code: code, Reason: reason} }

// InvalidField is the usual complaint: one field is wrong.
func InvalidField(path, reason string) *Error {
	return New(Invalid, "invalid_input").Field(path, reason)
}

// With adds an argument of the sentence.
func (e *Error) With(key, value string) *Error {
	c := *e
	c.Args = maps.Clone(e.Args)
	if c.Args == nil {
		c.Args = map[string]string{}
	}
	c.Args[key] = value
	return &c
}

// Field adds a field that is wrong.
func (e *Error) Field(path, reason string) *Error {
	c := *e
	c.Fields = append(append([]Field{}, e.Fields...), Field{Path: path, Reason: reason})
	return &c
}

// Because adds the cause, for the log only.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// Error is for the log: kind, sentence, cause.
func (e *Error) Error() string {
	text := fmt.Sprintf("%s: %s", e.Code, e.Reason)
	for _, f := range e.Fields {
		text += fmt.Sprintf(" [%s %s]", f.Path, f.Reason)
	}
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// From finds the fault in err; an error that is none becomes Internal.
func From(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return New(Internal, "internal").Because(err)
}

// Is reports whether err is a fault of that code.
func Is(err error, code Code) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}
