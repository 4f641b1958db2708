package store_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/models"
	"linli/models/store"
	"linli/models/store/storetest"
)

// broken are the rules that doctor finds broken now, sorted.
func (s *scene) broken(t *testing.T) []string {
	t.Helper()
	found := []string{}
	must(t, s.Store.View(t.Context(), func(tx *store.Tx) error {
		findings, err := tx.Inspect()
		for _, f := range findings {
			if len(f.Broken) > 0 {
				found = append(found, f.Rule)
			}
		}
		return err
	}))
	slices.Sort(found)
	return found
}

// sick is one violation: the statements that plant it, and what doctor calls it.
type sick struct{ name, plant, rule string }

const (
	lotUnits    = "a lot's units add up"
	lotReserved = "a lot's reserved units are those of its live matches"
	lotHome     = "a lot belongs to an offer of its household, and lies in a box that is there"
	lotHands    = "no hand holds less than nothing, so nothing is in two"
	lotBox      = "a box holds what the changes of hands have brought it"
	lotGot      = "what was given or lent is in the homes that got it"
	lotReceipt  = "what left by a receipt came out of the box of that receipt"
	lotBack     = "what was fetched back is what its collection says"
	bagHome     = "a bag is of its offer, opened by somebody, and ended with its time"
	bagCounts   = "a bag counts what was booked in of it"
	lotCalled   = "nothing of a recalled batch waits to be given"
	lotExceeded = "live and given matches never exceed what was offered, but for loans that came back"
	lotGiven    = "a lot's given units are those of its given matches"
	lotLent     = "a lot's lent units are those of its loans that are out, and it gives none for good"
	loanGiven   = "a loan is of a given match of what is lent, and each of these has one"
	loanClosed  = "a loan is out, or closed with its time; what came back was wiped and checked"
	matchClosed = "a match is live, or closed with its time"
	needUnits   = "a need's units add up"
	needMatched = "a need's matched and fulfilled units are those of its matches"
	needHome    = "a need belongs to a request of its person"
	matchGrid   = "a match stays in its micro-grid, comes from a box that serves it, or its need was widened"
	matchFit    = "nothing opened or out of date was matched"
	matchOwn    = "nobody is matched with the own household"
	matchJoins  = "a match joins a need, a lot and a handover of its two households"
	matchOnce   = "a need and a lot share one live match at most"
	handDone    = "a handover is done once, after it was ready"
	handGave    = "what was given was given by a done handover"
	handLook    = "a look waits only where no code showed that she was there, and is another's"
	handTwice   = "a code was used twice only after it was over"
	handRemind  = "what is over reminds nobody"
	numbers     = "a grid's numbers have no gap"
	unitsState  = "the state of a need or a lot follows from its units"
	transitions = "only published transitions happened"
	lastEvent   = "a thing's last event tells its row"
	needReach   = "a need reaches no further than its widenings"
	askHome     = "an ask is of the grid of whom it asks, and open only while its need is"
	askSeven    = "nobody is asked more than seven at once for one need"
	reviewOpen  = "a review is open, or decided with its time"
	messageOpen = "a message is open, or closed with its time and, if answered, its answer"
	messageOnce = "nobody has two open messages about one thing"
	noticeOpen  = "a notice is open, or closed with its time, and only a call fills"
	callFull    = "a call is full when all is there, and not before"
	callCounts  = "a call counts no more than its lots were offered"
	callBelow   = "a lot answers a call to a grid in which its giver lives"
	heardBy     = "a yes that was said aloud names who heard it"
	outStop     = "what is on the way is a stop of who carries it"
	carries     = "nobody carries anything who is not on a round"
	roundEnds   = "a round is live with open stops, or closed with its time and without"
	stopOrder   = "the stops of a round are numbered in their order"
	handWhole   = "a handover is ready when all of it is there, and not before"
	readyThere  = "what is ready lies at the point of its handover"
	pausedWhy   = "a relay point says why it is paused only while it is"
	photoThing  = "a photo is of a thing that is there, and ends with it"
	photoThree  = "a thing has at most three photos of a kind"
	wechatEnds  = "a WeChat message is for somebody, and waits or is closed with its time"
	wechatAhead = "nobody looks at events that are not there yet"
	sentTimed   = "a delivery is queued, or closed with its time; what was sent was tried"
	toldTimed   = "what a group is to be told has its time, and what it was told too"
	robotReads  = "a robot reads in the grids that it is bound to, and in no others"
	fenced      = "no delivery was taken under a number that its queue never had"
	robotGone   = "a removed robot knows nothing and says nothing"
	stray       = "'00000000-0000-7000-8000-999999999999'"
)

// sicknesses name rows as {deal.thing}.
var sicknesses = []sick{
	{"a unit too many", "UPDATE lots SET withdrawn = 1 WHERE id = {lapsed.lot}", lotUnits},
	{"a negative counter", "UPDATE lots SET lent = -1, withdrawn = 1 WHERE id = {lapsed.lot}", lotUnits + "|" + lotGot + "|" + lotLent},
	{"reserved for nobody", "UPDATE lots SET reserved = reserved + 1, remaining = remaining - 1 WHERE id = {lapsed.lot}", lotReserved},
	{"a match without its units", "UPDATE lots SET reserved = reserved - 1, remaining = remaining + 1 WHERE id = {live.lot}", lotReserved},
	{"a lot of no offer", "DELETE FROM offers WHERE id = (SELECT offer_id FROM lots WHERE id = {lapsed.lot})", lotHome},
	{"a lot of another's offer", "UPDATE offers SET household_id = {elder} WHERE id = (SELECT offer_id FROM lots WHERE id = {lapsed.lot})", lotHome},
	{"a box that nothing was brought to", "UPDATE lots SET place = 'box' WHERE id = {lapsed.lot}", lotBox},
	{"a box that is gone", "UPDATE lots SET place = 'box', relay_id = {stray} WHERE id = {lapsed.lot}", lotHome + "|" + lotBox},
	{"more given than offered", "UPDATE lots SET offered = 5, expired = -5 WHERE id = {given.lot}", lotUnits + "|" + lotExceeded + "|" + lotHands + "|" + lotBox},
	{"given without a match", "UPDATE lots SET given = given + 1, remaining = remaining - 1 WHERE id = {given.lot}", lotGiven + "|" + lotGot + "|" + lotBox},
	{"a given match not counted", "UPDATE lots SET given = given - 1, withdrawn = 1 WHERE id = {given.lot}", lotGiven + "|" + lotGot},
	{"lent without a loan", "DELETE FROM loans WHERE id = {lent.loan}", lotLent + "|" + loanGiven},
	{"a loan that gives for good", "UPDATE lots SET given = lent, lent = 0 WHERE id = {lent.lot}", lotLent + "|" + unitsState},
	{"a loan of a gift", "UPDATE lots SET kind = 'loan' WHERE id = {given.lot}", lotLent + "|" + loanGiven},
	{"a loan of more than was matched", "UPDATE loans SET quantity = 2 WHERE id = {lent.loan}", lotLent + "|" + loanGiven},
	{"a loan to another", "UPDATE loans SET receiver_id = {stray} WHERE id = {lent.loan}", loanGiven},
	{"a loan to another home", "UPDATE loans SET household_id = {giver} WHERE id = {lent.loan}", loanGiven},
	{"a loan of no match", "UPDATE loans SET match_id = {stray} WHERE id = {lent.loan}", loanGiven},
	{"back and still lent", "UPDATE lots SET lent = 1, remaining = 0, state = 'taken' WHERE id = {back.lot}; UPDATE events SET state = 'taken' WHERE thing_id = {back.lot}",
		lotLent + "|" + lotGot + "|" + lotBox},
	{"lent twice at once", "UPDATE loans SET state = 'lost' WHERE id = {back.loan}; UPDATE matches SET lot_id = {back.lot} WHERE id = {live.match}",
		lotExceeded + "|" + lotReserved + "|" + lastEvent},
	{"back without being wiped", "UPDATE loans SET wiped = false WHERE id = {back.loan}", loanClosed},
	{"back and checked by nobody", "UPDATE loans SET checked_by = NULL WHERE id = {back.loan}", loanClosed},
	{"back without its time", "UPDATE loans SET closed_at = NULL WHERE id = {back.loan}", loanClosed},
	{"out with an end", "UPDATE loans SET closed_at = created_at WHERE id = {lent.loan}", loanClosed},
	{"a reminder of what is back", "UPDATE loans SET remind_at = created_at WHERE id = {back.loan}", loanClosed},
	{"a fourth reminder", "UPDATE loans SET reminded = 4 WHERE id = {lent.loan}", loanClosed},
	{"extended without end", "UPDATE loans SET extended = 3 WHERE id = {lent.loan}", loanClosed},
	{"a loan that came back out", "UPDATE events SET state = 'lost' WHERE thing_id = {back.loan} AND version = 1", transitions},
	{"a loan nobody told of", "UPDATE loans SET version = version + 1 WHERE id = {lent.loan}", lastEvent},
	{"in two hands", "UPDATE custody SET units = units + 100 WHERE match_id = {given.match}", lotHands + "|" + lotBox + "|" + lotGot},
	{"given before it came", "UPDATE custody SET at = '2020-01-01 00:00:00+00:00' WHERE match_id = {given.match}", lotHands},
	{"out of the box by nobody", "DELETE FROM custody WHERE match_id IS NULL AND lot_id = {given.lot}", lotHands + "|" + lotBox},
	{"in a box while it is at home", "UPDATE lots SET place = 'home' WHERE id = {given.lot}", lotBox},
	{"given without a change of hands", "DELETE FROM custody WHERE match_id = {given.match}", lotGot + "|" + lotBox},
	{"a receipt that nobody has", "DELETE FROM recoveries", lotReceipt},
	{"a receipt of another box", "UPDATE recoveries SET relay_id = {stray}", lotReceipt},
	{"fetched back out of nothing", "DELETE FROM collections", lotBack},
	{"fetched back more than told", "UPDATE collections SET got = 5 WHERE id = {collection}", lotBack},
	{"fetched back of a match that is not given", "UPDATE collections SET match_id = {live.match} WHERE id = {collection}", lotBack},
	{"collected without its time", "UPDATE collections SET closed_at = NULL WHERE id = {collection}", lotBack},
	{"more in recovery than came back", "UPDATE custody SET units = 5 WHERE to_kind = 'recovery'", lotHands + "|" + lotBox},
	{"a bag of no offer", "DELETE FROM offers WHERE id = {bag}", bagHome + "|" + lotHome},
	{"a bag opened by nobody", "UPDATE bags SET opened_by = NULL WHERE id = {bag}", bagHome},
	{"a bag done without its time", "UPDATE bags SET closed_at = NULL WHERE id = {bag}", bagHome},
	{"a bag that counts wrong", "UPDATE bags SET taken = 2 WHERE id = {bag}", bagCounts},
	{"a bag that hides what was refused", "UPDATE lots SET checked_at = NULL WHERE offer_id = {bag}", bagCounts},
	{"a recalled lot that waits", "UPDATE lots SET batch = 'A1 17b', checked_at = created_at WHERE id = {lapsed.lot}", lotCalled},
	{"a bag nobody told of", "UPDATE bags SET version = version + 1 WHERE id = {bag}", lastEvent},
	{"closed without its time", "UPDATE matches SET closed_at = NULL WHERE id = {lapsed.match}", matchClosed},
	{"live with a closing time", "UPDATE matches SET closed_at = created_at WHERE id = {live.match}", matchClosed},
	{"a need's unit too many", "UPDATE needs SET cancelled = 1 WHERE id = {lapsed.need}", needUnits},
	{"a need's negative counter", "UPDATE needs SET cancelled = -1, open = open + 1 WHERE id = {lapsed.need}", needUnits},
	{"matched by nothing", "UPDATE needs SET matched = matched + 1, open = open - 1 WHERE id = {lapsed.need}", needMatched},
	{"fulfilled less than given", "UPDATE needs SET fulfilled = fulfilled - 1, cancelled = 1 WHERE id = {given.need}", needMatched},
	{"a need without request", "DELETE FROM requests WHERE id = (SELECT request_id FROM needs WHERE id = {lapsed.need})", needHome},
	{"a need of another's request", "UPDATE requests SET household_id = {giver} WHERE id = (SELECT request_id FROM needs WHERE id = {lapsed.need})", needHome},
	{"a need of another person's request", "UPDATE requests SET person_id = {stray} WHERE id = (SELECT request_id FROM needs WHERE id = {lapsed.need})", needHome},
	{"a need of nobody", "UPDATE needs SET person_id = {stray} WHERE id = {lapsed.need}", needHome},
	{"a lot of the next grid", "UPDATE matches SET lot_grid_id = {beside} WHERE id = {live.match}", matchGrid},
	{"a box that serves others", "UPDATE relay_points SET serves_id = {beside}; UPDATE matches SET lot_grid_id = {beside} WHERE id = {given.match}", matchGrid},
	{"an opened pack", "UPDATE lots SET seal = 'opened' WHERE id = {live.lot}", matchFit},
	{"out of date yesterday", "UPDATE lots SET expires_on = '2026-12-17' WHERE id = {live.lot}", matchFit},
	{"given out of date", "UPDATE lots SET expires_on = '2026-12-17' WHERE id = {given.lot}", matchFit},
	{"the own household", "UPDATE matches SET giver_household_id = {elder} WHERE id = {lapsed.match};" +
		" UPDATE lots SET household_id = {elder} WHERE id = {lapsed.lot};" +
		" UPDATE offers SET household_id = {elder} WHERE id = (SELECT offer_id FROM lots WHERE id = {lapsed.lot})", matchOwn},
	{"a match of no lot", "DELETE FROM lots WHERE id = {lapsed.lot}", matchJoins},
	{"a match of no need", "DELETE FROM needs WHERE id = {lapsed.need}", matchJoins + "|" + askHome + "|" + reviewOpen},
	{"a match of no handover", "DELETE FROM handovers WHERE id = {lapsed.hand}", matchJoins},
	{"another's handover", "UPDATE handovers SET receiver_household_id = {giver} WHERE id = {lapsed.hand}", matchJoins},
	{"another's need", "UPDATE needs SET household_id = {giver} WHERE id = {lapsed.need};" +
		" UPDATE requests SET household_id = {giver} WHERE id = (SELECT request_id FROM needs WHERE id = {lapsed.need})", matchJoins + "|" + askHome},
	{"another's lot", "UPDATE matches SET giver_household_id = {stray} WHERE id = {lapsed.match}", matchJoins},
	// Two units move from the waiting deal to the live one, whose need and lot then share two matches.
	{"two live matches of a pair", "UPDATE matches SET need_id = {live.need}, lot_id = {live.lot}, handover_id = {live.hand} WHERE id = {waiting.match};" +
		" UPDATE needs SET matched = matched + 2, requested = requested + 2 WHERE id = {live.need};" +
		" UPDATE lots SET reserved = reserved + 2, remaining = remaining - 2 WHERE id = {live.lot};" +
		" UPDATE needs SET matched = matched - 2, cancelled = 2 WHERE id = {waiting.need};" +
		" UPDATE lots SET reserved = reserved - 2, remaining = remaining + 2 WHERE id = {waiting.lot}", matchOnce},
	{"done before it was ready", "UPDATE handovers SET ready_at = NULL WHERE id = {given.hand}", handDone},
	{"done in another order", "UPDATE handovers SET ready_at = '2027-01-01 00:00:00+00:00' WHERE id = {given.hand}", handDone},
	{"ended without its time", "UPDATE handovers SET closed_at = NULL WHERE id = {lapsed.hand}", handDone},
	{"a sixth wrong try", "UPDATE handovers SET wrong_tries = 6 WHERE id = {live.hand}", handDone},
	{"a look at what a code has shown", "UPDATE handovers SET closed_how = 'code', sample = 'waits' WHERE id = {given.hand}", handLook},
	{"a look before it is done", "UPDATE handovers SET closed_how = 'face', sample = 'waits' WHERE id = {live.hand}", handLook},
	{"a word alone that nobody looks at", "UPDATE handovers SET closed_how = 'face' WHERE id = {given.hand}", handLook},
	{"a look by nobody", "UPDATE handovers SET closed_how = 'left', sample = 'right' WHERE id = {given.hand}", handLook},
	{"a look at the own work", "UPDATE handovers SET closed_how = 'left', sample = 'wrong', sampled_by = closed_by WHERE id = {given.hand}", handLook},
	{"used twice by nobody", "UPDATE handovers SET twice_at = closed_at WHERE id = {given.hand}", handTwice},
	{"used twice before it was used once", "UPDATE handovers SET twice_at = created_at, twice_by = {stray} WHERE id = {live.hand}", handTwice},
	{"a reminder of what is done", "UPDATE handovers SET remind_at = closed_at WHERE id = {given.hand}", handRemind},
	{"given while it waits", "UPDATE matches SET handover_id = {live.hand} WHERE id = {given.match}", handGave},
	{"live after it is done", "UPDATE matches SET handover_id = {given.hand} WHERE id = {live.match}", handGave},
	{"on the way with nobody", "UPDATE handovers SET carrier_id = NULL WHERE id = {walked.hand}", outStop},
	{"on the way with another", "UPDATE handovers SET carrier_id = {stray} WHERE id = {walked.hand}", outStop},
	{"on the way in no round", "UPDATE round_stops SET handover_id = NULL WHERE round_id = {round}", outStop},
	{"carried while it waits", "UPDATE handovers SET carrier_id = {stray} WHERE id = {live.hand}", outStop},
	{"with a carrier who is nobody", "UPDATE lots SET place = 'carrier' WHERE id = {given.lot}", outStop},
	{"a carrier of what lies in a box", "UPDATE lots SET carrier_id = {stray} WHERE id = {given.lot}", outStop},
	{"carried home", "UPDATE custody SET to_id = {stray} WHERE why = 'send'", carries},
	{"a round that ended without its time", "UPDATE rounds SET closed_at = start_at WHERE id = {round}", roundEnds},
	{"a stop of no round", "UPDATE round_stops SET round_id = {stray} WHERE round_id = {round} AND kind = 'visit'", roundEnds + "|" + stopOrder},
	{"a stop done without its time", "UPDATE round_stops SET state = 'done' WHERE round_id = {round} AND kind = 'visit'", roundEnds},
	{"done before it began", "UPDATE round_stops SET state = 'done', at = arrival WHERE round_id = {idle}", roundEnds},
	{"open at home", "UPDATE rounds SET state = 'cancelled', closed_at = start_at WHERE id = {idle};" +
		" UPDATE events SET state = 'cancelled' WHERE thing_id = {idle}", roundEnds},
	{"two second stops", "UPDATE round_stops SET position = 1 WHERE round_id = {round}", stopOrder},
	{"no first stop", "UPDATE round_stops SET position = position + 1 WHERE round_id = {round}", stopOrder},
	{"a round that came back", "UPDATE events SET state = 'done' WHERE thing_id = {round} AND version = 1", transitions},
	{"a round nobody told of", "UPDATE rounds SET version = version + 1 WHERE id = {round}", lastEvent},
	{"a number left out", "DELETE FROM events WHERE thing_id = {lapsed.need} AND version = 1", numbers},
	{"a number below the first", "UPDATE grid_seq SET first_seq = 2 WHERE grid_id = {micro};" +
		" DELETE FROM events WHERE thing_id = {lapsed.need} AND version = 1", numbers},
	{"a number ahead of the last", "UPDATE events SET seq = seq + 1 WHERE thing_id = {newest.hand}", numbers},
	{"a number not counted", "UPDATE grid_seq SET seq = seq - 1 WHERE grid_id = {micro}", numbers},
	{"a first number too early", "UPDATE grid_seq SET first_seq = 0 WHERE grid_id = {micro}", numbers},
	{"numbers of no counter", "DELETE FROM grid_seq WHERE grid_id = {micro}", numbers},
	{"a grid without counter", "DELETE FROM grid_seq WHERE grid_id = {beside}", numbers},
	{"a lot that hides", "UPDATE lots SET state = 'taken' WHERE id = {lapsed.lot};" +
		" UPDATE events SET state = 'taken' WHERE thing_id = {lapsed.lot}", unitsState},
	{"a need that hides", "UPDATE needs SET state = 'matched' WHERE id = {lapsed.need};" +
		" UPDATE events SET state = 'matched' WHERE thing_id = {lapsed.need}", unitsState},
	{"a match that came back", "UPDATE events SET state = 'given' WHERE thing_id = {lapsed.match} AND version = 1", transitions},
	{"a handover that came back", "UPDATE events SET state = 'done' WHERE thing_id = {lapsed.hand} AND version = 1", transitions},
	{"a need that came back", "UPDATE events SET state = 'unmet' WHERE thing_id = {lapsed.need} AND version = 1", transitions},
	{"a lot that came back", "UPDATE events SET state = 'closed' WHERE thing_id = {lapsed.lot} AND version = 1", transitions},
	{"a need nobody told of", "UPDATE needs SET version = version + 1 WHERE id = {lapsed.need}", lastEvent},
	{"a lot told of too early", "UPDATE lots SET version = version - 1 WHERE id = {lapsed.lot}", lastEvent},
	{"a match told otherwise", "UPDATE events SET state = 'cancelled' WHERE thing_id = {lapsed.match} AND version = 2", lastEvent},
	{"a handover of the first moment", "DELETE FROM events WHERE thing_id = {waiting.hand}", lastEvent + "|" + numbers},
	{"a need that looks where nobody let it", "UPDATE needs SET reach = '510184/' WHERE id = {lapsed.need}", needReach},
	{"a reach without its step", "DELETE FROM widenings", needReach},
	{"a match from beyond the reach", "UPDATE matches SET lot_grid_id = {beside} WHERE id = {live.match};" +
		" UPDATE needs SET reach = '510184/510184107/510184107001/9/' WHERE id = {live.need}", matchGrid + "|" + needReach},
	{"an ask of nobody", "UPDATE asks SET person_id = {stray} WHERE id = {ask}", askHome},
	{"an ask about nothing", "UPDATE asks SET need_id = {stray} WHERE id = {ask}", askHome},
	{"an ask of the own household", "UPDATE asks SET household_id = {elder} WHERE id = {ask}", askHome},
	{"an ask about what was given", "UPDATE asks SET need_id = {given.need} WHERE id = {ask}", askHome},
	{"an answer without its time", "UPDATE asks SET state = 'no' WHERE id = {ask}; UPDATE events SET state = 'no' WHERE thing_id = {ask}", askHome},
	{"eight asked at once", eight(), askSeven + "|" + lastEvent},
	{"an ask that came back", "UPDATE asks SET state = 'silent', answered_at = created_at WHERE id = {ask}", lastEvent},
	{"a review of nothing", "UPDATE reviews SET need_id = {stray} WHERE id = {review}", reviewOpen},
	{"decided and open", "UPDATE reviews SET decided_at = created_at WHERE id = {review}", reviewOpen},
	{"a review nobody told of", "UPDATE reviews SET version = version + 1 WHERE id = {review}", lastEvent},
	{"a message to nobody", "UPDATE messages SET person_id = {stray} WHERE id = {message}", messageOpen},
	{"a message that is over and open", "UPDATE messages SET closed_at = created_at WHERE id = {message}", messageOpen},
	{"an open message with an answer", "UPDATE messages SET answer = 'ok' WHERE id = {message}", messageOpen},
	{"a message twice", "INSERT INTO messages SELECT '00000000-0000-7000-8000-888888888888', grid_id, person_id, about, about_id, about_grid_id, item_id, units," +
		" code, sent_by, state, answer, created_at, due_at, closed_at, version FROM messages WHERE id = {message}", messageOnce + "|" + lastEvent},
	{"a message nobody told of", "UPDATE messages SET version = version + 1 WHERE id = {message}", lastEvent},
	{"a notice to no grid", "UPDATE notices SET grid_id = {stray} WHERE id = {call}", noticeOpen + "|" + callBelow + "|" + lastEvent},
	{"a notice that is closed and open", "UPDATE notices SET closed_at = created_at WHERE id = {call}", noticeOpen},
	{"a notice that calls for none", "UPDATE notices SET wanted = 0 WHERE id = {call}", noticeOpen + "|" + callFull},
	{"no call that fills", "UPDATE notices SET item_id = '', wanted = 0, got = 1 WHERE id = {call}", noticeOpen + "|" + callBelow},
	{"a call that is full too late", "UPDATE notices SET wanted = 1, got = 1 WHERE id = {call}", callFull},
	{"a call that is full too early", "UPDATE notices SET state = 'full' WHERE id = {call}; UPDATE events SET state = 'full' WHERE thing_id = {call}", callFull},
	{"a call that counts what is not there", "UPDATE notices SET wanted = 9000, got = 8000 WHERE id = {call}", callCounts},
	{"a lot that answers nothing", "UPDATE lots SET call_id = {stray} WHERE id = {live.lot}", callBelow},
	{"a lot that answers a call elsewhere", "UPDATE notices SET grid_id = {beside} WHERE id = {call}; UPDATE events SET grid_id = {beside}, seq = 1 WHERE thing_id = {call};" +
		" UPDATE grid_seq SET seq = 0 WHERE grid_id = {community}; UPDATE grid_seq SET seq = 1 WHERE grid_id = {beside}", callBelow},
	{"a notice nobody told of", "UPDATE notices SET version = version + 1 WHERE id = {call}", lastEvent},
	{"a yes aloud that nobody heard", "UPDATE consents SET heard = 'face' WHERE person_id = {elder.person}", heardBy},
	{"a tap that somebody heard", "UPDATE consents SET heard_by = {stray} WHERE person_id = {elder.person}", heardBy},
	{"a yes aloud to herself", "UPDATE consents SET heard = 'face', heard_by = person_id WHERE person_id = {elder.person}", heardBy},
	{"a WeChat message to nobody", "UPDATE wechat_messages SET person_id = {stray}", wechatEnds},
	{"a WeChat message that was sent and waits", "UPDATE wechat_messages SET closed_at = created_at", wechatEnds},
	{"a WeChat message that was sent at no time", "UPDATE wechat_messages SET state = 'sent'", wechatEnds},
	{"a look ahead of the events", "UPDATE wechat_cursors SET seq = seq + 1000", wechatAhead},
	{"ready with what is still to come", "UPDATE matches SET handover_id = {ready.hand} WHERE id = {live.match}", handWhole},
	{"waiting for nothing", "UPDATE handovers SET state = 'awaiting' WHERE id = {ready.hand}", handWhole + "|" + lastEvent},
	{"ready at another point", "UPDATE handovers SET relay_id = {stray} WHERE id = {ready.hand}", readyThere},
	{"ready at no point", "UPDATE handovers SET relay_id = NULL WHERE id = {ready.hand}", readyThere},
	{"ready at home", "UPDATE lots SET place = 'home' WHERE id = {ready.lot}", readyThere + "|" + lotBox},
	{"open for a reason", "UPDATE relay_points SET pause_reason = 'other'", pausedWhy},
	{"a photo of nothing", "UPDATE photos SET thing_id = {stray} WHERE kind = 'pack'", photoThing},
	{"a photo of another kind of thing", "UPDATE photos SET thing = 'handover', kind = 'bag' WHERE kind = 'pack'", photoThing},
	{"a photo that ends before its lot", "UPDATE photos SET gone_at = created_at WHERE kind = 'pack'", photoThing},
	{"a photo that ends before its handover", "UPDATE photos SET gone_at = created_at, thing_id = {live.hand} WHERE kind = 'bag'", photoThing},
	{"a fourth photo", fourth(), photoThree},
	{"sent without its time", "UPDATE deliveries SET closed_at = NULL WHERE state = 'sent'", sentTimed},
	{"sent without a try", "UPDATE deliveries SET tries = 0 WHERE state = 'sent'", sentTimed},
	{"queued and over", "UPDATE deliveries SET closed_at = created_at WHERE state = 'queued'", sentTimed},
	{"to be told at no time", "UPDATE tellings SET state = 'waiting'", toldTimed},
	{"told at no time", "UPDATE tellings SET told_at = NULL", toldTimed},
	{"a robot that reads elsewhere", "UPDATE robot_cursors SET grid_id = {beside}", robotReads},
	{"a robot that is bound to nothing", "DELETE FROM robot_grids", robotReads},
	{"a number from nowhere", "UPDATE deliveries SET fence = 9 WHERE state = 'sent'", fenced},
	{"a queue of no robot", "UPDATE deliveries SET robot_id = {stray}", fenced},
	{"removed and still with its secret", "UPDATE robots SET settings = (SELECT settings FROM robots WHERE state = 'on') WHERE state = 'removed'", robotGone},
	{"removed and still bound", "INSERT INTO robot_grids SELECT (SELECT id FROM robots WHERE state = 'removed'), grid_id, grid_path FROM robot_grids", robotGone},
	{"a handover that is news", "DELETE FROM events WHERE thing_id = {newest.hand}; UPDATE grid_seq SET seq = seq - 1 WHERE grid_id = {micro}", lastEvent},
}

// eight copies the one ask seven times.
func eight() string {
	var all []string
	for i := range 7 {
		all = append(all, fmt.Sprintf("INSERT INTO asks SELECT '00000000-0000-7000-8000-88888888888%d', grid_id, need_id, need_grid_id, item_id, units,"+
			" person_id, household_id, state, created_at, due_at, answered_at, version FROM asks WHERE id = {ask}", i))
	}
	return strings.Join(all, "; ")
}

// fourth copies the one photo of a pack three times.
func fourth() string {
	var all []string
	for i := range 3 {
		all = append(all, fmt.Sprintf("INSERT INTO photos SELECT '00000000-0000-7000-8000-77777777777%d', thing, thing_id, kind, person_id,"+
			" width, height, bytes, created_at, gone_at, image FROM photos WHERE thing_id = {live.lot} AND id < '00000000-0000-7000-8000-700000000000'", i))
	}
	return strings.Join(all, "; ")
}

// TestInspect_NamesEachViolationByItsLaw plants them one by one among healthy
// rows and takes each back: doctor names that law, and no other.
func TestInspect_NamesEachViolationByItsLaw(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s := newScene(t, b)
		names := s.deals(t)
		db := b.Unguarded(t)
		undo := snapshot(t, db, b.Tables(t, db))
		for _, c := range sicknesses {
			if got := s.broken(t); len(got) > 0 {
				t.Fatalf("before %q: %v", c.name, got)
			}
			execute(t, db, names.Replace(c.plant))
			want := strings.Split(c.rule, "|")
			slices.Sort(want)
			if got := s.broken(t); !slices.Equal(got, want) {
				t.Errorf("%s: doctor finds %q, not %q", c.name, got, want)
			}
			undo()
		}
	})
}

// TestInspect_EveryLawIsProvedAbove keeps a new law from going without a test.
func TestInspect_EveryLawIsProvedAbove(t *testing.T) {
	t.Parallel()
	s := newScene(t, storetest.SQLite(t))
	must(t, s.Store.View(t.Context(), func(tx *store.Tx) error {
		findings, err := tx.Inspect()
		for _, f := range findings {
			if !slices.ContainsFunc(sicknesses, func(c sick) bool { return strings.Contains(c.rule, f.Rule) }) {
				t.Errorf("nothing is planted against %q", f.Rule)
			}
		}
		return err
	}))
}

// deals are one exchange of each kind: given, live, waiting, lapsed.
func (s *scene) deals(t *testing.T) *strings.Replacer {
	t.Helper()
	given, live, waiting, lapsed := s.agree(t, 6, 10, 6), s.agree(t, 5, 8, 5), s.agree(t, 3, 4, 2), s.agree(t, 3, 3, 2)
	ready := s.agree(t, 2, 2, 2)
	s.wait(time.Hour)
	s.bring(t, given, s.Relay)
	s.bring(t, ready, s.Relay)
	s.wait(time.Hour)
	s.give(t, given)
	s.lapse(t, lapsed)
	lent, back := s.lent(t), s.lent(t)
	s.wait(time.Hour)
	out, returned := s.lend(t, lent), s.lend(t, back)
	s.wait(time.Hour)
	s.takeBack(t, back, returned)
	ask, review := s.search(t, lapsed)
	_, bag, collection, receipt := s.callBack(t)
	message := s.message(t, live)
	s.wechat(t, live)
	call := s.call(t, live)
	walked := s.agree(t, 2, 2, 2)
	s.bring(t, walked, s.Relay)
	round, idle := s.walk(t, walked)
	s.photo(t, models.ThingLot, live.lot.ID, models.PhotoPack, s.giver.PersonID, []byte("\x00\xffpack"))
	s.photo(t, models.ThingHandover, given.hand.ID, models.PhotoBag, s.worker.PersonID, []byte("bag"))
	s.robots(t, live, "SEC")
	newest := s.agree(t, 1, 1, 1)
	pairs := []string{"{stray}", stray, "{elder}", quoted(s.elder.HouseholdID), "{giver}", quoted(s.giver.HouseholdID),
		"{bag}", quoted(bag), "{collection}", quoted(collection), "{receipt}", quoted(receipt), "{ask}", quoted(ask), "{review}", quoted(review), "{message}", quoted(message), "{call}", quoted(call), "{community}", quoted(s.Community.ID), "{elder.person}", quoted(s.elder.PersonID), "{lent.loan}", quoted(out.ID), "{back.loan}", quoted(returned.ID), "{micro}", quoted(s.Micro.ID), "{beside}", quoted(s.Beside.ID),
		"{round}", quoted(round), "{idle}", quoted(idle)}
	for name, d := range map[string]*deal{"given": given, "live": live, "waiting": waiting, "lapsed": lapsed, "ready": ready, "lent": lent, "back": back, "walked": walked, "newest": newest} {
		pairs = append(pairs, "{"+name+".need}", quoted(d.need.ID), "{"+name+".lot}", quoted(d.lot.ID),
			"{"+name+".match}", quoted(d.match.ID), "{"+name+".hand}", quoted(d.hand.ID))
	}
	return strings.NewReplacer(pairs...)
}

func quoted(id models.ID) string { return "'" + id + "'" }

// snapshot copies the tables; undo puts the copies back.
func snapshot(t *testing.T, db *sql.DB, tables []string) (undo func()) {
	t.Helper()
	keep, back := []string{}, []string{}
	for _, table := range tables {
		keep = append(keep, fmt.Sprintf("CREATE TABLE kept_%s AS SELECT * FROM %s", table, table))
		back = append(back, fmt.Sprintf("DELETE FROM %s; INSERT INTO %s SELECT * FROM kept_%s", table, table, table))
	}
	execute(t, db, strings.Join(keep, "; "))
	return func() {
		t.Helper()
		execute(t, db, strings.Join(back, "; "))
	}
}

// execute runs statements in one transaction.
func execute(t *testing.T, db *sql.DB, statements string) {
	t.Helper()
	tx, err := db.BeginTx(t.Context(), nil)
	must(t, err)
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.Exec(statements); err != nil {
		t.Fatalf("%s: %v", statements, err)
	}
	must(t, tx.Commit())
}
