package models

import "linli/models/fault"

// Transition is one allowed step. The table below is the whole of it: a
// command that finds no row for the present state is refused.
type Transition struct {
	Thing   Thing
	Command string
	From    string
	To      string
}

// The commands.
const (
	CommandAccept  = "accept"
	CommandDecline = "decline"
	CommandCancel  = "cancel"
	CommandLapse   = "lapse"
	CommandHandIn  = "hand_in"
	CommandRefuse  = "refuse"
	CommandReady   = "ready"
	CommandGive    = "give"
	CommandReturn  = "return"
	CommandSend    = "send"
	CommandApprove = "approve"
	CommandLeave   = "leave"
	CommandUphold  = "uphold"
	CommandHelp    = "help"
	CommandClose   = "close"
	CommandPause   = "pause"
	CommandResume  = "resume"
	CommandPass    = "pass"
	CommandFail    = "fail"
	CommandLose    = "lose"
	CommandBreak   = "break"

	CommandTakeBack = "take_back"
	CommandEnd      = "end"
	CommandFinish   = "finish"
	CommandPostpone = "postpone"
)

// Transitions is the published table. Needs and lots are not in it: their
// state follows from their quantities (quantity.go).
var Transitions = []Transition{
	{ThingMatch, CommandAccept, "proposed", "agreed"},
	{ThingMatch, CommandDecline, "proposed", "declined"},
	{ThingMatch, CommandDecline, "agreed", "declined"},
	{ThingMatch, CommandCancel, "proposed", "cancelled"},
	{ThingMatch, CommandCancel, "agreed", "cancelled"},
	{ThingMatch, CommandCancel, "moving", "cancelled"},
	{ThingMatch, CommandCancel, "ready", "cancelled"},
	{ThingMatch, CommandLapse, "proposed", "lapsed"},
	{ThingMatch, CommandLapse, "agreed", "lapsed"},
	{ThingMatch, CommandHandIn, "agreed", "moving"},
	{ThingMatch, CommandRefuse, "proposed", "refused"},
	{ThingMatch, CommandRefuse, "agreed", "refused"},
	{ThingMatch, CommandRefuse, "moving", "refused"},
	{ThingMatch, CommandRefuse, "ready", "refused"}, // found unsafe at hand-over
	{ThingMatch, CommandReady, "agreed", "ready"},
	{ThingMatch, CommandReady, "moving", "ready"},
	{ThingMatch, CommandGive, "ready", "given"},
	{ThingMatch, CommandReturn, "ready", "returned"},

	{ThingHandover, CommandHandIn, "awaiting", "checking"},
	{ThingHandover, CommandReady, "awaiting", "ready"},
	{ThingHandover, CommandReady, "checking", "ready"},
	{ThingHandover, CommandSend, "ready", "out"},
	{ThingHandover, CommandGive, "ready", "done"},
	{ThingHandover, CommandGive, "out", "done"},
	{ThingHandover, CommandTakeBack, "out", "ready"}, // nobody at home: it waits in the box again
	{ThingHandover, CommandReturn, "ready", "returned"},
	{ThingHandover, CommandReturn, "out", "returned"},
	{ThingHandover, CommandRefuse, "awaiting", "refused"},
	{ThingHandover, CommandRefuse, "checking", "refused"},
	{ThingHandover, CommandRefuse, "ready", "refused"},
	{ThingHandover, CommandRefuse, "out", "refused"}, // found unsafe at the door, or recalled on the way
	{ThingHandover, CommandLapse, "awaiting", "lapsed"},
	{ThingHandover, CommandLapse, "checking", "lapsed"},

	{ThingRound, CommandSend, "planned", "out"},
	{ThingRound, CommandEnd, "out", "done"},
	{ThingRound, CommandCancel, "planned", "cancelled"},

	{ThingStop, CommandFinish, "open", "done"},
	{ThingStop, CommandFail, "open", "failed"},
	{ThingStop, CommandPostpone, "open", "later"},

	{ThingSample, CommandPass, "waits", "right"},
	{ThingSample, CommandFail, "waits", "wrong"},

	{ThingLoan, CommandReturn, "out", "back"},
	{ThingLoan, CommandLose, "out", "lost"},
	{ThingLoan, CommandBreak, "out", "broken"},

	{ThingAsk, CommandAccept, "open", "yes"},
	{ThingAsk, CommandDecline, "open", "no"},
	{ThingAsk, CommandLapse, "open", "silent"},
	{ThingAsk, CommandCancel, "open", "over"},

	{ThingReview, CommandUphold, "open", "stands"},
	{ThingReview, CommandHelp, "open", "helped"},

	{ThingBag, CommandHandIn, "waiting", "open"},
	{ThingBag, CommandCancel, "waiting", "cancelled"},
	{ThingBag, CommandLapse, "waiting", "lapsed"},
	{ThingBag, CommandClose, "open", "done"},

	{ThingCollection, CommandClose, "asked", "collected"},

	{ThingMessage, CommandAccept, "open", "answered"},  // 好的, 晚点
	{ThingMessage, CommandDecline, "open", "answered"}, // 打不了电话
	{ThingMessage, CommandLapse, "open", "over"},

	{ThingNotice, CommandFinish, "open", "full"},
	{ThingNotice, CommandResume, "full", "open"}, // what filled it was taken back
	{ThingNotice, CommandClose, "open", "closed"},
	{ThingNotice, CommandClose, "full", "closed"},
	{ThingNotice, CommandLapse, "open", "over"},
	{ThingNotice, CommandLapse, "full", "over"},
	{ThingNotice, CommandLapse, "closed", "over"},
	{ThingNotice, CommandCancel, "open", "withdrawn"},
	{ThingNotice, CommandCancel, "full", "withdrawn"},
	{ThingNotice, CommandCancel, "closed", "withdrawn"},

	{ThingRelay, CommandPause, "open", "paused"},
	{ThingRelay, CommandResume, "paused", "open"},

	{ThingPerson, CommandApprove, "pending", "approved"},
	{ThingPerson, CommandRefuse, "pending", "refused"},
	{ThingPerson, CommandLeave, "pending", "left"},
	{ThingPerson, CommandLeave, "approved", "left"},
}

var steps = func() map[[3]string]string {
	table := make(map[[3]string]string, len(Transitions))
	for _, t := range Transitions {
		table[[3]string{string(t.Thing), t.Command, t.From}] = t.To
	}
	return table
}()

// next is the state after the command, or a conflict that names both.
func next[S ~string](thing Thing, command string, from S) (S, error) {
	to, ok := steps[[3]string{string(thing), command, string(from)}]
	if !ok {
		return from, fault.New(fault.Conflict, "wrong_state").
			With("thing", string(thing)).With("state", string(from)).With("command", command)
	}
	return S(to), nil
}

// Apply takes the match one step on.
func (m *Match) Apply(command string) error {
	to, err := next(ThingMatch, command, m.State)
	m.State = to
	return err
}

// Apply takes the handover one step on.
func (h *Handover) Apply(command string) error {
	to, err := next(ThingHandover, command, h.State)
	h.State = to
	return err
}

// Apply takes the round one step on.
func (r *Round) Apply(command string) error {
	to, err := next(ThingRound, command, r.State)
	r.State = to
	return err
}

// Apply takes the stop one step on.
func (s *Stop) Apply(command string) error {
	to, err := next(ThingStop, command, s.State)
	s.State = to
	return err
}

// Look takes the leader's look at the handover one step on.
func (h *Handover) Look(command string) error {
	to, err := next(ThingSample, command, h.Sample)
	h.Sample = to
	return err
}

// Apply takes the loan one step on.
func (l *Loan) Apply(command string) error {
	to, err := next(ThingLoan, command, l.State)
	l.State = to
	return err
}

// Apply takes the ask one step on.
func (a *Ask) Apply(command string) error {
	to, err := next(ThingAsk, command, a.State)
	a.State = to
	return err
}

// Apply takes the review one step on.
func (r *Review) Apply(command string) error {
	to, err := next(ThingReview, command, r.State)
	r.State = to
	return err
}

// Apply takes the bag one step on.
func (b *Bag) Apply(command string) error {
	to, err := next(ThingBag, command, b.State)
	b.State = to
	return err
}

// Apply takes the collection one step on.
func (c *Collection) Apply(command string) error {
	to, err := next(ThingCollection, command, c.State)
	c.State = to
	return err
}

// Apply takes the message one step on.
func (m *Message) Apply(command string) error {
	to, err := next(ThingMessage, command, m.State)
	m.State = to
	return err
}

// Apply takes the notice one step on.
func (n *Notice) Apply(command string) error {
	to, err := next(ThingNotice, command, n.State)
	n.State = to
	return err
}

// Apply takes the relay point one step on.
func (r *RelayPoint) Apply(command string) error {
	to, err := next(ThingRelay, command, r.State)
	r.State = to
	return err
}

// Apply takes the person one step on.
func (p *Person) Apply(command string) error {
	to, err := next(ThingPerson, command, p.State)
	p.State = to
	return err
}

// LeadsTo reports whether the table leads from one state to another, in one
// step or, where a command took several at once, in more. Needs and lots, whose
// state follows from their quantities, only never leave an end.
func LeadsTo(thing Thing, from, to string) bool {
	if from == to {
		return true
	}
	switch thing {
	case ThingNeed:
		return from == string(NeedOpen) || from == string(NeedMatched)
	case ThingLot:
		return from != string(LotClosed)
	case ThingRelay: // the one thing that goes round
		return to == string(RelayOpen) || to == string(RelayPaused)
	}
	seen := map[string]bool{from: true} // a handover goes out and comes back
	for found := true; found && !seen[to]; {
		found = false
		for _, t := range Transitions {
			if t.Thing == thing && seen[t.From] && !seen[t.To] {
				seen[t.To], found = true, true
			}
		}
	}
	return seen[to]
}
