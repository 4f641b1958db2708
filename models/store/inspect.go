package store

import (
	"fmt"
	"strings"

	"linli/models"
)

// Finding is what one look of the doctor came to: how many rows were looked
// at, and those that break the rule.
type Finding struct {
	Number int    // of the invariant
	Rule   string // in a few words
	Looked int64
	Broken []string
}

// look is a rule as two queries: how many rows it is about, and the ids of
// those that break it.
type look struct {
	number       int
	rule         string
	about, wrong string
}

const live = "('proposed','agreed','moving','ready')"

// keptOut are matches that were not safe to give at the door, and of which the units
// are still on the way: they stay reserved until they are back.
const keptOut = "state = 'refused' AND (SELECT COALESCE(SUM(CASE WHEN to_kind = 'carrier' THEN units ELSE 0 END)" +
	" - SUM(CASE WHEN from_kind = 'carrier' THEN units ELSE 0 END), 0) FROM custody WHERE match_id = matches.id) > 0"

// looks are the laws and invariants 1 to 10 of the design as far as tables can
// show them.
var looks = []look{
	{1, "a lot's units add up", "SELECT COUNT(*) FROM lots",
		"SELECT id FROM lots WHERE remaining+reserved+lent+given+withdrawn+expired <> offered" +
			" OR remaining<0 OR reserved<0 OR lent<0 OR given<0 OR withdrawn<0 OR expired<0"},
	{1, "a lot's reserved units are those of its live matches", "SELECT COUNT(*) FROM lots",
		"SELECT id FROM lots WHERE reserved <> (SELECT COALESCE(SUM(quantity),0) FROM matches" +
			" WHERE lot_id = lots.id AND (state IN " + live + " OR " + keptOut + "))"},
	{1, "a lot belongs to an offer of its household, and lies in a box that is there", "SELECT COUNT(*) FROM lots",
		"SELECT l.id FROM lots l LEFT JOIN offers o ON o.id = l.offer_id LEFT JOIN relay_points r ON r.id = l.relay_id" +
			" WHERE o.id IS NULL OR o.household_id <> l.household_id" +
			" OR l.place = 'box' AND l.relay_id IS NOT NULL AND r.id IS NULL"}, // without a point the worker keeps it by hand
	{1, "no hand holds less than nothing, so nothing is in two", "SELECT COUNT(*) FROM custody",
		"SELECT DISTINCT lot_id FROM (SELECT lot_id, SUM(units) OVER (PARTITION BY lot_id, kind, holder ORDER BY at, step, id) AS held FROM (" +
			"SELECT id AS lot_id, offered AS units, 'home' AS kind, household_id AS holder, created_at AS at, 0 AS step, id FROM lots" +
			" UNION ALL SELECT lot_id, units, to_kind, to_id, at, 1, id FROM custody" +
			" UNION ALL SELECT lot_id, -units, from_kind, from_id, at, 1, id FROM custody) moves) hands WHERE held < 0"},
	{1, "a box holds what the changes of hands have brought it", "SELECT COUNT(*) FROM lots",
		"SELECT l.id FROM lots l LEFT JOIN (SELECT lot_id, SUM(CASE WHEN to_kind IN ('box','carrier') THEN units ELSE 0 END)" +
			" - SUM(CASE WHEN from_kind IN ('box','carrier') THEN units ELSE 0 END) AS units," +
			" SUM(CASE WHEN why = 'recall' THEN units ELSE 0 END) AS back FROM custody GROUP BY lot_id) c ON c.lot_id = l.id" +
			" WHERE CASE WHEN l.place = 'home' THEN COALESCE(c.units, 0) NOT BETWEEN 0 AND COALESCE(c.back, 0)" +
			" ELSE COALESCE(c.units, 0) NOT BETWEEN l.remaining + l.reserved AND l.remaining + l.reserved + l.withdrawn + l.expired + COALESCE(c.back, 0) END"},
	{1, "what was given or lent is in the homes that got it", "SELECT COUNT(*) FROM lots",
		"SELECT l.id FROM lots l LEFT JOIN (SELECT c.lot_id, SUM(CASE WHEN c.to_kind = 'home' AND c.match_id IS NOT NULL THEN c.units ELSE 0 END)" +
			" - SUM(CASE WHEN c.from_kind = 'home' AND c.match_id IS NOT NULL AND c.why <> 'recall' THEN c.units ELSE 0 END) AS units FROM custody c GROUP BY c.lot_id) c ON c.lot_id = l.id" +
			" WHERE COALESCE(c.units, 0) <> l.given + l.lent"},
	{1, "what left by a receipt came out of the box of that receipt", "SELECT COUNT(*) FROM recoveries",
		"SELECT c.lot_id FROM custody c LEFT JOIN recoveries r ON r.id = c.to_id WHERE c.to_kind = 'recovery'" +
			" AND (r.id IS NULL OR c.from_kind <> 'box' OR c.from_id <> r.relay_id)"},
	{1, "what was fetched back is what its collection says", "SELECT COUNT(*) FROM collections",
		"SELECT c.id FROM collections c LEFT JOIN matches m ON m.id = c.match_id LEFT JOIN recalls r ON r.id = c.recall_id" +
			" WHERE m.id IS NULL OR r.id IS NULL OR m.state <> 'given' OR m.lot_id <> c.lot_id OR m.receiver_household_id <> c.household_id" +
			" OR c.units > m.quantity OR (c.state = 'collected') <> (c.closed_at IS NOT NULL) OR c.got <> (SELECT COALESCE(SUM(k.units), 0)" +
			" FROM custody k WHERE k.lot_id = c.lot_id AND k.match_id = c.match_id AND k.why = 'recall')" +
			" UNION ALL SELECT k.lot_id FROM custody k WHERE k.why = 'recall' AND NOT EXISTS (SELECT 1 FROM collections c WHERE c.match_id = k.match_id)"},
	{1, "a bag is of its offer, opened by somebody, and ended with its time", "SELECT COUNT(*) FROM bags",
		"SELECT b.id FROM bags b LEFT JOIN offers o ON o.id = b.id WHERE o.id IS NULL OR o.household_id <> b.household_id" +
			" OR (b.state IN ('done','cancelled','lapsed')) <> (b.closed_at IS NOT NULL) OR (b.state IN ('open','done')) <> (b.opened_by IS NOT NULL)"},
	{1, "a bag counts what was booked in of it", "SELECT COUNT(*) FROM bags",
		"SELECT b.id FROM bags b WHERE b.taken <> (SELECT COUNT(*) FROM lots l WHERE l.offer_id = b.id AND l.parent_id IS NULL AND l.checked_at IS NOT NULL)" +
			" OR b.refused <> (SELECT COUNT(*) FROM lots l WHERE l.offer_id = b.id AND l.parent_id IS NULL AND l.checked_at IS NULL)"},
	{6, "nothing of a recalled batch waits to be given", "SELECT COUNT(*) FROM recalls",
		"SELECT lots.id FROM recalls r JOIN grids g ON substr(g.path, 1, length(r.path)) = r.path" +
			" JOIN lots ON lots.grid_id = g.id AND lots.item_id = r.item_id AND lots.batch <> '' AND " + batchKey + " = r.batch_key" +
			" WHERE r.state = 'done' AND lots.checked_at IS NOT NULL AND lots.remaining > 0"},
	{2, "live and given matches never exceed what was offered, but for loans that came back", "SELECT COUNT(*) FROM lots",
		"SELECT id FROM lots WHERE offered < (SELECT COALESCE(SUM(quantity),0) FROM matches m" +
			" WHERE lot_id = lots.id AND state IN ('proposed','agreed','moving','ready','given')" +
			" AND NOT EXISTS (SELECT 1 FROM loans WHERE match_id = m.id AND state = 'back'))"},
	{2, "a lot's given units are those of its given matches", "SELECT COUNT(*) FROM lots",
		"SELECT id FROM lots WHERE kind <> 'loan' AND given <> (SELECT COALESCE(SUM(quantity),0) FROM matches" +
			" WHERE lot_id = lots.id AND state = 'given')"},
	{2, "a lot's lent units are those of its loans that are out, and it gives none for good", "SELECT COUNT(*) FROM lots",
		"SELECT id FROM lots WHERE kind = 'loan' AND given <> 0 OR lent <> (SELECT COALESCE(SUM(quantity),0) FROM loans" +
			" WHERE lot_id = lots.id AND state = 'out')"},
	{2, "a loan is of a given match of what is lent, and each of these has one", "SELECT COUNT(*) FROM loans",
		"SELECT o.id FROM loans o LEFT JOIN matches m ON m.id = o.match_id LEFT JOIN lots l ON l.id = o.lot_id" +
			" WHERE m.id IS NULL OR l.id IS NULL OR m.state <> 'given' OR l.kind <> 'loan' OR m.lot_id <> o.lot_id OR m.grid_id <> o.grid_id" +
			" OR m.quantity <> o.quantity OR m.receiver_id <> o.receiver_id OR m.receiver_household_id <> o.household_id" +
			" UNION ALL SELECT m.id FROM matches m JOIN lots l ON l.id = m.lot_id WHERE m.state = 'given' AND l.kind = 'loan'" +
			" AND NOT EXISTS (SELECT 1 FROM loans WHERE match_id = m.id)"},
	{2, "a loan is out, or closed with its time; what came back was wiped and checked", "SELECT COUNT(*) FROM loans",
		"SELECT id FROM loans WHERE (state = 'out') = (closed_at IS NOT NULL) OR state = 'back' AND (wiped = false OR checked_by IS NULL)" +
			" OR state <> 'out' AND remind_at IS NOT NULL OR reminded > 3 OR extended > 2"},
	{3, "a match is live, or closed with its time", "SELECT COUNT(*) FROM matches",
		"SELECT id FROM matches WHERE (state IN " + live + ") = (closed_at IS NOT NULL)"},
	{4, "a need's units add up", "SELECT COUNT(*) FROM needs",
		"SELECT id FROM needs WHERE open+matched+fulfilled+cancelled <> requested OR open<0 OR matched<0 OR fulfilled<0 OR cancelled<0"},
	{4, "a need's matched and fulfilled units are those of its matches", "SELECT COUNT(*) FROM needs",
		"SELECT id FROM needs WHERE matched <> (SELECT COALESCE(SUM(quantity),0) FROM matches WHERE need_id = needs.id AND state IN " + live + ")" +
			" OR fulfilled <> (SELECT COALESCE(SUM(quantity),0) FROM matches WHERE need_id = needs.id AND state = 'given')"},
	{4, "a need belongs to a request of its person", "SELECT COUNT(*) FROM needs",
		"SELECT n.id FROM needs n LEFT JOIN requests r ON r.id = n.request_id LEFT JOIN people p ON p.id = n.person_id" +
			" WHERE r.id IS NULL OR p.id IS NULL OR r.person_id <> n.person_id OR r.household_id <> n.household_id"},
	{5, "a match stays in its micro-grid, comes from a box that serves it, or its need was widened", "SELECT COUNT(*) FROM matches",
		"SELECT m.id FROM matches m JOIN grids g ON g.id = m.grid_id JOIN lots l ON l.id = m.lot_id" +
			" JOIN grids f ON f.id = m.lot_grid_id JOIN needs n ON n.id = m.need_id" +
			" LEFT JOIN relay_points r ON r.id = l.relay_id AND l.place = 'box' LEFT JOIN grids s ON s.id = r.serves_id" +
			" WHERE m.grid_id <> m.lot_grid_id AND (s.id IS NULL OR substr(g.path, 1, length(s.path)) <> s.path)" +
			" AND (n.reach = '' OR substr(f.path, 1, length(n.reach)) <> n.reach)"},
	{5, "a need reaches no further than its widenings", "SELECT COUNT(*) FROM needs",
		"SELECT n.id FROM needs n WHERE n.reach <> '' AND NOT EXISTS (SELECT 1 FROM widenings w JOIN grids g ON g.id = w.to_grid_id" +
			" WHERE w.need_id = n.id AND g.path = n.reach)"},
	{7, "an ask is of the grid of whom it asks, and open only while its need is", "SELECT COUNT(*) FROM asks",
		"SELECT a.id FROM asks a LEFT JOIN needs n ON n.id = a.need_id LEFT JOIN people p ON p.id = a.person_id" +
			" WHERE n.id IS NULL OR p.id IS NULL OR n.grid_id <> a.need_grid_id OR n.household_id = a.household_id" +
			" OR a.state = 'open' AND n.open = 0 OR (a.state = 'open') = (a.answered_at IS NOT NULL)"},
	{7, "nobody is asked more than seven at once for one need", "SELECT COUNT(*) FROM asks",
		"SELECT need_id FROM asks WHERE state = 'open' GROUP BY need_id HAVING COUNT(*) > 7"},
	{9, "a review is open, or decided with its time", "SELECT COUNT(*) FROM reviews",
		"SELECT r.id FROM reviews r LEFT JOIN needs n ON n.id = r.need_id WHERE n.id IS NULL OR n.grid_id <> r.grid_id" +
			" OR (r.state = 'open') = (r.decided_at IS NOT NULL)"},
	{9, "a message is open, or closed with its time and, if answered, its answer", "SELECT COUNT(*) FROM messages",
		"SELECT m.id FROM messages m LEFT JOIN people p ON p.id = m.person_id WHERE p.id IS NULL" +
			" OR (m.state = 'open') = (m.closed_at IS NOT NULL) OR (m.state = 'answered') = (m.answer = '')"},
	{9, "nobody has two open messages about one thing", "SELECT COUNT(*) FROM messages",
		"SELECT about_id FROM messages WHERE state = 'open' GROUP BY person_id, about_id HAVING COUNT(*) > 1"},
	{9, "a notice is open, or closed with its time, and only a call fills", "SELECT COUNT(*) FROM notices",
		"SELECT n.id FROM notices n LEFT JOIN grids g ON g.id = n.grid_id WHERE g.id IS NULL OR (n.state IN ('open','full')) <> (n.closed_at IS NULL)" +
			" OR (n.item_id = '') <> (n.wanted = 0) OR n.item_id = '' AND (n.state IN ('full','closed') OR n.got <> 0 OR n.relay_id IS NOT NULL)"},
	{9, "a call is full when all is there, and not before", "SELECT COUNT(*) FROM notices",
		"SELECT id FROM notices WHERE state = 'full' AND got < wanted OR state = 'open' AND item_id <> '' AND got >= wanted"},
	{1, "a call counts no more than its lots were offered", "SELECT COUNT(*) FROM notices",
		"SELECT id FROM notices WHERE got > (SELECT COALESCE(SUM(offered), 0) FROM lots WHERE call_id = notices.id)"},
	{5, "a lot answers a call to a grid in which its giver lives", "SELECT COUNT(*) FROM lots",
		"SELECT l.id FROM lots l LEFT JOIN notices n ON n.id = l.call_id LEFT JOIN grids c ON c.id = n.grid_id LEFT JOIN grids g ON g.id = l.giver_grid_id" +
			" WHERE l.call_id IS NOT NULL AND (n.id IS NULL OR n.item_id = '' OR c.id IS NULL OR g.id IS NULL OR substr(g.path, 1, length(c.path)) <> c.path)"},
	{9, "a yes that was said aloud names who heard it", "SELECT COUNT(*) FROM consents",
		"SELECT id FROM consents WHERE (heard = '') <> (heard_by IS NULL) OR heard_by = person_id"},
	{6, "nothing opened or out of date was matched", "SELECT COUNT(*) FROM matches",
		"SELECT m.id FROM matches m JOIN lots l ON l.id = m.lot_id WHERE m.state IN ('proposed','agreed','moving','ready','given')" +
			" AND (l.seal = 'opened' AND l.kind <> 'loan' OR l.expires_on <> '' AND l.expires_on < substr(${DAY}, 1, 10))"},
	{7, "nobody is matched with the own household", "SELECT COUNT(*) FROM matches",
		"SELECT id FROM matches WHERE receiver_household_id = giver_household_id"},
	{7, "a match joins a need, a lot and a handover of its two households", "SELECT COUNT(*) FROM matches",
		"SELECT m.id FROM matches m LEFT JOIN needs n ON n.id = m.need_id LEFT JOIN lots l ON l.id = m.lot_id" +
			" LEFT JOIN handovers h ON h.id = m.handover_id WHERE n.id IS NULL OR l.id IS NULL OR h.id IS NULL" +
			" OR n.household_id <> m.receiver_household_id OR l.household_id <> m.giver_household_id" +
			" OR h.receiver_household_id <> m.receiver_household_id"},
	{7, "a need and a lot share one live match at most", "SELECT COUNT(*) FROM matches",
		"SELECT need_id FROM matches WHERE state IN " + live + " GROUP BY need_id, lot_id HAVING COUNT(*) > 1"},
	{8, "a handover is done once, after it was ready", "SELECT COUNT(*) FROM handovers",
		"SELECT id FROM handovers WHERE state = 'done' AND (ready_at IS NULL OR closed_at IS NULL OR closed_at < ready_at)" +
			" OR wrong_tries > 5 OR state IN ('done','returned','refused','lapsed') AND closed_at IS NULL"},
	{8, "a look waits only where no code showed that she was there, and is another's", "SELECT COUNT(*) FROM handovers",
		"SELECT id FROM handovers WHERE sample <> '' AND (state <> 'done' AND twice_at IS NULL OR closed_how NOT IN ('household','relative','left','face','offline'))" +
			" OR sample = '' AND state = 'done' AND closed_how = 'face' OR (sample IN ('right','wrong')) <> (sampled_by IS NOT NULL) OR sampled_by = closed_by"},
	{8, "a code was used twice only after it was over", "SELECT COUNT(*) FROM handovers",
		"SELECT id FROM handovers WHERE (twice_at IS NULL) <> (twice_by IS NULL) OR twice_at IS NOT NULL AND (state NOT IN ('done','returned','refused') OR twice_at < closed_at)"},
	{8, "what is over reminds nobody", "SELECT COUNT(*) FROM handovers",
		"SELECT id FROM handovers WHERE remind_at IS NOT NULL AND state NOT IN ('awaiting','ready','out') OR state = 'out' AND reminded > 4"},
	{8, "what was given was given by a done handover", "SELECT COUNT(*) FROM matches",
		"SELECT m.id FROM matches m JOIN handovers h ON h.id = m.handover_id WHERE m.state = 'given' AND h.state <> 'done'" +
			" OR m.state IN " + live + " AND h.state NOT IN ('awaiting','checking','ready','out')"},
	{8, "a handover is ready when all of it is there, and not before", "SELECT COUNT(*) FROM handovers",
		"SELECT m.id FROM matches m JOIN handovers h ON h.id = m.handover_id WHERE m.state IN ('proposed','agreed','moving') AND h.state IN ('ready','out')" +
			" UNION ALL SELECT h.id FROM handovers h WHERE h.state IN ('awaiting','checking') AND EXISTS (SELECT 1 FROM matches WHERE handover_id = h.id AND state = 'ready')" +
			" AND NOT EXISTS (SELECT 1 FROM matches WHERE handover_id = h.id AND state IN ('proposed','agreed','moving'))"},
	{8, "what is ready lies at the point of its handover", "SELECT COUNT(*) FROM matches",
		"SELECT m.id FROM matches m JOIN lots l ON l.id = m.lot_id JOIN handovers h ON h.id = m.handover_id WHERE m.state = 'ready'" +
			" AND h.state = 'ready' AND (l.place <> 'box' OR (l.relay_id IS NULL) <> (h.relay_id IS NULL) OR l.relay_id <> h.relay_id)"},
	{9, "a relay point says why it is paused only while it is", "SELECT COUNT(*) FROM relay_points",
		"SELECT id FROM relay_points WHERE state = 'open' AND pause_reason <> ''"},
	{8, "what is on the way is a stop of who carries it", "SELECT COUNT(*) FROM handovers",
		"SELECT h.id FROM handovers h WHERE h.state = 'out' AND NOT EXISTS (SELECT 1 FROM round_stops s JOIN rounds r ON r.id = s.round_id" +
			" WHERE s.handover_id = h.id AND r.state = 'out' AND r.person_id = h.carrier_id)" +
			" OR h.state IN ('awaiting','checking','ready') AND h.carrier_id IS NOT NULL" +
			" UNION ALL SELECT l.id FROM lots l WHERE (l.place = 'carrier') = (l.carrier_id IS NULL)"},
	{8, "nobody carries anything who is not on a round", "SELECT COUNT(*) FROM rounds",
		"SELECT holder FROM (SELECT to_id AS holder, lot_id, units FROM custody WHERE to_kind = 'carrier'" +
			" UNION ALL SELECT from_id, lot_id, -units FROM custody WHERE from_kind = 'carrier') moves" +
			" WHERE holder NOT IN (SELECT person_id FROM rounds WHERE state = 'out') GROUP BY holder, lot_id HAVING SUM(units) <> 0"},
	{9, "a round is live with open stops, or closed with its time and without", "SELECT COUNT(*) FROM rounds",
		"SELECT id FROM rounds WHERE (state IN ('planned','out')) = (closed_at IS NOT NULL)" +
			" UNION ALL SELECT s.id FROM round_stops s LEFT JOIN rounds r ON r.id = s.round_id" +
			" WHERE r.id IS NULL OR (s.state = 'open') = (s.at IS NOT NULL) OR s.state = 'open' AND r.state NOT IN ('planned','out')" +
			" OR s.state <> 'open' AND r.state = 'planned'"},
	{9, "the stops of a round are numbered in their order", "SELECT COUNT(*) FROM round_stops",
		"SELECT round_id FROM round_stops GROUP BY round_id HAVING MIN(position) <> 1 OR MAX(position) <> COUNT(*) OR COUNT(DISTINCT position) <> COUNT(*)"},
	{9, "the state of a need or a lot follows from its units", "SELECT (SELECT COUNT(*) FROM needs) + (SELECT COUNT(*) FROM lots)",
		"SELECT id FROM needs WHERE state <> CASE WHEN open > 0 THEN 'open' WHEN matched > 0 THEN 'matched'" +
			" WHEN fulfilled > 0 THEN 'fulfilled' WHEN cancel_reason = '" + models.ReasonOutOfTime + "' THEN 'unmet' ELSE 'cancelled' END" +
			" UNION ALL SELECT id FROM lots WHERE state <> CASE WHEN remaining > 0 THEN 'offered' WHEN reserved+lent > 0 THEN 'taken' ELSE 'closed' END"},
	{9, "a photo is of a thing that is there, and ends with it", "SELECT COUNT(*) FROM photos",
		"SELECT p.id FROM photos p LEFT JOIN lots l ON p.thing = 'lot' AND l.id = p.thing_id" +
			" LEFT JOIN handovers h ON p.thing = 'handover' AND h.id = p.thing_id" +
			" WHERE l.id IS NULL AND h.id IS NULL OR p.gone_at IS NOT NULL AND COALESCE(l.state, 'closed') <> 'closed'" +
			" OR p.gone_at IS NOT NULL AND h.id IS NOT NULL AND h.closed_at IS NULL"},
	{9, "a thing has at most three photos of a kind", "SELECT COUNT(*) FROM photos",
		"SELECT thing_id FROM photos GROUP BY thing_id, kind HAVING COUNT(*) > 3"},
	{9, "a WeChat message is for somebody, and waits or is closed with its time", "SELECT COUNT(*) FROM wechat_messages",
		"SELECT m.id FROM wechat_messages m LEFT JOIN people p ON p.id = m.person_id" +
			" WHERE p.id IS NULL OR (m.state = 'waiting') = (m.closed_at IS NOT NULL)"},
	{10, "nobody looks at events that are not there yet", "SELECT COUNT(*) FROM wechat_cursors",
		"SELECT c.grid_id FROM wechat_cursors c JOIN grid_seq q ON q.grid_id = c.grid_id WHERE c.seq > q.seq"},
	{15, "a delivery is queued, or closed with its time; what was sent was tried", "SELECT COUNT(*) FROM deliveries",
		"SELECT id FROM deliveries WHERE (state = 'queued') = (closed_at IS NOT NULL) OR state IN ('sent','dead') AND tries = 0"},
	{15, "what a group is to be told has its time, and what it was told too", "SELECT COUNT(*) FROM tellings",
		"SELECT need_id FROM tellings WHERE (state IN ('waiting','ending')) <> (due_at IS NOT NULL)" +
			" OR state IN ('told','ending') AND told_at IS NULL"},
	{15, "a robot reads in the grids that it is bound to, and in no others", "SELECT COUNT(*) FROM robot_cursors",
		"SELECT c.robot_id FROM robot_cursors c JOIN grids g ON g.id = c.grid_id WHERE NOT EXISTS (SELECT 1 FROM robot_grids b" +
			" WHERE b.robot_id = c.robot_id AND substr(g.path, 1, length(b.grid_path)) = b.grid_path)"},
	{18, "no delivery was taken under a number that its queue never had", "SELECT COUNT(*) FROM deliveries",
		"SELECT d.id FROM deliveries d LEFT JOIN robots r ON r.id = d.robot_id WHERE r.id IS NULL OR d.fence > r.fence"},
	{22, "a removed robot knows nothing and says nothing", "SELECT COUNT(*) FROM robots",
		"SELECT id FROM robots WHERE state = 'removed' AND (settings IS NOT NULL OR digest_at IS NOT NULL" +
			" OR EXISTS (SELECT 1 FROM robot_grids WHERE robot_id = robots.id)" +
			" OR EXISTS (SELECT 1 FROM deliveries d WHERE d.robot_id = robots.id AND d.state = 'queued'))"},
	{10, "a grid's numbers have no gap", "SELECT COUNT(*) FROM grids",
		"SELECT g.id FROM grids g LEFT JOIN grid_seq q ON q.grid_id = g.id" +
			" LEFT JOIN (SELECT grid_id, COUNT(*) AS n, MIN(seq) AS low, MAX(seq) AS high FROM events GROUP BY grid_id) e" +
			" ON e.grid_id = g.id WHERE q.grid_id IS NULL OR COALESCE(e.n, 0) <> q.seq - q.first_seq + 1" +
			" OR e.n > 0 AND (e.low <> q.first_seq OR e.high <> q.seq)"},
}

// Inspect looks at every rule in this transaction's snapshot.
func (tx *Tx) Inspect() ([]Finding, error) {
	findings := []Finding{}
	for _, l := range looks {
		f := Finding{Number: l.number, Rule: l.rule}
		if err := tx.db.Raw(l.about).Scan(&f.Looked).Error; err != nil {
			return nil, fmt.Errorf("%s: %w", l.rule, err)
		}
		// The day a live match is judged by is today; a given one's, its closing.
		wrong := strings.ReplaceAll(l.wrong, "${DAY}", tx.dialect.dayOf("COALESCE(m.closed_at, ?)"))
		var args []any
		if wrong != l.wrong {
			args = append(args, tx.Now)
		}
		if err := tx.db.Raw(wrong, args...).Scan(&f.Broken).Error; err != nil {
			return nil, fmt.Errorf("%s: %w", l.rule, err)
		}
		findings = append(findings, f)
	}
	more, err := tx.inspectEvents()
	return append(findings, more...), err
}

// inspectEvents holds what was written against what is: each thing's last
// event tells its row, and no state followed another that the table of
// transitions does not lead to.
func (tx *Tx) inspectEvents() ([]Finding, error) {
	rows := Finding{Number: 10, Rule: "a thing's last event tells its row"}
	steps := Finding{Number: 9, Rule: "only published transitions happened"}
	for thing, table := range map[models.Thing]string{models.ThingNeed: "needs", models.ThingLot: "lots",
		models.ThingMatch: "matches", models.ThingHandover: "handovers", models.ThingRound: "rounds", models.ThingLoan: "loans", models.ThingAsk: "asks", models.ThingReview: "reviews",
		models.ThingBag: "bags", models.ThingCollection: "collections", models.ThingMessage: "messages", models.ThingNotice: "notices"} {
		var looked int64
		if err := tx.db.Table(table).Count(&looked).Error; err != nil {
			return nil, err
		}
		rows.Looked += looked
		var broken []string
		// What was there before the first event that is kept may have lost its own.
		err := tx.db.Raw("SELECT t.id FROM " + table + " t WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.thing_id = t.id AND e.grid_id = t.grid_id" +
			" AND e.version = t.version AND e.state = t.state) AND (EXISTS (SELECT 1 FROM events e WHERE e.thing_id = t.id AND e.grid_id = t.grid_id)" +
			" OR NOT EXISTS (SELECT 1 FROM grid_seq q WHERE q.grid_id = t.grid_id AND q.first_seq > 1" +
			" AND t.created_at <= COALESCE((SELECT MIN(at) FROM events WHERE grid_id = q.grid_id), t.created_at)))" +
			" OR EXISTS (SELECT 1 FROM events e WHERE e.thing_id = t.id AND e.version > t.version)").Scan(&broken).Error
		if err != nil {
			return nil, err
		}
		rows.Broken = append(rows.Broken, broken...)
		if err := tx.inspectSteps(thing, &steps); err != nil {
			return nil, err
		}
	}
	return []Finding{steps, rows}, nil
}

func (tx *Tx) inspectSteps(thing models.Thing, f *Finding) error {
	var walked []struct {
		ThingID     models.ID
		Was, Became string
	}
	err := tx.db.Raw("SELECT b.thing_id, a.state AS was, b.state AS became FROM events b JOIN events a"+
		" ON a.grid_id = b.grid_id AND a.thing_id = b.thing_id AND a.version = b.version - 1 WHERE b.thing = ?", thing).
		Scan(&walked).Error
	for _, w := range walked {
		f.Looked++
		if !models.LeadsTo(thing, w.Was, w.Became) {
			f.Broken = append(f.Broken, fmt.Sprintf("%s %s → %s", w.ThingID, w.Was, w.Became))
		}
	}
	return err
}
