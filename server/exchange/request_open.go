package exchange

import (
	"context"
	"fmt"
	"slices"

	"linli/matching"
	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// NewRequest is what somebody asks for.
type NewRequest struct {
	// HouseholdID is set when a worker posts for a household of her grid, and
	// PersonID for whom in it; without, for the first who lives there.
	HouseholdID models.ID
	PersonID    models.ID
	Lines       []NewNeed
	Way         models.Way
	Private     bool
	Note        string
	Mark        []byte // of the group message that it was read from; nil: of none
}

// NewNeed is one line of it, in base units of the item.
type NewNeed struct {
	ItemID     models.ItemID
	Units      int
	Patient    models.Patient
	Urgency    models.Urgency
	UrgencyWhy string
}

// check names every field that is wrong.
func (in NewRequest) check() error {
	f := fault.New(fault.Invalid, "invalid_input")
	if len(in.Lines) < 1 || len(in.Lines) > maxLines {
		f = f.Field("lines", "lines_out_of_range")
	}
	if !slices.Contains(ways, in.Way) {
		f = f.Field("way", "way_unknown")
	}
	f = checkText(f, "note", in.Note, maxNoteRunes)
	f = checkMark(f, in.Mark)
	for i, line := range in.Lines {
		path := fmt.Sprintf("lines[%d].", i)
		f = checkUnits(f, path+"quantity", line.Units)
		f = checkText(f, path+"urgency_why", line.UrgencyWhy, maxNoteRunes)
		if !slices.Contains([]models.Urgency{models.UrgencyNow, models.UrgencyToday, models.UrgencyDays}, line.Urgency) {
			f = f.Field(path+"urgency", "urgency_unknown")
		}
		if line.Patient.Age != "" && line.Patient.Age.Months() < 0 {
			f = f.Field(path+"patient.age", "age_unknown")
		}
		f = checkPatient(f, path+"patient.", line.Patient)
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

// ways are those in which something reaches a home.
var ways = []models.Way{models.WayRelay, models.WayDoor, models.WayLeave}

// checkPatient bounds what is free to type: the answers are few and known.
func checkPatient(f *fault.Error, path string, p models.Patient) *fault.Error {
	if len(p.Answers) > 40 {
		f = f.Field(path+"answers", "too_many")
	}
	for key, answer := range p.Answers {
		if answer != models.Yes && answer != models.No || len(key) > 40 {
			f = f.Field(path+"answers", "answer_unknown")
		}
	}
	for _, sign := range p.Signs {
		if !slices.Contains(matching.DangerSigns, sign) && !slices.Contains(matching.DoctorSigns, sign) {
			f = f.Field(path+"signs", "sign_unknown")
		}
	}
	if p.FeverDays < 0 || p.FeverDays > 60 {
		f = f.Field(path+"fever_days", "out_of_range")
	}
	return f
}

// OpenRequest posts what somebody needs and plans at once. Lines that may not
// be given are refused one by one; if all are, nothing is saved. A danger sign
// holds every line until a person clears it.
func (s *Service) OpenRequest(ctx context.Context, actor models.Actor, in NewRequest) (RequestView, error) {
	if err := in.check(); err != nil {
		return RequestView{}, err
	}
	by, err := s.poster(ctx, actor, in.HouseholdID, in.PersonID)
	if err != nil {
		return RequestView{}, err
	}
	lines, refused, held, err := s.screenLines(in)
	if err != nil {
		return RequestView{}, err
	}
	if len(lines) == 0 {
		return RequestView{}, refuseAll(refused)
	}
	sc, err := s.scope(ctx, by.grid)
	if err != nil {
		return RequestView{}, err
	}
	var r rows
	message := pasted{mark: in.Mark}
	reads := message.announce(by.grid, s.announce(sc, about{households: []models.ID{by.household}}, &r))
	view, err := store.Exchange(ctx, s.store, actor, sc.grids(), reads, func(tx *store.Tx) (RequestView, error) {
		if err := message.again(tx); err != nil {
			return RequestView{}, err
		}
		d := s.desk(tx, sc, &r)
		post := models.Request{ID: tx.NewID(), GridID: by.grid, HouseholdID: by.household, PersonID: by.person,
			PostedBy: actor.PersonID, Way: in.Way, Private: in.Private || !by.board, Note: in.Note, CreatedAt: tx.Now}
		again, err := d.openLines(post, lines, held)
		if err != nil {
			return RequestView{}, err
		}
		view, err := d.finishRequest(actor, post, slices.Concat(refused, again))
		if err != nil {
			return RequestView{}, err
		}
		return view, message.save(tx, by.grid, post.ID)
	})
	return view, message.raced(err)
}

// finishRequest plans, saves and shows a new post, unless every line was
// refused.
func (d *desk) finishRequest(actor models.Actor, post models.Request, refused []Refusal) (RequestView, error) {
	if len(d.changed) == 0 {
		return RequestView{}, refuseAll(refused)
	}
	if err := d.plan(); err != nil {
		return RequestView{}, err
	}
	if err := d.tx.CreateRequest(&post); err != nil {
		return RequestView{}, err
	}
	if err := d.save(); err != nil {
		return RequestView{}, err
	}
	view := d.viewRequest(actor, post)
	view.Refused = refused
	return view, nil
}

// line is a screened line that may be saved.
type line struct {
	index int
	NewNeed
}

// screenLines parts what may be posted from what is refused. Any danger sign,
// ticked or read in the note, holds all of it.
func (s *Service) screenLines(in NewRequest) (kept []line, refused []Refusal, held bool, err error) {
	today := models.DateOf(s.store.Now())
	inNote := matching.DangerIn(in.Note)
	for i, n := range in.Lines {
		if _, ok := s.catalogue.Item(n.ItemID); !ok {
			return nil, nil, false, fault.InvalidField(fmt.Sprintf("lines[%d].item_id", i), "item_unknown")
		}
		n.Patient.Signs = append(slices.Clone(n.Patient.Signs), inNote...)
		slices.Sort(n.Patient.Signs)
		n.Patient.Signs = slices.Compact(n.Patient.Signs)
		v := s.matcher.Screen(matching.Line{Item: n.ItemID, Units: n.Units, Patient: &n.Patient}, today)
		switch v.Outcome {
		case matching.OutcomeOK:
			kept = append(kept, line{i, n})
		case matching.OutcomeDanger:
			held = true
			kept = append(kept, line{i, n})
		default:
			refused = append(refused, refusal(i, n.ItemID, v))
		}
	}
	return kept, refused, held, nil
}

// openLines puts the lines of a post on the desk. A like one that is still
// open is not posted again: it is named instead.
func (d *desk) openLines(post models.Request, lines []line, held bool) ([]Refusal, error) {
	var again []Refusal
	for _, l := range lines {
		if known := d.likeNeed(post.PersonID, l); known != nil {
			again = append(again, Refusal{Line: l.index, ItemID: l.ItemID, Outcome: matching.OutcomeRefused,
				Reasons: []models.Reason{{Code: "already_open", Args: map[string]string{"request": known.RequestID},
					Readers: []models.Reader{models.ReaderReceiver, models.ReaderWorker}}}})
			continue
		}
		due := unmetBy(d.tx.Now, l.Urgency)
		n := &models.Need{ID: d.tx.NewID(), RequestID: post.ID, GridID: post.GridID, HouseholdID: post.HouseholdID,
			PersonID: post.PersonID, ItemID: l.ItemID, Requested: l.Units, Open: l.Units, State: models.NeedOpen,
			Urgency: l.Urgency, Way: post.Way, UrgencyWhy: l.UrgencyWhy, Patient: l.Patient, Private: post.Private, Held: held,
			Why: []models.Reason{}, DueAt: &due, CreatedAt: d.tx.Now}
		d.needs[n.ID] = n
		d.mark(n.ID, "need.opened")
	}
	return again, nil
}

func (d *desk) likeNeed(person models.ID, l line) *models.Need {
	for _, n := range d.needs {
		if n.PersonID == person && n.ItemID == l.ItemID && n.Open > 0 && n.Patient.Age == l.Patient.Age {
			return n
		}
	}
	return nil
}
