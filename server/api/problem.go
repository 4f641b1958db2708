package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"linli/models/fault"
	"linli/models/words"
	"linli/server/exchange"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
)

// statuses is the only table from fault codes to HTTP.
var statuses = map[fault.Code]int{
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.Refused:         http.StatusUnprocessableEntity,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.Gone:            http.StatusGone,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.RateLimited:     http.StatusTooManyRequests,
	fault.Unavailable:     http.StatusServiceUnavailable,
	fault.Internal:        http.StatusInternalServerError,
}

var titles = map[fault.Code]words.Sentence{
	fault.Invalid:         {ZH: "填的内容有问题", EN: "Invalid input"},
	fault.Refused:         {ZH: "这个不能收", EN: "Refused"},
	fault.Unauthenticated: {ZH: "请重新进入", EN: "Signed out"},
	fault.Forbidden:       {ZH: "不能这样做", EN: "Forbidden"},
	fault.NotFound:        {ZH: "没有找到", EN: "Not found"},
	fault.Conflict:        {ZH: "情况变了", EN: "Conflict"},
	fault.Gone:            {ZH: "已经过了", EN: "Gone"},
	fault.TooLarge:        {ZH: "太大了", EN: "Too large"},
	fault.RateLimited:     {ZH: "太快了，歇一下", EN: "Too many requests"},
	fault.Unavailable:     {ZH: "稍后再试", EN: "Unavailable"},
	fault.Internal:        {ZH: "没办成，不是你的问题", EN: "Internal error"},
}

// Problem is an RFC 9457 problem document.
type Problem struct {
	Type      string            `json:"type"`
	Title     string            `json:"title"`
	Status    int               `json:"status"`
	Detail    string            `json:"detail"`
	Code      string            `json:"code"`
	Reason    string            `json:"reason"`
	Args      map[string]string `json:"args,omitempty"`
	Errors    []ProblemField    `json:"errors,omitempty"`
	Refused   []Refusal         `json:"refused,omitempty"`
	RequestID string            `json:"request_id,omitempty"`
}

// ProblemField says what is wrong with one input.
type ProblemField struct {
	Path    string `json:"path"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

// Error and GetStatus make a Problem what huma answers with.
func (p *Problem) Error() string { return p.Code + ": " + p.Reason }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType names the document.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// problemOf turns a fault into a document in the caller's language. An unknown
// error is logged here, once, and told without its text.
func problemOf(ctx context.Context, err error) *Problem {
	f := fault.From(err)
	call := callOf(ctx)
	if f.Code == fault.Internal || f.Code == fault.Unavailable {
		call.log.LogAttrs(ctx, slog.LevelError, "failed", slog.String("request", call.id), slog.String("error", f.Error()))
	}
	p := newProblem(call, statuses[f.Code], f)
	var post *exchange.RefusedPost
	if errors.As(err, &post) {
		p.Refused = call.refusals(post.Refused)
	}
	return p
}

func newProblem(call *call, status int, f *fault.Error) *Problem {
	lang := call.lang
	title := titles[f.Code]
	p := &Problem{Type: "/problems/" + string(f.Code), Title: title.ZH, Status: status, Code: string(f.Code),
		Reason: f.Reason, Args: f.Args, Detail: words.Say(lang, f.Reason, f.Args), RequestID: call.id}
	if lang == words.EN {
		p.Title = title.EN
	}
	for _, field := range f.Fields {
		p.Errors = append(p.Errors, ProblemField{Path: field.Path, Reason: field.Reason,
			Message: words.Say(lang, field.Reason, field.Args)})
	}
	return p
}

var errMethod = &edgeError{http.StatusMethodNotAllowed, fault.New(fault.Invalid, "method_not_allowed")}

// edgeError is a fault of the frame itself, which HTTP has a status of its own for.
type edgeError struct {
	status int
	fault  *fault.Error
}

func (e *edgeError) Error() string { return e.fault.Error() }

// fail answers outside huma: frame, sockets, static files.
func (a *API) fail(c *gin.Context, err error) {
	var edge *edgeError
	var p *Problem
	if errors.As(err, &edge) {
		p = newProblem(callOf(c.Request.Context()), edge.status, edge.fault)
	} else {
		p = problemOf(c.Request.Context(), err)
	}
	writeProblem(c.Writer, p)
	c.Abort()
}

func writeProblem(w http.ResponseWriter, p *Problem) {
	w.Header().Set("Content-Type", "application/problem+json")
	switch p.Status {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", `Bearer realm="linli"`)
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "2")
	}
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client may be gone
}

// huma complains through these two; its complaints are given our shape.
func init() {
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return fromHuma(nil, status, message, errs)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		return fromHuma(ctx, status, message, errs)
	}
}

func fromHuma(ctx huma.Context, status int, message string, errs []error) *Problem {
	call := &call{lang: words.ZH, log: slog.Default()}
	if ctx != nil {
		call = callOf(ctx.Context())
	}
	f := fault.New(codeOf(status), "invalid_input")
	switch status {
	case http.StatusRequestEntityTooLarge:
		f.Reason = "body_too_large"
	case http.StatusInternalServerError:
		f.Reason = "internal"
	case http.StatusBadRequest:
		f.Reason = "body_unreadable"
	}
	p := newProblem(call, status, f)
	for _, err := range errs {
		var detail *huma.ErrorDetail
		if !errors.As(err, &detail) {
			p.Errors = append(p.Errors, ProblemField{Reason: "not_allowed", Message: err.Error()})
			continue
		}
		if strings.HasPrefix(detail.Message, "unexpected property") {
			p.Status = http.StatusBadRequest // an unknown field is malformed, not merely wrong
		}
		p.Errors = append(p.Errors, ProblemField{Path: strings.TrimPrefix(strings.TrimPrefix(detail.Location, "body"), "."),
			Reason: "not_allowed", Message: detail.Message})
	}
	return p
}

func codeOf(status int) fault.Code {
	for code, s := range statuses {
		if s == status && code != fault.Refused {
			return code
		}
	}
	if status >= http.StatusInternalServerError {
		return fault.Internal
	}
	return fault.Invalid
}

// Problem answers a request that is refused outside the routes, the stream's
// handshake above all.
func (a *API) Problem(w http.ResponseWriter, r *http.Request, err error) {
	writeProblem(w, problemOf(r.Context(), err))
}
