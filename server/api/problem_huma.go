package api

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"linli/models/fault"
	"linli/models/words"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"
)

// huma checks bodies and parameters against the schemas, and complains in
// English sentences. Its sentences are replaced by our codes before any schema
// is made, so that a complaint comes with a reason like any other.
func init() {
	for code, messages := range map[string][]*string{
		"unknown_field": {&validation.MsgUnexpectedProperty},
		"missing":       {&validation.MsgExpectedRequiredProperty},
		"not_a_choice":  {&validation.MsgExpectedOneOf},
		"too_small":     {&validation.MsgExpectedMinimumNumber},
		"too_big":       {&validation.MsgExpectedMaximumNumber},
		"too_short":     {&validation.MsgExpectedMinLength},
		"too_long":      {&validation.MsgExpectedMaxLength},
		"too_few":       {&validation.MsgExpectedMinItems, &validation.MsgExpectedMinProperties},
		"too_many":      {&validation.MsgExpectedMaxItems, &validation.MsgExpectedMaxProperties},
		"not_allowed":   {&validation.MsgExpectedMatchPattern},
		"wrong_type": {&validation.MsgExpectedString, &validation.MsgExpectedInteger, &validation.MsgExpectedNumber,
			&validation.MsgExpectedBoolean, &validation.MsgExpectedObject, &validation.MsgExpectedArray},
	} {
		for _, m := range messages {
			*m = code
		}
	}
	huma.ValidateStrictCasing = true // "Quantity" is not "quantity"
	huma.ErrorFormatter = func(code string, args ...any) string {
		if code == "not_a_choice" || len(args) == 0 { // the choices stand in the document
			return code
		}
		return code + " " + fmt.Sprint(args[0])
	}
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return fromHuma(&call{lang: words.ZH, log: slog.Default()}, status, message, errs)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		return fromHuma(callOf(ctx.Context()), status, message, errs)
	}
}

// fromHuma gives huma's complaints our shape.
func fromHuma(call *call, status int, message string, errs []error) *Problem {
	f := fault.New(fault.Invalid, "invalid_input")
	switch {
	case status == http.StatusRequestEntityTooLarge:
		f = fault.New(fault.TooLarge, "body_too_large")
	case status == http.StatusNotAcceptable:
		f = fault.New(fault.Invalid, "want_json")
	case status >= http.StatusInternalServerError:
		f = fault.New(fault.Internal, "internal")
		call.log.Error("failed", "request", call.id, "error", errors.Join(append(errs, errors.New(message))...))
		return newProblem(call, status, f)
	case len(errs) == 0: // there was no body at all
		f = fault.New(fault.Invalid, "body_unreadable")
	}
	for _, err := range errs {
		field := fieldOf(err)
		if field.Reason == "unknown_field" {
			status = http.StatusBadRequest // malformed, not merely wrong
		}
		f.Fields = append(f.Fields, field)
	}
	return newProblem(call, status, f)
}

func fieldOf(err error) fault.Field {
	var detail *huma.ErrorDetail
	if !errors.As(err, &detail) {
		return fault.Field{Reason: "not_allowed"}
	}
	place, path, inside := strings.Cut(detail.Location, ".") // body, query or path, and where in it
	if !inside {
		path = place
	}
	code, arg, _ := strings.Cut(detail.Message, " ")
	switch {
	case code == "missing":
		if !inside {
			return fault.Field{Path: arg, Reason: code}
		}
		return fault.Field{Path: path + "." + arg, Reason: code}
	case code == "required": // "required query parameter is missing": not a message that can be set
		code, arg = "missing", ""
	case code == "invalid": // "invalid integer": nor this
		code, arg = "wrong_type", ""
	case !words.Known(code):
		code, arg = "not_allowed", ""
	}
	return fault.Field{Path: path, Reason: code, Args: map[string]string{"limit": arg}}
}
