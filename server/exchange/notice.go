package exchange

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"linli/matching"
	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// NewNotice is what a worker tells a grid, and what it calls for, if anything.
type NewNotice struct {
	Text  string
	Call  *NewCall
	Until time.Time // zero: for some days
}

// NewCall is so many units of an item, into a box where one is named.
type NewCall struct {
	ItemID  models.ItemID
	Units   int
	RelayID models.ID
}

// NoticeView is a notice as its reader sees it. The bar of a call is counted from
// the lots of this moment, so it is never behind an answer.
type NoticeView struct {
	models.Notice
	Grid  models.Grid
	Homes int // that answer its call
	Own   int // units that the reader's own home answers with
	Relay *models.RelayPoint
	Mine  bool // the reader may correct it and take it back
}

// AllowNotices sets how many notices one person may send in a day; 0: no limit.
func (s *Service) AllowNotices(aDay int) { s.noticesADay = aDay }

func (in NewNotice) check(now time.Time) error {
	f := checkNotice(fault.New(fault.Invalid, "invalid_input"), in.Text, in.Until, now)
	if strings.TrimFunc(in.Text, unseen) == "" {
		f = f.Field("text", "text_missing")
	}
	if in.Call != nil {
		f = checkUnits(f, "call.quantity", in.Call.Units)
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

// checkNotice holds what everybody will read against the limits. A number of
// somebody's own does not belong there; how to reach a place does.
func checkNotice(f *fault.Error, text string, until, now time.Time) *fault.Error {
	f = checkText(f, "text", text, models.MaxNoticeRunes)
	if models.HasMobile(text) {
		f = f.Field("text", "notice_mobile")
	}
	if !until.IsZero() && (!until.After(now) || until.After(now.AddDate(0, 0, models.MaxNoticeDays))) {
		f = f.Field("until", "until_out_of_range")
	}
	return f
}

func unseen(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

// PostNotice tells everybody of a grid and below. It locks that one grid, of
// whatever level; the exchange never does.
func (s *Service) PostNotice(ctx context.Context, actor models.Actor, grid models.ID, in NewNotice) (NoticeView, error) {
	now := s.store.Now()
	if err := in.check(now); err != nil {
		return NoticeView{}, err
	}
	sc, err := s.scope(ctx, grid)
	if err != nil {
		return NoticeView{}, err
	}
	if !actor.Works(sc.grid.Path) {
		return NoticeView{}, fault.New(fault.NotFound, "not_found")
	}
	n := models.Notice{GridID: grid, SentBy: actor.PersonID, Text: strings.TrimSpace(in.Text), State: models.NoticeOpen,
		DueAt: models.Millis(in.Until)}
	if in.Until.IsZero() {
		n.DueAt = now.AddDate(0, 0, models.NoticeDays)
	}
	if err := s.takeCall(sc, &n, in.Call); err != nil {
		return NoticeView{}, err
	}
	var sent []models.Notice
	reads := []store.Read{store.NoticesBy(actor.PersonID, now.AddDate(0, 0, -1), max(1, s.noticesADay), &sent)}
	return store.Exchange(ctx, s.store, actor, []models.ID{grid}, reads, func(tx *store.Tx) (NoticeView, error) {
		if s.noticesADay > 0 && len(sent) >= s.noticesADay {
			return NoticeView{}, fault.New(fault.RateLimited, "notices_enough")
		}
		n := n
		n.ID, n.CreatedAt = tx.NewID(), tx.Now
		if err := tx.SaveNotice(&n, "notice.posted"); err != nil {
			return NoticeView{}, err
		}
		return NoticeView{Notice: n, Grid: sc.grid, Relay: relayByID(sc.relays, n.RelayID), Mine: true}, nil
	})
}

// takeCall holds what is called for against what neighbours may share, and its box
// against those that serve the whole grid.
func (s *Service) takeCall(sc scope, n *models.Notice, call *NewCall) error {
	if call == nil {
		return nil
	}
	if _, ok := s.catalogue.Item(call.ItemID); !ok {
		return fault.InvalidField("call.item_id", "item_unknown")
	}
	v := s.matcher.Screen(matching.Line{Item: call.ItemID, Units: 1}, models.DateOf(s.store.Now()))
	if v.Outcome != matching.OutcomeOK && v.Outcome != matching.OutcomeAsk {
		return refuseAll([]Refusal{refusal(0, call.ItemID, v)})
	}
	n.ItemID, n.Wanted = call.ItemID, call.Units
	if call.RelayID == "" {
		return nil
	}
	if n.RelayID = &call.RelayID; relayByID(sc.relays, n.RelayID) == nil {
		return fault.InvalidField("call.relay_id", "call_relay")
	}
	return nil
}

// Notices lists what is there to be read in a grid: its own notices and those of
// the grids above it, newest first. Its worker also reads what is over.
func (s *Service) Notices(ctx context.Context, actor models.Actor, grid models.ID, all bool, p Page) ([]NoticeView, error) {
	sc, err := s.scope(ctx, grid)
	if err != nil || !reached(actor, sc.grid.Path) {
		return nil, fault.New(fault.NotFound, "not_found")
	}
	views := []NoticeView{}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		var notices []models.Notice
		now := &tx.Now
		if all && actor.Works(sc.grid.Path) {
			now = nil
		}
		err := tx.Load(store.NoticesTo(ids(sc.above, func(g models.Grid) models.ID { return g.ID }), now, p.Cursor, p.Limit, &notices))
		if err == nil {
			views, err = viewNotices(tx, actor, notices, sc.above)
		}
		return err
	})
	return views, err
}

// Notice reads one of them.
func (s *Service) Notice(ctx context.Context, actor models.Actor, id models.ID) (NoticeView, error) {
	n, sc, err := s.noticeFor(ctx, actor, id)
	if err != nil {
		return NoticeView{}, err
	}
	var views []NoticeView
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		views, err = viewNotices(tx, actor, []models.Notice{n}, sc.above)
		return err
	})
	if err != nil {
		return NoticeView{}, err
	}
	return views[0], nil
}

// noticeFor finds a notice that reaches the actor.
func (s *Service) noticeFor(ctx context.Context, actor models.Actor, id models.ID) (models.Notice, scope, error) {
	var rows []models.Notice
	if err := s.store.Read(ctx, store.ByID([]models.ID{id}, &rows)); err != nil {
		return models.Notice{}, scope{}, err
	}
	n, err := store.One(rows)
	if err != nil {
		return n, scope{}, err
	}
	sc, err := s.scope(ctx, n.GridID)
	if err == nil && !reached(actor, sc.grid.Path) {
		err = fault.New(fault.NotFound, "not_found")
	}
	return n, sc, err
}

// reached reports whether what is told to a grid is told to the actor: she was let
// in below it, works there or above it, or has a role below it.
func reached(actor models.Actor, path string) bool {
	below := func(at string) bool { return at != "" && strings.HasPrefix(at, path) }
	return actor.Works(path) || actor.Approved() && below(actor.GridPath) ||
		slices.ContainsFunc(actor.Roles, func(r models.Role) bool { return below(r.GridPath) })
}

func viewNotices(tx *store.Tx, actor models.Actor, notices []models.Notice, grids []models.Grid) ([]NoticeView, error) {
	views := []NoticeView{}
	if len(notices) == 0 {
		return views, nil
	}
	var answers []store.Answered
	var relays []models.RelayPoint
	boxes := slices.DeleteFunc(ids(notices, func(n models.Notice) models.ID { return deref(n.RelayID) }), func(id models.ID) bool { return id == "" })
	err := tx.Load(store.AnswersTo(ids(notices, func(n models.Notice) models.ID { return n.ID }), actor.HouseholdID, &answers), store.ByID(boxes, &relays))
	if err != nil {
		return nil, err
	}
	of := byID(answers, func(a store.Answered) models.ID { return a.CallID })
	at := byID(grids, func(g models.Grid) models.ID { return g.ID })
	for _, n := range notices {
		v := NoticeView{Notice: n, Grid: *at[n.GridID], Relay: relayByID(relays, n.RelayID), Mine: actor.Works(at[n.GridID].Path)}
		var a store.Answered
		if of[n.ID] != nil {
			a = *of[n.ID]
		}
		if v.Homes, v.Own = a.Homes, a.Own; !actor.System {
			if _, err := v.Count(a.Units); err != nil {
				return nil, err
			}
		}
		views = append(views, v)
	}
	return views, nil
}
