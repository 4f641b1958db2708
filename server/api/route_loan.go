package api

import (
	"context"
	"net/http"
	"time"

	"linli/models"
	"linli/server/exchange"
)

// Loan is something that is lent, as who borrowed it or a worker may see it.
type Loan struct {
	ID        string     `json:"id"`
	MatchID   string     `json:"match_id"`
	LotID     string     `json:"lot_id"`
	Side      string     `json:"side" enum:"receiver,worker"`
	Item      Item       `json:"item"`
	Quantity  int        `json:"quantity"`
	State     string     `json:"state" enum:"out,back,lost,broken"`
	DueOn     string     `json:"due_on"`
	DueAt     time.Time  `json:"due_at" doc:"18:00 of the due day"`
	LendDays  int        `json:"lend_days" doc:"For how many days it is lent at a time"`
	Extended  int        `json:"extended" doc:"How often it was extended; twice at most"`
	MayExtend bool       `json:"may_extend"`
	WantBack  bool       `json:"want_back" doc:"Its lender wants it back after this"`
	Waiting   int        `json:"waiting" doc:"Other homes that look for one; 0 in lists"`
	CheckedAt *time.Time `json:"checked_at" doc:"When it was wiped and checked before"`
	CreatedAt time.Time  `json:"created_at" doc:"When it was lent"`
	ClosedAt  *time.Time `json:"closed_at"`
	Wiped     bool       `json:"wiped" doc:"It came back wiped and checked"`
	Note      string     `json:"note" doc:"A worker's"`
	Building  string     `json:"building" doc:"Where it is; a worker's"`
	Relay     *Relay     `json:"relay" doc:"Where it is brought back"`
	Version   int        `json:"version"`
}

// LoanRef is what both sides of a match see of its loan; the lender has no ID,
// because the loan says where it is.
type LoanRef struct {
	ID    string    `json:"id"`
	State string    `json:"state" enum:"out,back,lost,broken"`
	DueOn string    `json:"due_on"`
	DueAt time.Time `json:"due_at"`
}

type extension struct {
	One
	Body struct {
		Days int `json:"days" minimum:"1" maximum:"30"`
	}
}

type loanEnd struct {
	One
	Body struct {
		How  string `json:"how" enum:"lost,broken"`
		Note string `json:"note,omitempty" maxLength:"300"`
	}
}

type loanReturn struct {
	One
	Body struct {
		Wiped bool   `json:"wiped" doc:"Without it, what works is not taken back"`
		Works bool   `json:"works" doc:"It works and is complete; if not, it is lent no more"`
		Note  string `json:"note,omitempty" maxLength:"300"`
	}
}

func (a *API) loanRoutes() {
	handle(a, route{method: http.MethodGet, path: "/loans", id: "loans", tag: "loans",
		summary: "What I have borrowed, what is out first"}, a.loans)
	handle(a, route{method: http.MethodGet, path: "/loans/{id}", id: "loan", tag: "loans", summary: "One loan"}, a.oneLoan)
	handle(a, route{method: http.MethodPost, path: "/loans/{id}/extend", id: "extendLoan", tag: "loans",
		summary: "Keep it for some days more, unless somebody waits"}, a.extendLoan)
	handle(a, route{method: http.MethodPost, path: "/loans/{id}/close", id: "closeLoan", tag: "loans",
		summary: "It is lost or broken; nobody is blamed"}, a.closeLoan)
	handle(a, route{method: http.MethodPost, path: "/loans/{id}/return", id: "returnLoan", tag: "worker",
		summary: "It is back: wiped and checked, or broken"}, a.returnLoan)
}

func (a *API) loans(ctx context.Context, me models.Actor, _ *struct{}) (list[Loan], error) {
	views, err := a.o.Exchange.Loans(ctx, me)
	return list[Loan]{Items: mapped(views, a.loan)}, err
}

func (a *API) oneLoan(ctx context.Context, me models.Actor, in *One) (Loan, error) {
	v, err := a.o.Exchange.Loan(ctx, me, in.ID)
	return a.loan(v), err
}

func (a *API) extendLoan(ctx context.Context, me models.Actor, in *extension) (Loan, error) {
	v, err := a.o.Exchange.ExtendLoan(ctx, me, in.ID, in.Body.Days)
	return a.loan(v), err
}

func (a *API) closeLoan(ctx context.Context, me models.Actor, in *loanEnd) (Loan, error) {
	if err := a.checkWords(ctx, me, in.Body.Note); err != nil {
		return Loan{}, err
	}
	v, err := a.o.Exchange.CloseLoan(ctx, me, in.ID, models.LoanState(in.Body.How), in.Body.Note)
	return a.loan(v), err
}

func (a *API) returnLoan(ctx context.Context, me models.Actor, in *loanReturn) (Loan, error) {
	if err := a.checkWords(ctx, me, in.Body.Note); err != nil {
		return Loan{}, err
	}
	v, err := a.o.Exchange.ReturnLoan(ctx, me, in.ID,
		exchange.LoanReturn{Wiped: in.Body.Wiped, Works: in.Body.Works, Note: in.Body.Note})
	return a.loan(v), err
}

func (a *API) loan(v exchange.LoanView) Loan {
	return Loan{ID: v.ID, MatchID: v.MatchID, LotID: v.LotID, Side: string(v.Side), Item: a.item(v.ItemID), Quantity: v.Quantity,
		State: string(v.State), DueOn: string(v.DueOn), DueAt: v.DueAt(), LendDays: v.Lot.LendDays, Extended: v.Extended,
		MayExtend: v.MayExtend, WantBack: v.Lot.WantBackAt != nil, Waiting: v.Waiting, CheckedAt: v.Lot.CheckedAt,
		CreatedAt: v.CreatedAt, ClosedAt: v.ClosedAt, Wiped: v.Wiped, Note: v.Note, Building: v.Building,
		Relay: relayOf(v.Relay, v.Metres), Version: v.Version}
}

func loanRef(v exchange.MatchView) *LoanRef {
	if v.Loan == nil {
		return nil
	}
	ref := &LoanRef{State: string(v.Loan.State), DueOn: string(v.Loan.DueOn), DueAt: v.Loan.DueAt()}
	if v.Side != exchange.SideGiver {
		ref.ID = v.Loan.ID
	}
	return ref
}
