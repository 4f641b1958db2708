package store_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
)

func at(minutes int) time.Time {
	return storetest.Start.Add(time.Duration(minutes)*time.Minute + 123*time.Millisecond)
}

func ref[T any](v T) *T { return &v }

// full complains about a field that is zero: it would prove nothing.
func full(t *testing.T, row any, but ...string) {
	t.Helper()
	v := reflect.ValueOf(row).Elem()
	for i := range v.NumField() {
		if name := v.Type().Field(i).Name; v.Field(i).IsZero() && !slices.Contains(but, name) {
			t.Errorf("%s.%s is empty: give the test a value", v.Type().Name(), name)
		}
	}
}

// change takes over every field but the fixed ones, each of which must differ.
func change(t *testing.T, row, to any, fixed []string) {
	t.Helper()
	v, w := reflect.ValueOf(row).Elem(), reflect.ValueOf(to).Elem()
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		if slices.Contains(fixed, name) {
			continue
		}
		if reflect.DeepEqual(v.Field(i).Interface(), w.Field(i).Interface()) {
			t.Errorf("%s.%s does not change: give the test another value", v.Type().Name(), name)
		}
		v.Field(i).Set(w.Field(i))
	}
}

func one[T any](t *testing.T, s *scene, id models.ID) T {
	t.Helper()
	var rows []T
	must(t, s.Store.View(t.Context(), func(tx *store.Tx) error { return tx.Load(store.ByID([]models.ID{id}, &rows)) }))
	row, err := store.One(rows)
	must(t, err)
	return row
}

// saved proves of one verb that a new row and each change of it come back as
// they were written, and that whoever changes an older version is told so.
func saved[T any](t *testing.T, s *scene, row, next T, id models.ID, fixed []string, save func(tx *store.Tx, row *T) error) {
	t.Helper()
	full(t, &row, "Version")
	s.in(t, func(tx *store.Tx) error { return save(tx, &row) }, s.Beside.ID)
	same(t, "created", one[T](t, s, id), row)
	change(t, &row, &next, fixed)
	old := row // of the version that is about to pass
	s.in(t, func(tx *store.Tx) error { return save(tx, &row) }, s.Beside.ID)
	same(t, "changed", one[T](t, s, id), row)
	told := len(s.events(t, s.Micro.ID))
	err := s.Store.InGrids(t.Context(), []models.ID{s.Micro.ID, s.Beside.ID}, nil, func(tx *store.Tx) error { return save(tx, &old) })
	if f := fault.From(err); f.Code != fault.Conflict || f.Reason != "stale" {
		t.Errorf("%T of an old version: %v", row, err)
	}
	same(t, "left alone", one[T](t, s, id), row)
	if now := len(s.events(t, s.Micro.ID)); now != told {
		t.Errorf("%T of an old version was told in %d events", row, now-told)
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func TestSave_WhatIsWrittenComesBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s := newScene(t, b)
		id := otherIDs()
		reasons := []models.Reason{{Code: "nearest", Args: map[string]string{"metres": "120"}, Readers: []models.Reader{models.ReaderAll}}}
		need := models.Need{ID: id(), RequestID: id(), GridID: s.Micro.ID, HouseholdID: id(), PersonID: id(), ItemID: "M140",
			Requested: 10, Open: 4, Matched: 3, Fulfilled: 2, Cancelled: 1, State: models.NeedOpen, CancelReason: "asker",
			Urgency: models.UrgencyToday, Way: models.WayDoor, UrgencyWhy: awkward, Reach: s.City.Path, ConfirmedBy: ref(id()), Private: true, Held: true, ClearedBy: ref(id()), Why: reasons,
			Patient: models.Patient{Age: models.AgeElder, Answers: map[string]models.Answer{"liver": models.No}, Signs: []string{"s"}, Fever: true, FeverDays: 2},
			NextAt:  ref(at(1)), DueAt: ref(at(2)), CreatedAt: at(0)}
		saved(t, s, need, models.Need{Open: 1, Matched: 2, Fulfilled: 3, Cancelled: 4, State: models.NeedMatched, CancelReason: "uncollected",
			Urgency: models.UrgencyNow, UrgencyWhy: "worse", Reach: s.Community.Path, Why: []models.Reason{}, Patient: models.Patient{Age: models.AgeAdult}}, need.ID,
			[]string{"ID", "RequestID", "GridID", "HouseholdID", "PersonID", "ItemID", "Requested", "Way", "Private", "Version", "CreatedAt"},
			func(tx *store.Tx, n *models.Need) error { return tx.SaveNeed(n, "need.changed", everybody) })
		lot := models.Lot{ID: id(), OfferID: id(), ParentID: ref(id()), AskID: ref(id()), CallID: ref(id()), GridID: s.Micro.ID, GiverGridID: s.Micro.ID, HouseholdID: id(), PersonID: id(), ItemID: "M004",
			LendDays: 7, CarrierID: ref(id()), Strength: "0.5 g", Form: "片", PackSize: 10, Batch: awkward, ExpiresOn: "2027-08-31", Seal: models.SealBlister, Kind: models.LotGift,
			Way: models.WayDoor, Offered: 21, Remaining: 6, Reserved: 5, Lent: 4, Given: 3, Withdrawn: 2, Expired: 1, State: models.LotOffered,
			CloseReason: "giver", Place: models.PlaceBox, RelayID: ref(id()), CheckedAt: ref(at(1)), CheckedBy: ref(id()), WantBackAt: ref(at(3)), DueAt: ref(at(2)), CreatedAt: at(0)}
		saved(t, s, lot, models.Lot{GridID: s.Beside.ID, Batch: "2404117", ExpiresOn: "2027-09-30", Remaining: 1, Reserved: 2, Lent: 3, Given: 4,
			Withdrawn: 5, Expired: 6, State: models.LotTaken, CloseReason: "expired", Place: models.PlaceHome}, lot.ID,
			[]string{"ID", "OfferID", "ParentID", "AskID", "CallID", "GiverGridID", "LendDays", "HouseholdID", "PersonID", "ItemID", "Strength", "Form", "PackSize", "Seal", "Kind", "Way", "Offered", "Version", "CreatedAt"},
			func(tx *store.Tx, l *models.Lot) error { return tx.SaveLot(l, "lot.changed", everybody, s.Micro.ID) })
		match := models.Match{ID: id(), GridID: s.Micro.ID, LotGridID: s.Micro.ID, NeedID: id(), LotID: id(), HandoverID: id(), ReceiverID: id(),
			ReceiverHouseholdID: id(), GiverID: id(), GiverHouseholdID: id(), ItemID: "M004", Quantity: 6, Substitute: true, State: models.MatchProposed,
			Reasons: reasons, PolicyVersion: "1", CatalogueVersion: "2", EndReason: "giver", LabelledAt: ref(at(1)), DueAt: ref(at(1)), CreatedAt: at(0), ClosedAt: ref(at(2))}
		saved(t, s, match, models.Match{LotGridID: s.Beside.ID, State: models.MatchAgreed}, match.ID,
			[]string{"ID", "GridID", "NeedID", "LotID", "HandoverID", "ReceiverID", "ReceiverHouseholdID", "GiverID", "GiverHouseholdID", "ItemID",
				"Quantity", "Substitute", "Reasons", "PolicyVersion", "CatalogueVersion", "Version", "CreatedAt"},
			func(tx *store.Tx, m *models.Match) error { return tx.SaveMatch(m, "match.changed", everybody) })
		hand := models.Handover{ID: id(), GridID: s.Micro.ID, RelayID: ref(id()), ReceiverID: id(), ReceiverHouseholdID: id(), GiverHouseholdID: ref(id()),
			State: models.HandoverReady, Way: models.WayDoor, CarrierID: ref(id()), Collector: awkward, Generation: 1, WrongTries: 2, DueAt: ref(at(1)),
			RemindAt: ref(at(4)), Reminded: 2, ClosedBy: ref(id()), ClosedHow: models.HowRelative, ClosedWhy: awkward, Sample: models.SampleWaits,
			SampledBy: ref(id()), SampleNote: awkward, TwiceAt: ref(at(5)), TwiceBy: ref(id()), CreatedAt: at(0), ReadyAt: ref(at(2)), ClosedAt: ref(at(3))}
		saved(t, s, hand, models.Handover{State: models.HandoverOut, Way: models.WayRelay, Generation: 2}, hand.ID,
			[]string{"ID", "GridID", "ReceiverID", "ReceiverHouseholdID", "GiverHouseholdID", "Version", "CreatedAt"},
			func(tx *store.Tx, h *models.Handover) error { return tx.SaveHandover(h, "handover.changed", everybody) })
		notice := models.Notice{ID: id(), GridID: s.Micro.ID, SentBy: id(), Text: awkward, ItemID: "M127", Wanted: 10, Got: 4, RelayID: ref(id()), Corrections: 1,
			State: models.NoticeOpen, CreatedAt: at(0), DueAt: at(1), ClosedAt: ref(at(2))}
		saved(t, s, notice, models.Notice{Text: "4 支就够", Wanted: 4, Got: 5, Corrections: 2, State: models.NoticeFull, DueAt: at(3)}, notice.ID,
			[]string{"ID", "GridID", "SentBy", "ItemID", "RelayID", "Version", "CreatedAt"},
			func(tx *store.Tx, n *models.Notice) error { return tx.SaveNotice(n, "notice.corrected") })
		loan := models.Loan{ID: id(), GridID: s.Micro.ID, MatchID: id(), LotID: id(), ReceiverID: id(), HouseholdID: id(), ItemID: "M128", Quantity: 1,
			DueOn: "2026-12-21", State: models.LoanOut, Extended: 1, Reminded: 2, RemindAt: ref(at(1)), Wiped: true, CheckedBy: ref(id()), Note: awkward,
			CreatedAt: at(0), ClosedAt: ref(at(2))}
		saved(t, s, loan, models.Loan{DueOn: "2026-12-22", State: models.LoanBack, Extended: 2, Note: "没电了"}, loan.ID,
			[]string{"ID", "GridID", "MatchID", "LotID", "ReceiverID", "HouseholdID", "ItemID", "Quantity", "CreatedAt", "Version"},
			func(tx *store.Tx, l *models.Loan) error {
				return tx.SaveLoan(l, "loan.changed", everybody, s.Micro.ID, s.Beside.ID)
			})
		ask := models.Ask{ID: id(), GridID: s.Micro.ID, NeedID: id(), NeedGridID: s.Micro.ID, ItemID: "M004", Units: 6, PersonID: id(),
			HouseholdID: id(), State: models.AskOpen, CreatedAt: at(0), DueAt: at(1), AnsweredAt: ref(at(2))}
		saved(t, s, ask, models.Ask{State: models.AskYes}, ask.ID, []string{"ID", "GridID", "NeedID", "NeedGridID", "ItemID", "Units",
			"PersonID", "HouseholdID", "CreatedAt", "DueAt", "Version"}, func(tx *store.Tx, a *models.Ask) error { return tx.SaveAsk(a, "ask.changed") })
		review := models.Review{ID: id(), GridID: s.Micro.ID, NeedID: id(), MatchID: ref(id()), PersonID: id(), Note: awkward,
			State: models.ReviewOpen, Reply: "好的", DecidedBy: ref(id()), CreatedAt: at(0), DecidedAt: ref(at(1))}
		saved(t, s, review, models.Review{State: models.ReviewHelped, Reply: awkward}, review.ID, []string{"ID", "GridID", "NeedID", "MatchID",
			"PersonID", "Note", "CreatedAt", "Version"}, func(tx *store.Tx, r *models.Review) error { return tx.SaveReview(r, "review.changed") })
		bag := models.Bag{ID: id(), GridID: s.Micro.ID, RelayID: id(), RelayGridID: s.Micro.ID, PersonID: id(), HouseholdID: id(), State: models.BagOpen,
			Taken: 1, Refused: 2, OpenedBy: ref(id()), OpenedAt: ref(at(1)), DueAt: ref(at(2)), CreatedAt: at(0), ClosedAt: ref(at(3))}
		saved(t, s, bag, models.Bag{State: models.BagDone, Taken: 3}, bag.ID, []string{"ID", "GridID", "RelayID", "RelayGridID", "PersonID", "HouseholdID",
			"Version", "CreatedAt"}, func(tx *store.Tx, b *models.Bag) error { return tx.SaveBag(b, "bag.changed", everybody) })
		back := models.Collection{ID: id(), RecallID: id(), GridID: s.Micro.ID, LotID: id(), MatchID: id(), HouseholdID: id(), PersonID: id(), ItemID: "M004",
			Units: 6, Got: 4, State: models.CollectionAsked, ClosedBy: ref(id()), CreatedAt: at(0), ClosedAt: ref(at(1))}
		saved(t, s, back, models.Collection{Got: 5, State: models.CollectionCollected}, back.ID, []string{"ID", "RecallID", "GridID", "LotID", "MatchID",
			"HouseholdID", "PersonID", "ItemID", "Units", "Version", "CreatedAt"}, func(tx *store.Tx, c *models.Collection) error { return tx.SaveCollection(c, "collection.changed") })
		end := models.RoundEnd{Kind: models.EndRelay, RelayID: ref(id()), Lat: 30.7001, Lon: -103.5}
		round := models.Round{ID: id(), GridID: s.Micro.ID, PersonID: id(), PlannedBy: id(), Day: "2026-12-18", StartAt: at(1), Start: end, End: end,
			State: models.RoundPlanned, AcceptedAt: ref(at(2)), Metres: 900, Exact: true, DueAt: ref(at(3)), CreatedAt: at(0), ClosedAt: ref(at(4))}
		saved(t, s, round, models.Round{StartAt: at(5), State: models.RoundOut}, round.ID, []string{"ID", "GridID", "PersonID", "PlannedBy", "Day",
			"Start", "End", "Version", "CreatedAt"}, func(tx *store.Tx, r *models.Round) error { return tx.SaveRound(r, "round.changed", 3) })
		person := models.Person{ID: id(), GridID: s.Micro.ID, HouseholdID: &s.elder.HouseholdID, Name: awkward, Phone: "13800000077",
			PhoneIndex: []byte{0, 1, 255}, State: models.PersonPending, Persona: "p", Made: true, CreatedAt: at(0)}
		saved(t, s, person, models.Person{GridID: s.Beside.ID, State: models.PersonLeft}, person.ID,
			[]string{"ID", "Persona", "Made", "Version", "CreatedAt"},
			func(tx *store.Tx, p *models.Person) error { return tx.SavePerson(p, "person.changed", everybody) })
		relay := models.RelayPoint{ID: id(), GridID: s.Micro.ID, ServesID: s.Micro.ID, Code: "R99", Name: "站", Address: awkward, Contact: "林", Phone: "028",
			HostID: &s.worker.PersonID, DeputyID: &s.giver.PersonID, Hours: []models.Hours{{Weekday: 6, OpenMinute: 540, CloseMinute: 1080}}, Capacity: 20,
			Exceptions:  []models.HoursException{{From: "2027-02-15", Until: "2027-02-21", OpenMinute: 540, CloseMinute: 600, Reason: awkward}},
			PauseReason: "other", Lat: 30.700123456789, Lon: -103.5, State: models.RelayOpen, CreatedAt: at(0)}
		saved(t, s, relay, models.RelayPoint{GridID: s.Beside.ID, ServesID: s.City.ID, Name: "驿站", Hours: []models.Hours{},
			Exceptions: []models.HoursException{}, State: models.RelayPaused}, relay.ID,
			[]string{"ID", "Code", "Version", "CreatedAt"}, func(tx *store.Tx, r *models.RelayPoint) error { return tx.SaveRelay(r) })
		home := models.Household{ID: id(), GridID: s.Micro.ID, Building: "1 栋", Unit: "2", Room: awkward, Care: models.CareAlone, AddressKey: []byte{0, 255},
			DoorGeneration: 3, Lat: 30.700123456789, Lon: -103.5, Made: true, CreatedAt: at(0)}
		saved(t, s, home, models.Household{Building: "2 栋", AddressKey: []byte{1}}, home.ID,
			[]string{"ID", "GridID", "DoorGeneration", "Made", "Version", "CreatedAt"},
			func(tx *store.Tx, h *models.Household) error {
				if h.Version == 0 {
					h.Version = 1
					return tx.CreateHouseholds([]models.Household{*h})
				}
				return tx.SaveHousehold(h)
			})
	})
}

// TestSaveStop_WhatIsWrittenComesBack, and what may not change does not.
func TestSaveStop_WhatIsWrittenComesBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s, id := newScene(t, b), otherIDs()
		stop := models.Stop{ID: id(), RoundID: id(), Position: 3, Kind: models.StopFetch, GridID: s.Micro.ID, RelayID: ref(id()), HouseholdID: ref(id()),
			LotID: ref(id()), HandoverID: ref(id()), Reason: "look", Lat: 30.700123456789, Lon: -103.5, Arrival: at(1), OpensAt: ref(at(0)), LastAt: ref(at(2)),
			State: models.StopOpen, At: ref(at(3)), Why: "not_home", Tries: 1, DoorReadAt: ref(at(4))}
		full(t, &stop)
		s.in(t, func(tx *store.Tx) error { return tx.CreateStops([]models.Stop{stop}) })
		same(t, "created", one[models.Stop](t, s, stop.ID), stop)
		change(t, &stop, &models.Stop{Position: 4, RelayID: ref(id()), Arrival: at(5), State: models.StopLater}, []string{"ID", "RoundID", "Kind", "GridID",
			"HouseholdID", "LotID", "HandoverID", "Reason"})
		s.in(t, func(tx *store.Tx) error { return tx.SaveStop(&stop) })
		same(t, "changed", one[models.Stop](t, s, stop.ID), stop)
	})
}

// otherIDs count on from where no store of a test has come.
func otherIDs() func() models.ID {
	next := storetest.IDs()
	return func() models.ID { return "1" + next()[1:] }
}
