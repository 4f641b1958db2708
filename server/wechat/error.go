package wechat

import (
	"errors"
	"fmt"
	"regexp"
)

// The numbers that somebody decides by. Source: the server API's documentation,
// 2026-11.
const (
	CodeBusy        = -1    // 系统繁忙
	CodeTokenBad    = 40001 // also a secret that is not the account's
	CodeOpenID      = 40003
	CodeAppID       = 40013
	CodeTokenNone   = 40014
	CodeLogin       = 40029 // the code of wx.login is none
	CodeTemplate    = 40037
	CodeSecret      = 40125
	CodeLoginUsed   = 40163
	CodeAddress     = 40164 // this machine is not on the account's list of addresses
	CodeLoginRisky  = 40226
	CodeTokenOver   = 42001
	CodeNotGranted  = 43101
	CodeDailyLimit  = 45009
	CodeTooOften    = 45011
	CodeBadWords    = 45168
	CodeArgument    = 47003
	CodeUnreachable = -2 // ours: no answer of WeChat came back, or none that can be read
)

// Error is a call that WeChat refused, or that did not reach it. It holds
// nothing of what was sent.
type Error struct {
	Call  string // the path
	Code  int    // WeChat's errcode; 0 where there was no answer
	Field string // of CodeArgument: the key of the template that is wrong
	cause error
}

// argument finds the key that an argument error names: "argument invalid!
// data.thing1.value invalid".
var argument = regexp.MustCompile(`data\.([a-z_]+[0-9]+)`)

func newError(call string, s status) *Error {
	e := &Error{Call: call, Code: s.Code}
	if found := argument.FindStringSubmatch(s.Message); s.Code == CodeArgument && found != nil {
		e.Field = found[1]
	}
	return e
}

// Error is for the log: which call, and WeChat's number.
func (e *Error) Error() string {
	switch {
	case e.Code == 0:
		return fmt.Sprintf("wechat %s: %v", e.Call, e.cause)
	case e.Field != "":
		return fmt.Sprintf("wechat %s: errcode %d at %s", e.Call, e.Code, e.Field)
	}
	return fmt.Sprintf("wechat %s: errcode %d", e.Call, e.Code)
}

// Unwrap gives what went wrong on the way.
func (e *Error) Unwrap() error { return e.cause }

// CodeOf is WeChat's number of a failure: 0 for none, CodeUnreachable where
// there was no answer.
func CodeOf(err error) int {
	var e *Error
	switch {
	case err == nil:
		return 0
	case errors.As(err, &e) && e.Code != 0:
		return e.Code
	}
	return CodeUnreachable
}

// Passing reports whether the same call may succeed later: nothing is wrong
// with what was sent.
func Passing(err error) bool {
	switch CodeOf(err) {
	case CodeBusy, CodeUnreachable, CodeDailyLimit, CodeTooOften, CodeTokenBad, CodeTokenNone, CodeTokenOver:
		return true
	}
	return false
}

func staleToken(err error) bool {
	switch CodeOf(err) {
	case CodeTokenBad, CodeTokenNone, CodeTokenOver:
		return true
	}
	return false
}
