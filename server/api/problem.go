package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"linli/models/fault"
	"linli/models/words"
	"linli/server/exchange"

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

// retryAfter is the seconds that a client is asked to wait: long enough for a
// bucket to fill a little, short enough for somebody who waits.
const retryAfter = "5"

// Problem is an RFC 9457 problem document.
type Problem struct {
	Type      string            `json:"type"`
	Title     string            `json:"title"`
	Status    int               `json:"status"`
	Detail    string            `json:"detail" doc:"A sentence for people, in the language of the request"`
	Code      string            `json:"code" doc:"The kind of problem; one status each"`
	Reason    string            `json:"reason" doc:"The sentence's code"`
	Args      map[string]string `json:"args,omitempty"`
	Errors    []ProblemField    `json:"errors,omitempty" nullable:"false"`
	Refused   []Refusal         `json:"refused,omitempty" nullable:"false" doc:"Where a post was refused: why, line by line"`
	RequestID string            `json:"request_id,omitempty"`
}

// ProblemField says what is wrong with one input.
type ProblemField struct {
	Path    string `json:"path"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

// Error, GetStatus and GetHeaders make a Problem what huma answers with.
func (p *Problem) Error() string { return p.Code + ": " + p.Reason }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType names the document.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders are what HTTP wants beside some statuses.
func (p *Problem) GetHeaders() http.Header {
	switch p.Status {
	case http.StatusUnauthorized:
		return http.Header{"Www-Authenticate": {`Bearer realm="linli"`}}
	case http.StatusUpgradeRequired:
		return http.Header{"Upgrade": {"websocket"}, "Connection": {"Upgrade"}}
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return http.Header{"Retry-After": {retryAfter}}
	}
	return nil
}

// problemOf turns a fault into a document in the caller's language. An unknown
// error is logged here, once, and told without its text.
func problemOf(ctx context.Context, err error) *Problem {
	var edge *edgeError
	if f := fault.From(err); f.Reason == "upgrade_required" {
		edge = &edgeError{http.StatusUpgradeRequired, f}
	}
	if edge != nil || errors.As(err, &edge) {
		return newProblem(callOf(ctx), edge.status, edge.fault)
	}
	f := fault.From(err)
	call := callOf(ctx)
	if (f.Code == fault.Internal || f.Code == fault.Unavailable) && !errors.Is(err, context.Canceled) { // a client that left is no failure
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
	writeProblem(c.Writer, problemOf(c.Request.Context(), err))
	c.Abort()
}

func writeProblem(w http.ResponseWriter, p *Problem) {
	header := w.Header()
	for name, values := range p.GetHeaders() {
		header[name] = values
	}
	header.Set("Content-Type", p.ContentType(""))
	header.Del("Content-Encoding")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client may be gone
}

// Problem answers a request that is refused outside the routes: the stream's
// handshake above all.
func (a *API) Problem(w http.ResponseWriter, r *http.Request, err error) {
	writeProblem(w, problemOf(r.Context(), a.counted(callOf(r.Context()), err)))
}
