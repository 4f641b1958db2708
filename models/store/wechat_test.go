package store_test

import (
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
)

func (s *scene) plain(t *testing.T, change func(tx *store.Tx) error) error {
	t.Helper()
	return s.Store.InTx(t.Context(), change)
}

func (s *scene) budget(t *testing.T) (total int) {
	t.Helper()
	var grants []models.WechatGrant
	must(t, s.Store.Read(t.Context(), store.WechatGrantsOf([]models.ID{s.elder.PersonID, s.giver.PersonID}, &grants)))
	for _, g := range grants {
		total += g.Budget
	}
	return total
}

// TestWechatGrants_NeverBelowNothingNorAboveTheMost, whoever counts.
func TestWechatGrants_NeverBelowNothingNorAboveTheMost(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s := newScene(t, b)
		allow := func(tx *store.Tx) error { return tx.AllowWechat(s.elder.PersonID, models.MomentReady) }
		spend := func(tx *store.Tx) error { return tx.SpendWechat(s.elder.PersonID, models.MomentReady) }
		if err := s.plain(t, spend); !fault.Is(err, fault.Conflict) {
			t.Errorf("without a tap: %v", err)
		}
		must(t, s.plain(t, allow))
		must(t, s.plain(t, spend))
		if err := s.plain(t, spend); !fault.Is(err, fault.Conflict) || s.budget(t) != 0 {
			t.Errorf("one tap is one message: %v, %d left", err, s.budget(t))
		}
		for range models.MaxGrants + 3 {
			must(t, s.plain(t, allow))
		}
		must(t, s.plain(t, func(tx *store.Tx) error { return tx.ReturnWechat(s.elder.PersonID, models.MomentReady) }))
		if got := s.budget(t); got != models.MaxGrants {
			t.Errorf("%d are allowed", got)
		}
		must(t, s.plain(t, func(tx *store.Tx) error { return tx.EmptyWechat(s.elder.PersonID, models.MomentReady) }))
		if got := s.budget(t); got != 0 {
			t.Errorf("%d are left after a refusal", got)
		}
	})
}

// TestWechatMessage_OneIsTheOnlyOneOfItsMoment, and who is overtaken hears it.
func TestWechatMessage_OneIsTheOnlyOneOfItsMoment(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s := newScene(t, b)
		d := s.agree(t, 2, 2, 2)
		m := s.wechat(t, d)
		twice := m
		err := s.plain(t, func(tx *store.Tx) error {
			twice.ID = tx.NewID()
			return tx.CreateWechatMessages([]models.WechatMessage{twice})
		})
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("a second one: %v", err)
		}
		save := func(tries int) error {
			return s.plain(t, func(tx *store.Tx) error { return tx.SaveWechatMessage(&m, tries) })
		}
		m.Tries, m.DueAt = 1, at(5)
		must(t, save(0))
		if err := save(0); !fault.Is(err, fault.Conflict) {
			t.Errorf("the same try by another: %v", err)
		}
		m.State, m.Code, m.ClosedAt = models.WechatFailed, 47003, ref(at(6))
		must(t, save(1))
		same(t, "closed", one[models.WechatMessage](t, s, m.ID), m)
		if err := save(1); !fault.Is(err, fault.Conflict) {
			t.Errorf("after its end: %v", err)
		}
		must(t, s.plain(t, func(tx *store.Tx) error { return tx.DropOldWechat(at(7)) }))
		var left []models.WechatMessage
		must(t, s.Store.Read(t.Context(), store.WechatMessagesOf([]models.ID{d.hand.ID}, &left)))
		if len(left) != 0 {
			t.Errorf("%d are kept for ever", len(left))
		}
	})
}

// TestWechatCursor_BeginsNowAndOneMovesIt.
func TestWechatCursor_BeginsNowAndOneMovesIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s := newScene(t, b)
		s.agree(t, 1, 1, 1)
		follow := func(tx *store.Tx) error { return tx.FollowWechat(s.Micro.ID) }
		must(t, s.plain(t, follow))
		behind := func() (behind []models.WechatCursor) {
			must(t, s.Store.Read(t.Context(), store.WechatCursorsBehind(10, &behind)))
			return behind
		}
		if got := behind(); len(got) != 0 {
			t.Errorf("what was before is told too: %v", got)
		}
		s.agree(t, 1, 1, 1)
		got := behind()
		must(t, s.plain(t, follow)) // again it changes nothing
		if again := behind(); len(got) != 1 || len(again) != 1 || again[0] != got[0] {
			t.Fatalf("%v, then %v", got, again)
		}
		move := func() error {
			return s.plain(t, func(tx *store.Tx) error { return tx.MoveWechat(got[0], got[0].Seq+2) })
		}
		must(t, move())
		if err := move(); !fault.Is(err, fault.Conflict) {
			t.Errorf("two have moved it: %v", err)
		}
	})
}

func TestWechatTicket_ServesOnceAndNotForEver(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s := newScene(t, b)
		create := func(hash byte, life time.Duration) models.WechatTicket {
			var ticket models.WechatTicket
			must(t, s.plain(t, func(tx *store.Tx) error {
				ticket = models.WechatTicket{ID: tx.NewID(), Kind: models.WechatEnter, Hash: []byte{hash}, OpenID: awkward, CreatedAt: tx.Now,
					ExpiresAt: tx.Now.Add(life)}
				return tx.CreateWechatTicket(&ticket)
			}))
			return ticket
		}
		use := func(id models.ID) error {
			return s.plain(t, func(tx *store.Tx) error { return tx.UseWechatTicket(id) })
		}
		first, late := create(1, time.Hour), create(2, time.Minute)
		same(t, "created", one[models.WechatTicket](t, s, first.ID), first)
		must(t, use(first.ID))
		if err := use(first.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("twice: %v", err)
		}
		s.wait(2 * time.Minute)
		if err := use(late.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("too late: %v", err)
		}
		create(3, time.Minute)
		var left []models.WechatTicket
		must(t, s.Store.Read(t.Context(), store.WechatTicketByHash([]byte{2}, &left)))
		if len(left) != 0 {
			t.Error("what is over stays")
		}
	})
}

func TestWechatBinding_IsOnePersonsAndGoesWithHer(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s := newScene(t, b)
		s.wechat(t, s.agree(t, 1, 1, 1))
		index := s.Store.Keys().Index("openid", "openid-elder")
		found := func() (found []models.WechatBinding) {
			must(t, s.Store.Read(t.Context(), store.WechatBindingByIndex(index, &found)))
			return found
		}
		if got := found(); len(got) != 1 || got[0].OpenID != "openid-elder" || got[0].PersonID != s.elder.PersonID {
			t.Fatalf("%+v", got)
		}
		err := s.plain(t, func(tx *store.Tx) error {
			return tx.BindWechat(&models.WechatBinding{PersonID: s.giver.PersonID, OpenID: "openid-elder", OpenIDIndex: index, CreatedAt: tx.Now})
		})
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("two people have one account: %v", err)
		}
		must(t, s.plain(t, func(tx *store.Tx) error { return tx.EmptyPosts(s.elder.PersonID) }))
		if got := found(); len(got) != 0 || s.budget(t) != 0 {
			t.Errorf("she left, and %v stays", got)
		}
	})
}
