package exchange

import (
	"context"
	"slices"
	"strings"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// NoticeChange is what of a notice is put right; what is left empty stays.
type NoticeChange struct {
	Text   string
	Wanted int // units of a call
	Until  time.Time
}

// CorrectNotice puts a notice right. Whoever has read it is told again: the
// correction is an event with the next version.
func (s *Service) CorrectNotice(ctx context.Context, actor models.Actor, id models.ID, in NoticeChange) (NoticeView, error) {
	f := checkNotice(fault.New(fault.Invalid, "invalid_input"), in.Text, in.Until, s.store.Now())
	text := strings.TrimSpace(in.Text)
	if in.Text != "" && strings.TrimFunc(in.Text, unseen) == "" || in == (NoticeChange{}) {
		f = f.Field("text", "text_missing")
	}
	if in.Wanted != 0 {
		f = checkUnits(f, "quantity", in.Wanted)
	}
	if len(f.Fields) > 0 {
		return NoticeView{}, f
	}
	return s.changeNotice(ctx, actor, id, func(n *models.Notice, units int, now time.Time) (string, error) {
		switch {
		case !n.Reads(now):
			return "", fault.New(fault.Conflict, "notice_over")
		case n.Corrections >= models.MaxCorrections:
			return "", fault.New(fault.RateLimited, "corrections_enough")
		case in.Wanted != 0 && !n.Calls():
			return "", fault.InvalidField("quantity", "no_call")
		}
		if text != "" {
			n.Text = text
		}
		if !in.Until.IsZero() {
			n.DueAt = models.Millis(in.Until)
		}
		if in.Wanted != 0 {
			n.Wanted = in.Wanted
		}
		n.Corrections++
		_, err := n.Count(units)
		return "notice.corrected", err
	})
}

// CloseCall ends a call by hand; its notice stays to be read.
func (s *Service) CloseCall(ctx context.Context, actor models.Actor, id models.ID) (NoticeView, error) {
	return s.changeNotice(ctx, actor, id, func(n *models.Notice, units int, now time.Time) (string, error) {
		switch {
		case !n.Reads(now):
			return "", fault.New(fault.Conflict, "notice_over")
		case !n.Calls():
			return "", fault.New(fault.Conflict, "no_call")
		}
		if _, err := n.Count(units); err != nil {
			return "", err
		}
		n.ClosedAt = &now
		return "notice.closed", n.Apply(models.CommandClose)
	})
}

// WithdrawNotice takes a notice back, with its words.
func (s *Service) WithdrawNotice(ctx context.Context, actor models.Actor, id models.ID) (NoticeView, error) {
	return s.changeNotice(ctx, actor, id, func(n *models.Notice, _ int, now time.Time) (string, error) {
		n.Text, n.ClosedAt = "", &now
		return "notice.withdrawn", n.Apply(models.CommandCancel)
	})
}

// endNotice: its time has come.
func endNotice(n *models.Notice, _ int, now time.Time) (string, error) {
	if now.Before(n.DueAt) {
		return "", errNotDue
	}
	if n.ClosedAt == nil {
		n.ClosedAt = &now
	}
	return "notice.over", n.Apply(models.CommandLapse)
}

// countCall writes what answers a call now.
//
// An offer is made under the lock of its giver's micro-grid and names the call; it
// neither reads nor locks the call's grid, which may stand far above. So the bar is
// no counter that offers move, but a sum over the lots, taken afterwards under the
// lock of the notice's own grid: two offers in the same second are both in the
// last sum, none is in it twice, and what was taken back is out of it. Whoever has
// changed a lot asks for it at once; should she not come to it, the sweep does.
func countCall(n *models.Notice, units int, _ time.Time) (string, error) {
	told, err := n.Count(units)
	if told == "" {
		return "", err
	}
	return "notice." + told, err
}

// tellCall has the bar of a call follow a lot that has just changed. The lot is
// committed and counts anyway; nobody who gave something is told of a failure here.
func (s *Service) tellCall(ctx context.Context, call *models.ID) {
	if call == nil {
		return
	}
	_, _ = s.changeNotice(ctx, models.Actor{System: true}, *call, countCall) // else the sweep's
}

// changeNotice runs one command under the lock of the notice's grid, with what
// answers its call at that moment. A command that tells nothing saves nothing.
func (s *Service) changeNotice(ctx context.Context, actor models.Actor, id models.ID,
	command func(n *models.Notice, units int, now time.Time) (string, error)) (NoticeView, error) {
	n, sc, err := s.noticeFor(ctx, actor, id)
	if err != nil {
		return NoticeView{}, err
	}
	if !actor.Works(sc.grid.Path) {
		return NoticeView{}, fault.New(fault.Forbidden, "worker_only")
	}
	var rows []models.Notice
	var answers []store.Answered
	reads := []store.Read{store.ByID([]models.ID{id}, &rows), store.AnswersTo([]models.ID{id}, actor.HouseholdID, &answers)}
	return store.Exchange(ctx, s.store, actor, []models.ID{n.GridID}, reads, func(tx *store.Tx) (NoticeView, error) {
		n, err := store.One(slices.Clone(rows))
		if err != nil {
			return NoticeView{}, err
		}
		var a store.Answered
		if len(answers) == 1 {
			a = answers[0]
		}
		kind, err := command(&n, a.Units, tx.Now)
		if err != nil {
			return NoticeView{}, err
		}
		if kind != "" {
			err = tx.SaveNotice(&n, kind)
		}
		return NoticeView{Notice: n, Grid: sc.grid, Homes: a.Homes, Own: a.Own, Relay: relayByID(sc.relays, n.RelayID), Mine: true}, err
	})
}
