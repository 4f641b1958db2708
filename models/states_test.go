package models_test

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"linli/models"
	"linli/models/fault"
)

var (
	commands = []string{models.CommandAccept, models.CommandDecline, models.CommandCancel, models.CommandLapse, models.CommandHandIn,
		models.CommandRefuse, models.CommandReady, models.CommandGive, models.CommandReturn, models.CommandSend,
		models.CommandApprove, models.CommandLeave, models.CommandUphold, models.CommandHelp, models.CommandClose, models.CommandPause,
		models.CommandResume, models.CommandPass, models.CommandFail,
		models.CommandLose, models.CommandBreak,
		models.CommandTakeBack, models.CommandEnd, models.CommandFinish, models.CommandPostpone}
	matchStates = []models.MatchState{models.MatchProposed, models.MatchAgreed, models.MatchMoving, models.MatchReady, models.MatchGiven,
		models.MatchReturned, models.MatchDeclined, models.MatchCancelled, models.MatchLapsed, models.MatchRefused}
	handoverStates = []models.HandoverState{models.HandoverAwaiting, models.HandoverChecking, models.HandoverReady, models.HandoverOut,
		models.HandoverDone, models.HandoverReturned, models.HandoverRefused, models.HandoverLapsed}
	roundStates   = []models.RoundState{models.RoundPlanned, models.RoundOut, models.RoundDone, models.RoundCancelled}
	stopStates    = []models.StopState{models.StopOpen, models.StopDone, models.StopFailed, models.StopLater}
	personStates  = []models.PersonState{models.PersonPending, models.PersonApproved, models.PersonRefused, models.PersonLeft}
	loanStates    = []models.LoanState{models.LoanOut, models.LoanBack, models.LoanLost, models.LoanBroken}
	askStates     = []models.AskState{models.AskOpen, models.AskYes, models.AskNo, models.AskSilent, models.AskOver}
	bagStates     = []models.BagState{models.BagWaiting, models.BagOpen, models.BagDone, models.BagCancelled, models.BagLapsed}
	collections   = []models.CollectionState{models.CollectionAsked, models.CollectionCollected}
	reviewStates  = []models.ReviewState{models.ReviewOpen, models.ReviewStands, models.ReviewHelped}
	relayStates   = []models.RelayState{models.RelayOpen, models.RelayPaused}
	sampleStates  = []models.Sample{models.SampleWaits, models.SampleRight, models.SampleWrong}
	noticeStates  = []models.NoticeState{models.NoticeOpen, models.NoticeFull, models.NoticeClosed, models.NoticeOver, models.NoticeWithdrawn}
	messageStates = []models.MessageState{models.MessageOpen, models.MessageAnswered, models.MessageOver}
)

// golden is the table by hand: a row a state, a column a command, "-" where the
// command is refused. It is not made from the code.
func golden(t *testing.T) map[[3]string]string {
	t.Helper()
	text, err := os.ReadFile("testdata/transitions.tsv")
	if err != nil {
		t.Fatal(err)
	}
	table := map[[3]string]string{}
	var header []string
	for line := range strings.Lines(string(text)) {
		cells := strings.Fields(line)
		switch {
		case len(cells) == 0:
		case cells[0] == "thing":
			header = cells
		case len(cells) != len(header):
			t.Fatalf("%q has %d cells, not %d", line, len(cells), len(header))
		default:
			for i := 2; i < len(cells); i++ {
				table[[3]string{cells[0], cells[1], header[i]}] = cells[i]
			}
		}
	}
	return table
}

// TestApply_MovesAsTheTableSaysOrChangesNothing tries every command in every
// state of every thing, and a few of neither.
func TestApply_MovesAsTheTableSaysOrChangesNothing(t *testing.T) {
	t.Parallel()
	table := golden(t)
	tried := 0
	try := func(thing models.Thing, state, command string, apply func() (got string, rest bool, err error)) {
		t.Helper()
		tried++
		got, rest, err := apply()
		name := fmt.Sprintf("%s %s %s", thing, state, command)
		to := table[[3]string{string(thing), state, command}]
		if !rest {
			t.Errorf("%s: changed more than the state", name)
		}
		if to != "" && to != "-" {
			if err != nil || got != to {
				t.Errorf("%s: %s, %v; want %s", name, got, err, to)
			}
			return
		}
		f := fault.From(err)
		if err == nil || got != state || f.Code != fault.Conflict || f.Reason != "wrong_state" ||
			f.Args["thing"] != string(thing) || f.Args["state"] != state || f.Args["command"] != command {
			t.Errorf("%s: %s, %v with %v; want to be refused", name, got, err, f.Args)
		}
	}
	every := append(slices.Clone(commands), "", "GIVE", "given", "give ", "explode")
	for _, command := range every {
		for _, state := range append(slices.Clone(matchStates), "", "open") {
			try(models.ThingMatch, string(state), command, func() (string, bool, error) {
				m := models.Match{ID: "m", Quantity: 3, Version: 7, State: state}
				was := m
				err := m.Apply(command)
				was.State = m.State
				return string(m.State), reflect.DeepEqual(m, was), err
			})
		}
		for _, state := range append(slices.Clone(handoverStates), "", "open") {
			try(models.ThingHandover, string(state), command, func() (string, bool, error) {
				h := models.Handover{ID: "h", Generation: 2, WrongTries: 1, State: state}
				was := h
				err := h.Apply(command)
				was.State = h.State
				return string(h.State), reflect.DeepEqual(h, was), err
			})
		}
		for _, state := range append(slices.Clone(roundStates), "") {
			try(models.ThingRound, string(state), command, func() (string, bool, error) {
				r := models.Round{ID: "r", Metres: 900, State: state}
				was := r
				err := r.Apply(command)
				was.State = r.State
				return string(r.State), reflect.DeepEqual(r, was), err
			})
		}
		for _, state := range append(slices.Clone(stopStates), "") {
			try(models.ThingStop, string(state), command, func() (string, bool, error) {
				s := models.Stop{ID: "s", Tries: 1, State: state}
				was := s
				err := s.Apply(command)
				was.State = s.State
				return string(s.State), reflect.DeepEqual(s, was), err
			})
		}
		for _, state := range append(slices.Clone(personStates), "", "open") {
			try(models.ThingPerson, string(state), command, func() (string, bool, error) {
				p := models.Person{ID: "p", Name: "n", State: state}
				was := p
				err := p.Apply(command)
				was.State = p.State
				return string(p.State), reflect.DeepEqual(p, was), err
			})
		}
		for _, state := range append(slices.Clone(loanStates), "") {
			try(models.ThingLoan, string(state), command, func() (string, bool, error) {
				l := models.Loan{ID: "l", Quantity: 1, Extended: 1, State: state}
				was := l
				err := l.Apply(command)
				was.State = l.State
				return string(l.State), reflect.DeepEqual(l, was), err
			})
		}
		for _, state := range append(slices.Clone(askStates), "") {
			try(models.ThingAsk, string(state), command, func() (string, bool, error) {
				a := models.Ask{ID: "a", Units: 3, State: state}
				was := a
				err := a.Apply(command)
				was.State = a.State
				return string(a.State), reflect.DeepEqual(a, was), err
			})
		}
		for _, state := range append(slices.Clone(sampleStates), "") {
			try(models.ThingSample, string(state), command, func() (string, bool, error) {
				h := models.Handover{ID: "h", State: models.HandoverDone, Sample: state}
				was := h
				err := h.Look(command)
				was.Sample = h.Sample
				return string(h.Sample), reflect.DeepEqual(h, was), err
			})
		}
		for _, state := range append(slices.Clone(reviewStates), "") {
			try(models.ThingReview, string(state), command, func() (string, bool, error) {
				r := models.Review{ID: "r", Note: "n", State: state}
				was := r
				err := r.Apply(command)
				was.State = r.State
				return string(r.State), reflect.DeepEqual(r, was), err
			})
		}
		for _, state := range append(slices.Clone(bagStates), "") {
			try(models.ThingBag, string(state), command, func() (string, bool, error) {
				b := models.Bag{ID: "b", Taken: 3, State: state}
				was := b
				err := b.Apply(command)
				was.State = b.State
				return string(b.State), reflect.DeepEqual(b, was), err
			})
		}
		for _, state := range append(slices.Clone(collections), "") {
			try(models.ThingCollection, string(state), command, func() (string, bool, error) {
				c := models.Collection{ID: "c", Units: 3, State: state}
				was := c
				err := c.Apply(command)
				was.State = c.State
				return string(c.State), reflect.DeepEqual(c, was), err
			})
		}
		for _, state := range append(slices.Clone(messageStates), "") {
			try(models.ThingMessage, string(state), command, func() (string, bool, error) {
				m := models.Message{ID: "m", Units: 3, State: state}
				was := m
				err := m.Apply(command)
				was.State = m.State
				return string(m.State), reflect.DeepEqual(m, was), err
			})
		}
		for _, state := range append(slices.Clone(noticeStates), "") {
			try(models.ThingNotice, string(state), command, func() (string, bool, error) {
				n := models.Notice{ID: "n", Wanted: 3, State: state}
				was := n
				err := n.Apply(command)
				was.State = n.State
				return string(n.State), reflect.DeepEqual(n, was), err
			})
		}
		for _, state := range append(slices.Clone(relayStates), "") {
			try(models.ThingRelay, string(state), command, func() (string, bool, error) {
				r := models.RelayPoint{ID: "r", Capacity: 3, State: state}
				was := r
				err := r.Apply(command)
				was.State = r.State
				return string(r.State), reflect.DeepEqual(r, was), err
			})
		}
	}
	if want := len(commands) * (len(matchStates) + len(handoverStates) + len(roundStates) + len(stopStates) + len(personStates) + len(askStates) + len(reviewStates) + len(bagStates) + len(collections) + len(relayStates) + len(sampleStates) + len(loanStates) + len(messageStates) + len(noticeStates)); len(table) != want || tried < want {
		t.Errorf("the golden table has %d cells and %d were tried, of %d", len(table), tried, want)
	}
	moves := 0
	for _, to := range table {
		if to != "-" {
			moves++
		}
	}
	if moves != len(models.Transitions) {
		t.Errorf("%d moves are golden, %d published", moves, len(models.Transitions))
	}
}

// TestLeadsTo_IsWhereTheGoldenTableLeads: reached by any number of commands,
// and no end leads anywhere.
func TestLeadsTo_IsWhereTheGoldenTableLeads(t *testing.T) {
	t.Parallel()
	table := golden(t)
	check := func(thing models.Thing, states []string, live func(string) bool) {
		reach := map[[2]string]bool{}
		for _, s := range states {
			reach[[2]string{s, s}] = true
		}
		for range states { // as many rounds as the longest way
			for cell, to := range table {
				for _, from := range states {
					if cell[0] == string(thing) && to != "-" && reach[[2]string{from, cell[1]}] {
						reach[[2]string{from, to}] = true
					}
				}
			}
		}
		for _, from := range states {
			ends := true
			for _, to := range states {
				if got := models.LeadsTo(thing, from, to); got != reach[[2]string{from, to}] {
					t.Errorf("%s %s → %s: %v", thing, from, to, got)
				}
				ends = ends && (from == to || !reach[[2]string{from, to}])
			}
			if live != nil && live(from) == ends {
				t.Errorf("%s %s: live %v, though its way ends %v", thing, from, live(from), ends)
			}
		}
	}
	check(models.ThingMatch, texts(matchStates), func(s string) bool { return models.Match{State: models.MatchState(s)}.Live() })
	check(models.ThingHandover, texts(handoverStates), func(s string) bool { return models.Handover{State: models.HandoverState(s)}.Live() })
	check(models.ThingRound, texts(roundStates), func(s string) bool { return models.Round{State: models.RoundState(s)}.Live() })
	check(models.ThingPerson, texts(personStates), nil)
	check(models.ThingLoan, texts(loanStates), func(s string) bool { return models.Loan{State: models.LoanState(s)}.Out() })
	for from, live := range map[models.LotState]bool{models.LotOffered: true, models.LotTaken: true, models.LotClosed: false} {
		if models.LeadsTo(models.ThingLot, string(from), "offered") != (live || from == "offered") || (models.Lot{State: from}).Live() != live {
			t.Errorf("lot %s", from)
		}
	}
	for from, live := range map[models.NeedState]bool{models.NeedOpen: true, models.NeedMatched: true, models.NeedFulfilled: false,
		models.NeedCancelled: false, models.NeedUnmet: false} {
		if models.LeadsTo(models.ThingNeed, string(from), "open") != live || (models.Need{State: from}).Live() != live {
			t.Errorf("need %s", from)
		}
	}
}

func texts[S ~string](states []S) (out []string) {
	for _, s := range states {
		out = append(out, string(s))
	}
	return out
}
