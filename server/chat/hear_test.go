package chat_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/chat"
	"linli/server/chat/platform"
	"linli/server/outreach"
)

const gives = "有 额温枪 1 把，没拆封，2027年8月到期"

// room is a group with a robot that knows one neighbour.
type room struct {
	*storetest.Place
	chat  *chat.Service
	robot models.ID
	giver storetest.Neighbour
	now   func() // before each look at the clock
}

func newRoom(t *testing.T, b storetest.Bench) *room {
	t.Helper()
	w := &room{Place: b.Place(t), now: func() {}}
	w.giver = w.Neighbour(t, w.Micro, "3-2-501", "王师傅", models.CareNone)
	w.chat = listener(t, w.Place, func() time.Time {
		w.now()
		return w.Clock.Now()
	})
	reach := w.chat.Outreach
	v, err := reach.Add(t.Context(), w.Worker(t, w.Micro), outreach.RobotInput{Name: "邻里", Platform: outreach.Chat, GridIDs: []models.ID{w.Micro.ID}})
	must(t, err)
	w.robot = v.ID
	code, _, err := reach.PairingCode(t.Context(), w.giver.Actor)
	must(t, err)
	must(t, reach.Pair(t.Context(), v.Robot, "u-giver", code))
	return w
}

// offers counts what the giver has posted.
func (w *room) offers(t *testing.T) int {
	t.Helper()
	var offers []models.Offer
	must(t, w.Store.View(t.Context(), func(tx *store.Tx) error {
		return tx.Load(store.OffersOf(w.giver.PersonID, false, nil, 10, &offers))
	}))
	return len(offers)
}

// TestHear_FirstTryFailedThenRedelivered: the caller gave up before anything was done;
// the same message is heard again at once.
func TestHear_FirstTryFailedThenRedelivered(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newRoom(t, b)
		m := chat.Message{ID: "m-1", Sender: "u-giver", Text: gives}
		ctx, leave := context.WithCancel(t.Context())
		w.now = leave
		if reply, err := w.chat.Hear(ctx, w.robot, m); err == nil || reply.Text != "" {
			t.Fatalf("%+v, %v", reply, err)
		}
		w.now = func() {}
		for _, again := range []bool{false, true} {
			if reply, err := w.chat.Hear(t.Context(), w.robot, m); err != nil || !strings.Contains(reply.Text, "谢谢你") || reply.Again != again {
				t.Errorf("%+v, %v", reply, err)
			}
		}
		if n := w.offers(t); n != 1 {
			t.Errorf("%d offers", n)
		}
	})
}

// TestHear_AnAnswerThatWasNotPostedIsPostedWhenTheMessageComesAgain, once, and what
// was done is not done again.
func TestHear_AnAnswerThatWasNotPostedIsPostedWhenTheMessageComesAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newRoom(t, b)
		var posted []string
		tries := 0
		m := chat.Message{ID: "m-1", Sender: "u-giver", Text: gives, Addressed: true, Post: func(_ context.Context, answer string) error {
			if tries++; tries <= 2 {
				return &platform.Failure{Code: 500, Text: "busy"}
			}
			posted = append(posted, answer)
			return nil
		}}
		for range 2 {
			var failed *platform.Failure
			if _, err := w.chat.Hear(t.Context(), w.robot, m); !errors.As(err, &failed) {
				t.Fatal(err)
			}
		}
		for range 2 {
			if _, err := w.chat.Hear(t.Context(), w.robot, m); err != nil {
				t.Fatal(err)
			}
		}
		if len(posted) != 1 || !strings.Contains(posted[0], "谢谢你") || w.offers(t) != 1 {
			t.Errorf("%q, %d offers", posted, w.offers(t))
		}
	})
}

// TestHear_TwoAtOnceAreOneEffect and one answer in the group.
func TestHear_TwoAtOnceAreOneEffect(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newRoom(t, b)
		var mu sync.Mutex
		posted := 0
		m := chat.Message{ID: "m-1", Sender: "u-giver", Text: gives, Post: func(context.Context, string) error {
			mu.Lock()
			defer mu.Unlock()
			posted++
			return nil
		}}
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if _, err := w.chat.Hear(t.Context(), w.robot, m); err != nil && !fault.Is(err, fault.Conflict) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if posted != 1 || w.offers(t) != 1 {
			t.Errorf("%d answers, %d offers", posted, w.offers(t))
		}
	})
}

// TestHear_TooLongOrTooMuchIsAnswered, and danger with 120 wherever it stands.
func TestHear_TooLongOrTooMuchIsAnswered(t *testing.T) {
	t.Parallel()
	w := newRoom(t, storetest.SQLite(t))
	long := strings.Repeat("今天天气真好。", 500)
	for id, c := range map[string]struct{ text, want string }{
		"long":             {long, "太长了"},
		"danger at an end": {long + "我爸胸口痛得厉害，喘不上气", "120"},
		"danger between":   {strings.Repeat("好", chat.MaxText-3) + "我爸胸口痛得厉害" + long, "120"},
	} {
		if reply, err := w.chat.Hear(t.Context(), w.robot, chat.Message{ID: id, Sender: "u", Text: c.text, Addressed: true}); err != nil || !strings.Contains(reply.Text, c.want) {
			t.Errorf("%s: %+v, %v", id, reply, err)
		}
	}
	must(t, w.Store.InTx(t.Context(), func(tx *store.Tx) error {
		for i := range 600 {
			m := models.InboundMessage{ID: tx.NewID(), RobotID: w.robot, MessageID: fmt.Sprint("n-", i), State: models.InboundTaken, TakenAt: tx.Now, CreatedAt: tx.Now}
			if err := tx.CreateInbound(&m); err != nil {
				return err
			}
		}
		return nil
	}))
	posted := ""
	danger := chat.Message{ID: "d", Sender: "u", Text: "我爸胸口痛得厉害，求布洛芬", Post: func(_ context.Context, answer string) error {
		posted = answer
		return nil
	}}
	if reply, err := w.chat.Hear(t.Context(), w.robot, danger); err != nil || !strings.Contains(reply.Text, "120") || posted != reply.Text {
		t.Errorf("danger in a group that writes too much: %+v, %v, %q", reply, err, posted)
	}
	if _, err := w.chat.Hear(t.Context(), w.robot, chat.Message{ID: "e", Sender: "u", Text: gives}); !fault.Is(err, fault.RateLimited) {
		t.Errorf("too much: %v", err)
	}
}

// TestHear_DoesNotCutIn: neighbours who talk to each other hear nothing of the robot,
// unless they speak to it, or there is something to say.
func TestHear_DoesNotCutIn(t *testing.T) {
	t.Parallel()
	w := newRoom(t, storetest.SQLite(t))
	n := 0
	says := func(text string, addressed bool) string {
		n++
		reply, err := w.chat.Hear(t.Context(), w.robot, chat.Message{ID: fmt.Sprint(n), Sender: "u", Text: text, Addressed: addressed})
		must(t, err)
		return reply.Text
	}
	for _, text := range []string{"今天天气真好", "大家早上好", "哈哈哈"} {
		if said := says(text, false); said != "" {
			t.Errorf("%q is answered with %q", text, said)
		}
		if said := says(text, true); !strings.Contains(said, "这样写我就能办") {
			t.Errorf("%q, said to the robot, is answered with %q", text, said)
		}
	}
	for text, want := range map[string]string{"我爸胸口痛得厉害": "120", "求 额温枪 1 把": "还不认识你", "布洛芬和泰诺能一起吃吗": "药师"} {
		if said := says(text, false); !strings.Contains(said, want) {
			t.Errorf("%q is answered with %q", text, said)
		}
	}
}
