package miniprogram

import (
	"slices"

	"linli/models"
)

// journey is a handover with what belongs to it, as it is now.
type journey struct {
	hand    models.Handover
	matches []models.Match
	lots    map[models.ID]models.Lot
}

// notice is a moment of one person.
type notice struct {
	person models.ID
	moment models.Moment
}

// notices are the moments that an event of a journey means.
func (j journey) notices(e models.Event) []notice {
	if e.Thing == models.ThingHandover {
		return j.ofHandover(e)
	}
	i := slices.IndexFunc(j.matches, func(m models.Match) bool { return m.ID == e.ThingID })
	if i < 0 {
		return nil
	}
	m := j.matches[i]
	switch state := models.MatchState(e.State); {
	case e.Kind == "match.reminder":
		return j.givers(models.MomentLapse, m)
	case state == models.MatchProposed:
		return []notice{{m.ReceiverID, models.MomentMatch}}
	case state == models.MatchAgreed:
		return append(j.givers(models.MomentDrop, m), notice{m.ReceiverID, models.MomentMatch})
	}
	return nil
}

func (j journey) ofHandover(e models.Event) []notice {
	receiver := j.hand.ReceiverID
	switch state := models.HandoverState(e.State); {
	case e.Kind == "handover.reminder":
		return []notice{{receiver, models.MomentLapse}}
	case moved(e) && state == models.HandoverAwaiting:
		return j.givers(models.MomentDrop, j.matches...)
	case state == models.HandoverReady:
		return []notice{{receiver, models.MomentReady}}
	case over(state):
		return append(j.givers(models.MomentClosed, j.matches...), notice{receiver, models.MomentClosed})
	}
	return nil
}

// moved reports whether an event says that a handover goes by another point now:
// who was told the old place is told once more.
func moved(e models.Event) bool { return e.Kind == "handover.moved" }

func over(state models.HandoverState) bool {
	switch state {
	case models.HandoverDone, models.HandoverReturned, models.HandoverRefused, models.HandoverLapsed:
		return true
	}
	return false
}

// givers are the neighbours who gave some of it; a point's own stock has none.
func (j journey) givers(moment models.Moment, matches ...models.Match) []notice {
	var all []notice
	for _, m := range matches {
		if n := (notice{m.GiverID, moment}); !m.FromPoint() && !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return all
}

// still reports whether the moment is one now: what was declined, brought or
// collected meanwhile is not told.
func (j journey) still(n notice) bool {
	switch n.moment {
	case models.MomentMatch:
		return j.hand.State == models.HandoverAwaiting || j.hand.State == models.HandoverChecking
	case models.MomentDrop:
		return j.awaits(n.person)
	case models.MomentReady:
		return j.hand.State == models.HandoverReady
	case models.MomentLapse:
		return n.person == j.hand.ReceiverID && j.hand.State == models.HandoverReady || j.awaits(n.person)
	case models.MomentClosed:
		return over(j.hand.State)
	}
	return false
}

// awaits reports whether this giver has still to bring something of it herself.
func (j journey) awaits(giver models.ID) bool {
	return j.hand.State == models.HandoverAwaiting && slices.ContainsFunc(j.matches, func(m models.Match) bool {
		l := j.lots[m.LotID]
		return m.GiverID == giver && !m.FromPoint() && m.State == models.MatchAgreed && l.Place == models.PlaceHome && l.Way == models.WayRelay
	})
}

// content says it to one of the two sides.
func (j journey) content(m models.WechatMessage, relay models.RelayPoint) content {
	side := "given"
	if m.PersonID == j.hand.ReceiverID {
		side = "asked"
	}
	c := content{what: "wechat.what." + side, say: "wechat.say." + string(m.Moment), place: relay.Name, until: m.CreatedAt}
	if j.hand.DueAt != nil && m.Moment != models.MomentClosed {
		c.until = *j.hand.DueAt
	}
	switch {
	case m.Moment == models.MomentLapse:
		c.say += "_" + side
	case m.Moment == models.MomentClosed && j.hand.State == models.HandoverDone:
		c.say = "wechat.say.done_" + side
	case m.Moment == models.MomentClosed:
		c.say = "wechat.say.ended"
	}
	return c
}
