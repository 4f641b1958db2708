package api_test

import (
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linli/models"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/wechat/wechattest"

	"github.com/google/uuid"
)

const (
	sendCall  = "/cgi-bin/message/subscribe/send"
	checkCall = "/wxa/msg_sec_check"
	loginCall = "/sns/jscode2session"
)

// newPhone is a small place with a WeChat of its own.
func newPhone(t *testing.T, b storetest.Bench) (*scene, *wechattest.Server) {
	t.Helper()
	fake := wechattest.New(t)
	for _, m := range models.Moments {
		fake.Template(templateOf(string(m)), "thing1", "thing2", "thing3", "time4")
	}
	s := &scene{world: settle(t, b)}
	s.serve(t, withWechat(fake), slog.New(slog.DiscardHandler))
	return s, fake
}

// allow is a tap of somebody in the native page: WeChat and we hear of it.
func (s *scene) allow(t *testing.T, fake *wechattest.Server, who string, moments ...string) {
	t.Helper()
	list, err := json.Marshal(moments)
	must(t, err)
	for _, m := range moments {
		fake.Allow("openid-"+who, templateOf(m), 1)
	}
	s.do(t, who, "/wechat/grants", `{"moments":`+string(list)+`}`)
}

func (s *scene) remind(t *testing.T) {
	t.Helper()
	must(t, s.srv.Remind(t.Context()))
}

// left is how many messages of a moment somebody still allows.
func (s *scene) left(t *testing.T, who, moment string) int {
	t.Helper()
	var status struct {
		Moments []struct {
			Moment string
			Left   int
		}
	}
	must(t, json.Unmarshal(s.send(t, who, "GET", "/api/v1/wechat", "").body, &status))
	for _, m := range status.Moments {
		if m.Moment == moment {
			return m.Left
		}
	}
	t.Fatalf("%s cannot be told", moment)
	return 0
}

// told lists what arrived since it was last asked, as "who: what it says".
func told(fake *wechattest.Server, before *int) []string {
	all := []string{}
	sent := fake.Sent()
	for _, m := range sent[*before:] {
		all = append(all, strings.TrimPrefix(m.OpenID, "openid-")+": "+m.Data["thing1"]+"，"+m.Data["thing2"])
	}
	*before = len(sent)
	return all
}

// matched has the giver offer and the elder ask for gloves; it gives back the
// lot and the handover.
func (s *scene) matched(t *testing.T) (lot, handover string) {
	t.Helper()
	offered := s.do(t, giver, "/offers", `{"lots":[{"item_id":"M137","quantity":1,"expires_on":"2027-08","seal":"box"}],"way":"relay"}`)
	asked := s.do(t, elder, "/requests", `{"lines":[{"item_id":"M137","quantity":1,"patient":`+plainly+`,"urgency":"today"}],"way":"relay"}`)
	lot, _ = dig(offered, ".lots[0].id").(string)
	handover, _ = dig(asked, ".needs[0].matches[0].handover_id").(string)
	if lot == "" || handover == "" {
		t.Fatal("nothing was matched")
	}
	return lot, handover
}

const inOrder = `{"sealed":true,"readable":true,"in_date":true,"otc":true,"labelled":true,"expires_on":"2027-08","counted":1}`

func wantTold(t *testing.T, when string, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s:\n%s\nnot\n%s", when, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestSubscribe_TellsTheMomentsOnceWithinWhatWasAllowed walks a thing from the
// giver to the receiver, both of whom allow what they want to hear.
func TestSubscribe_TellsTheMomentsOnceWithinWhatWasAllowed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s, fake := newPhone(t, b)
		var before int
		if got := s.send(t, elder, "POST", "/api/v1/wechat/grants", `{"moments":["match"]}`, "Idempotency-Key", "k"); got.status != 409 {
			t.Errorf("without WeChat: %d %s", got.status, got.body)
		}
		s.bound(t, elder, "openid-elder")
		s.bound(t, giver, "openid-giver")
		s.allow(t, fake, elder, "match", "ready", "closed")
		s.allow(t, fake, giver, "drop")
		lot, handover := s.matched(t)
		s.remind(t)
		wantTold(t, "matched", told(fake, &before), "giver: 你的分享，请送到中转站，打开看时间", "elder: 你的求助，有着落了，打开看看是哪家")
		if got := s.left(t, elder, "match"); got != 0 {
			t.Errorf("%d are left of one tap", got)
		}
		s.remind(t)
		wantTold(t, "again", told(fake, &before))
		s.do(t, worker, "/lots/"+lot+"/check-in", inOrder)
		s.remind(t)
		wantTold(t, "ready", told(fake, &before), "elder: 你的求助，可以来取了，打开看取货码")
		code, _ := dig(s.read(t, elder, "/handovers/"+handover+"/code"), ".code").(string)
		s.do(t, worker, "/handovers/"+handover+"/give", `{"code":"`+code+`","adult":true}`)
		s.remind(t)
		wantTold(t, "closed", told(fake, &before), "elder: 你的求助，已经交到你手里，谢谢")
		for _, m := range fake.Sent() {
			text, err := json.Marshal(m)
			must(t, err)
			for _, secret := range []string{code, "手套", "M137", "张婆婆", "王师傅", "1-1-201"} {
				if strings.Contains(string(text), secret) {
					t.Errorf("a message tells %s: %s", secret, text)
				}
			}
			if m.Data["time4"] == "" || m.Data["thing3"] == "" || m.Page != "pages/index/index" || m.State != "formal" {
				t.Errorf("%s", text)
			}
		}
	})
}

// TestSubscribe_TellsTheNewPlaceOnceMore: the box was carried over to another point
// after she had been told to come.
func TestSubscribe_TellsTheNewPlaceOnceMore(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s, fake := newPhone(t, b)
		var before int
		s.bound(t, elder, "openid-elder")
		s.allow(t, fake, elder, "ready")
		s.allow(t, fake, elder, "ready")
		lot, _ := s.matched(t)
		s.do(t, worker, "/lots/"+lot+"/check-in", inOrder)
		s.remind(t)
		wantTold(t, "ready", told(fake, &before), "elder: 你的求助，可以来取了，打开看取货码")
		other := s.Relay
		other.Code, other.Name, other.Version = other.Code+"-2", "西门中转站", 0
		must(t, s.Store.InTx(t.Context(), func(tx *store.Tx) error {
			other.ID = tx.NewID()
			return tx.SaveRelay(&other)
		}))
		s.do(t, worker, "/relays/"+s.Relay.ID+"/move-box", `{"to":"`+other.ID+`"}`)
		s.remind(t)
		wantTold(t, "moved", told(fake, &before), "elder: 你的求助，可以来取了，打开看取货码")
		if sent := fake.Sent(); sent[len(sent)-1].Data["thing3"] != "西门中转站" {
			t.Errorf("she is sent to %s", sent[len(sent)-1].Data["thing3"])
		}
		if got := s.left(t, elder, "ready"); got != 0 {
			t.Errorf("%d are left of two taps", got)
		}
		s.remind(t)
		wantTold(t, "again", told(fake, &before))
	})
}

// TestSubscribe_KeepsWhatWeChatSays of refusals, of what is busy, and of what it
// does not take at all.
func TestSubscribe_KeepsWhatWeChatSays(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s, fake := newPhone(t, b)
		var before int
		s.bound(t, elder, "openid-elder")
		s.do(t, elder, "/wechat/grants", `{"moments":["match"]}`) // more than she tapped
		s.do(t, elder, "/wechat/grants", `{"moments":["match"]}`)
		s.matched(t)
		s.remind(t)
		wantTold(t, "refused", told(fake, &before))
		if got := s.left(t, elder, "match"); got != 0 {
			t.Errorf("%d are left after a refusal", got)
		}

		s.allow(t, fake, elder, "match")
		fake.Fail(sendCall, -1)
		s.matched(t)
		s.remind(t)
		wantTold(t, "busy", told(fake, &before))
		s.remind(t)
		wantTold(t, "too early for another try", told(fake, &before))
		b.Clock.Add(31 * time.Second)
		s.remind(t)
		wantTold(t, "later", told(fake, &before), "elder: 你的求助，有着落了，打开看看是哪家")

		s.allow(t, fake, elder, "match")
		fake.Fail(sendCall, 47003)
		s.matched(t)
		s.remind(t)
		wantTold(t, "not taken", told(fake, &before))
		if got := s.left(t, elder, "match"); got != 1 {
			t.Errorf("%d are left of one that WeChat did not use", got)
		}
		b.Clock.Add(time.Hour)
		s.remind(t)
		wantTold(t, "not taken, later", told(fake, &before))
	})
}

// TestSubscribe_IsSilentAboutWhatHasPassed: declined meanwhile, unbound
// meanwhile, too old, or before anybody allowed anything.
func TestSubscribe_IsSilentAboutWhatHasPassed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s, fake := newPhone(t, b)
		var before int
		s.bound(t, elder, "openid-elder")
		s.bound(t, giver, "openid-giver")
		s.matched(t)
		s.allow(t, fake, elder, "match")
		s.remind(t)
		wantTold(t, "before the tap", told(fake, &before))

		s.allow(t, fake, giver, "drop")
		lot, _ := s.matched(t)
		s.do(t, giver, "/lots/"+lot+"/hand-in", "")
		s.remind(t)
		wantTold(t, "brought already", told(fake, &before), "elder: 你的求助，有着落了，打开看看是哪家")

		fake.Fail(sendCall, -1)
		s.matched(t)
		s.remind(t)
		b.Clock.Add(3 * time.Hour)
		s.remind(t)
		wantTold(t, "too old", told(fake, &before))
		if got := s.left(t, giver, "drop"); got != 1 {
			t.Errorf("%d are left of one that was never used", got)
		}
		if got := s.send(t, giver, "DELETE", "/api/v1/wechat/binding", ""); got.status != 204 {
			t.Fatalf("%d %s", got.status, got.body)
		}
		s.matched(t)
		s.remind(t)
		wantTold(t, "unbound", told(fake, &before))
	})
}

// TestSubscribe_TwoProcessesSendOneMessage.
func TestSubscribe_TwoProcessesSendOneMessage(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s, fake := newPhone(t, b)
		s.bound(t, elder, "openid-elder")
		s.allow(t, fake, elder, "match")
		fake.Allow("openid-elder", templateOf("match"), 5)
		s.matched(t)
		beside := &world{Place: s.Place, people: s.people, tokens: s.tokens}
		beside.serve(t, withWechat(fake), slog.New(slog.DiscardHandler))
		done := make(chan error, 8)
		for range 4 {
			go func() { done <- s.srv.Remind(t.Context()) }()
			go func() { done <- beside.srv.Remind(t.Context()) }()
		}
		for range cap(done) {
			must(t, <-done)
		}
		if got := fake.Sent(); len(got) != 1 {
			t.Errorf("%d messages", len(got))
		}
	})
}

// TestWechatLogin_IsTheWholeWay from the shell's code to a session, and says
// what is wrong kindly.
func TestWechatLogin_IsTheWholeWay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		s, fake := newPhone(t, b)
		login := func(code string) answer {
			fake.Code(code, "openid-elder")
			return s.send(t, anonymous, "POST", "/api/v1/wechat/login", `{"code":"`+code+`"}`)
		}
		exchange := func(got answer) map[string]any {
			t.Helper()
			ticket, _ := dig(s.good(t, "login", got), ".ticket").(string)
			for _, secret := range []string{"openid", "session"} {
				if strings.Contains(string(got.body), secret) {
					t.Errorf("the shell is told %s: %s", secret, got.body)
				}
			}
			arrival, _ := s.good(t, "exchange", s.send(t, anonymous, "POST", "/api/v1/wechat/tickets/exchange", `{"ticket":"`+ticket+`"}`)).(map[string]any)
			return arrival
		}
		unknown := exchange(login("code-1"))
		bind, _ := dig(any(unknown), ".bind.ticket").(string)
		if unknown["token"] != nil || bind == "" {
			t.Fatalf("%v", unknown)
		}
		if got := s.send(t, elder, "POST", "/api/v1/wechat/binding", `{"ticket":"`+bind+`"}`, "Idempotency-Key", uuid.NewString()); got.status != 204 {
			t.Fatalf("%d %s", got.status, got.body)
		}
		token, _ := exchange(login("code-2"))["token"].(string)
		s.tokens["lost phone"] = token
		if got := s.send(t, "lost phone", "GET", "/api/v1/session", ""); got.status != 200 || !strings.Contains(string(got.body), s.people[elder].PersonID) {
			t.Errorf("%d %s", got.status, got.body)
		}
		for code, want := range map[int]int{40029: 422, 40163: 422, 40226: 422, 45011: 429, 40125: 503, -1: 503} {
			fake.Fail(loginCall, code)
			if code == -1 {
				fake.Fail(loginCall, -1, -1)
			}
			if got := login("code-" + uuid.NewString()); got.status != want || strings.Contains(string(got.body), "errcode") {
				t.Errorf("errcode %d: %d %s", code, got.status, got.body)
			}
		}
	})
}

// TestWords_RiskyOnesAreRefusedAndWeChatBeingDownStopsNobody.
func TestWords_RiskyOnesAreRefusedAndWeChatBeingDownStopsNobody(t *testing.T) {
	t.Parallel()
	s, fake := newPhone(t, storetest.SQLite(t))
	fake.Judge("卖药", "risky")
	fake.Judge("看看", "review")
	post := func(note string) answer {
		return s.send(t, elder, "POST", "/api/v1/requests", `{"lines":[{"item_id":"M137","quantity":1,"patient":`+plainly+
			`,"urgency":"today"}],"way":"relay","note":"`+note+`"}`, "Idempotency-Key", uuid.NewString())
	}
	free := func(a answer) {
		t.Helper()
		id, _ := dig(s.good(t, "/requests", a), ".needs[0].id").(string)
		s.do(t, elder, "/needs/"+id+"/cancel", "")
	}
	free(post("卖药")) // she came by a browser: nothing to ask WeChat about
	s.bound(t, elder, "openid-elder")
	if got := post("加我微信卖药"); got.status != 422 || !strings.Contains(string(got.body), "words_risky") {
		t.Errorf("%d %s", got.status, got.body)
	}
	free(post("请看看"))
	free(post(""))
	fake.Break(checkCall, "<html>")
	free(post("卖药"))
	if n := fake.Count(checkCall); n != 3 {
		t.Errorf("checked %d times", n)
	}
}

// TestWords_CoverWhateverIsWrittenToOthers: one check of all that a post says.
func TestWords_CoverWhateverIsWrittenToOthers(t *testing.T) {
	t.Parallel()
	s, fake := newPhone(t, storetest.SQLite(t))
	fake.Judge("卖药", "risky")
	s.bound(t, elder, "openid-elder")
	s.bound(t, worker, "openid-worker")
	line := func(why string) string {
		return `{"item_id":"M137","quantity":1,"patient":` + plainly + `,"urgency":"now","urgency_why":"` + why + `"}`
	}
	long := strings.Repeat("急", 290)
	lines := strings.Repeat(line(long)+",", 9) + line("卖药")
	thing := uuid.NewString()
	for _, c := range []struct{ who, path, body string }{
		{elder, "/requests", `{"lines":[` + line("家里没有了") + `,` + line("卖药") + `],"way":"relay","note":"谢谢"}`},
		{elder, "/requests", `{"lines":[` + lines + `],"way":"relay","note":"` + long + `"}`}, // more than one check takes
		{elder, "/needs/" + thing + "/urgency", `{"urgency":"now","why":"卖药"}`},
		{elder, "/needs/" + thing + "/review", `{"note":"卖药"}`},
		{worker, "/reviews/" + thing + "/decide", `{"decision":"stands","reply":"卖药"}`},
		{worker, "/grids/" + s.Micro.ID + "/notices", `{"text":"卖药"}`},
		{worker, "/notices/" + thing + "/correct", `{"text":"卖药"}`},
		{elder, "/loans/" + thing + "/close", `{"how":"lost","note":"卖药"}`},
		{worker, "/loans/" + thing + "/return", `{"wiped":true,"works":true,"note":"卖药"}`},
		{elder, "/bags", `{"note":"卖药"}`},
		{worker, "/recalls", `{"grid_id":"` + s.Micro.ID + `","item_id":"M004","batch":"B7","reason":"卖药"}`},
	} {
		got := s.send(t, c.who, "POST", "/api/v1"+c.path, c.body, "Idempotency-Key", uuid.NewString())
		if got.status != 422 || !strings.Contains(string(got.body), "words_risky") {
			t.Errorf("%s: %d %s", c.path, got.status, got.body)
		}
	}
	if n := fake.Count(checkCall); n != 12 {
		t.Errorf("checked %d times", n)
	}
	s.do(t, worker, "/grids/"+s.Micro.ID+"/notices", `{"text":"下午发口罩"}`)
}

// TestWechat_IsOffUntilConfigured, and the domain's check file is served where it is.
func TestWechat_IsOffUntilConfigured(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	s := &scene{world: settle(t, b)}
	c := withWechat(tables())
	c.Wechat.AppID, c.Wechat.Secret, c.Wechat.CheckFile = "", "", filepath.Join(t.TempDir(), "AbC123.txt")
	must(t, os.WriteFile(c.Wechat.CheckFile, []byte("0a1b2c"), 0o600))
	s.serve(t, c, slog.New(slog.DiscardHandler))
	if got := s.send(t, elder, "GET", "/api/v1/wechat", ""); got.status != 200 || string(got.body) != `{"on":false,"bound":false,"moments":[]}`+"\n" {
		t.Errorf("%d %s", got.status, got.body)
	}
	for _, call := range []struct{ path, body string }{{"/wechat/login", `{"code":"wx-code"}`}, {"/wechat/tickets/exchange", `{"ticket":"x"}`},
		{"/wechat/binding", `{"ticket":"x"}`}, {"/wechat/grants", `{"moments":["match"]}`}} {
		if got := s.send(t, elder, "POST", "/api/v1"+call.path, call.body, "Idempotency-Key", "k"); got.status != 404 || !strings.Contains(string(got.body), "wechat_off") {
			t.Errorf("%s: %d %s", call.path, got.status, got.body)
		}
	}
	if got := s.send(t, anonymous, "GET", "/AbC123.txt", ""); got.status != 200 || string(got.body) != "0a1b2c" {
		t.Errorf("%d %s", got.status, got.body)
	}
	must(t, s.srv.Remind(t.Context()))
	var behind []models.WechatCursor
	must(t, s.Store.Read(t.Context(), store.WechatCursorsBehind(1, &behind)))
	if len(behind) != 0 {
		t.Error("somebody is followed")
	}
}
