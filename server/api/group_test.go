package api_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"linli/models"
	"linli/models/store/storetest"
	"linli/server/registry"

	"github.com/google/uuid"
)

// pasted is a reading, as far as these tests look.
type pasted struct {
	Mark, Sender, Text, Intent, Post, Urgency, Audience, Policy string
	Again                                                       bool
	Danger                                                      []string
	Lines                                                       []struct {
		Item     struct{ ID, Name string }
		Quantity int
		Verdict  *struct{ Outcome string }
	}
	Place     *struct{ Building, Unit, Room string }
	Homes     []struct{ ID, Door string }
	Residents []struct {
		ID     string
		Agreed bool
	}
	Question, Reply *struct{ ZH, EN string }
}

func (w *world) paste(t *testing.T, who, text string) ([]pasted, int) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"grid_id": w.Micro.ID, "text": text})
	must(t, err)
	got := w.send(t, who, "POST", "/api/v1/chat/readings", string(body))
	if got.status != 200 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	var all struct {
		Items   []pasted
		Chatter int
	}
	must(t, json.Unmarshal(got.body, &all))
	return all.Items, all.Chatter
}

type outcome struct {
	State, Detail string
	RequestID     string `json:"request_id"`
	OfferID       string `json:"offer_id"`
	Held          bool
	Refused       []struct{ Outcome string }
}

func (w *world) confirm(t *testing.T, who, key string, postings ...string) ([]outcome, answer) {
	t.Helper()
	got := w.send(t, who, "POST", "/api/v1/chat/postings", `{"grid_id":"`+w.Micro.ID+`","postings":[`+strings.Join(postings, ",")+`]}`, "Idempotency-Key", key)
	var all struct{ Items []outcome }
	if got.status == 201 {
		must(t, json.Unmarshal(got.body, &all))
	}
	return all.Items, got
}

// posting is the confirmation of a reading as it stands.
func (p pasted) posting(home models.ID, more string) string {
	var lines []string
	for _, l := range p.Lines {
		line := fmt.Sprintf(`{"item_id":%q,"quantity":%d,`, l.Item.ID, max(1, l.Quantity))
		if p.Post == "offer" {
			line += `"seal":"box","expires_on":"2027-08"}`
		} else {
			line += fmt.Sprintf(`"patient":%s,"urgency":%q}`, plainly, p.Urgency)
		}
		lines = append(lines, line)
	}
	kind := map[string]string{"offer": "lots", "request": "needs"}[p.Post]
	return fmt.Sprintf(`{"mark":%q,"household_id":%q,"way":"relay",%s%q:[%s]}`, p.Mark, home, more, kind, strings.Join(lines, ","))
}

const groupPaste = `王师傅 2026/12/18 19:58:01
我有抗原5支，没拆封，2027年8月到期，3-2-501

5-1-302 陈姐 2026/12/18 19:59:10
求一次性手套2双，给老人用

小赵 2026/12/18 20:01:44
晚上吃啥子哦

李姐 2026/12/18 20:02:00
我妈喘不上气了，求布洛芬6粒，1-1-201

周哥 2026/12/18 20:03:00
有没有布洛芬
`

func TestPaste_IsUnderstoodDangerFirstAndPostedOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newWorld(t, b)
		read, chatter := w.paste(t, worker, groupPaste)
		if len(read) != 4 || chatter != 1 {
			t.Fatalf("%d readings, %d about nothing: %+v", len(read), chatter, read)
		}
		if len(read[0].Danger) == 0 || !strings.Contains(read[0].Reply.ZH, "120") {
			t.Errorf("danger does not come first: %+v", read[0])
		}
		var offer, need, half pasted
		for _, r := range read[1:] {
			switch {
			case r.Post == "offer":
				offer = r
			case r.Question != nil:
				half = r
			default:
				need = r
			}
		}
		if len(offer.Homes) != 1 || offer.Homes[0].ID != w.people[giver].HouseholdID || len(offer.Residents) != 1 || !offer.Residents[0].Agreed {
			t.Errorf("the giver's door is not found: %+v", offer)
		}
		if need.Sender != "5-1-302 陈姐" || len(need.Homes) != 1 || need.Homes[0].ID != w.people[other].HouseholdID || need.Audience != "elder" {
			t.Errorf("the door in a name is not read: %+v", need)
		}
		if half.Sender != "周哥" || half.Reply == nil || half.Question.ZH == "" || half.Question.EN == half.Question.ZH {
			t.Errorf("what is half understood has no question: %+v", half)
		}
		if got := w.written(t); got != 0 {
			t.Errorf("reading alone posted %d", got)
		}

		confirmed := []string{offer.posting(w.people[giver].HouseholdID, ""), need.posting(w.people[other].HouseholdID, "")}
		done, got := w.confirm(t, worker, "one", confirmed...)
		if got.status != 201 || done[0].State != "posted" || done[0].OfferID == "" || done[1].State != "posted" || done[1].RequestID == "" {
			t.Fatalf("%d %s", got.status, got.body)
		}
		if _, again := w.confirm(t, worker, "one", confirmed...); string(again.body) != string(got.body) {
			t.Errorf("the same call again:\n%s\n%s", again.body, got.body)
		}
		before := w.written(t)
		tail, _ := w.paste(t, worker, groupPaste)
		seen := 0
		for _, r := range tail {
			if r.Again {
				seen++
			}
		}
		if seen != 2 {
			t.Errorf("%d of two messages are known again", seen)
		}
		done, _ = w.confirm(t, worker, "two", confirmed...)
		if done[0].State != "again" || done[1].State != "again" || w.written(t) != before {
			t.Errorf("the same messages were posted again: %+v", done)
		}
		w.Clock.Add(models.PastedFor)
		if late, _ := w.paste(t, worker, groupPaste); len(late) == 0 || late[len(late)-1].Again {
			t.Errorf("known for longer than a week: %+v", late)
		}
		if done, got = w.confirm(t, worker, "three", confirmed[1]); done[0].State == "again" {
			t.Errorf("a week later: %s", got.body)
		}
	})
}

// written counts the posts of everybody.
func (w *world) written(t *testing.T) int {
	t.Helper()
	n := 0
	must(t, w.Bare(t).QueryRow("SELECT (SELECT COUNT(*) FROM needs) + (SELECT COUNT(*) FROM lots)").Scan(&n))
	return n
}

func TestPaste_OneRefusedLineDoesNotLoseTheOthers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newWorld(t, b)
		home := w.people[other].HouseholdID
		line := func(home, item string, more string) string {
			return `{"household_id":"` + home + `","way":"relay",` + more + `"needs":[{"item_id":"` + item + `","quantity":1,"patient":` + plainly + `,"urgency":"today"}]}`
		}
		done, got := w.confirm(t, worker, uuid.NewString(), line(home, "M105", ""), line(w.people[stranger].HouseholdID, "M128", ""), line(home, "M128", ""),
			line(w.people[elder].HouseholdID, "M137", `"name":"刘爷爷","heard":"phone",`), line(w.people[elder].HouseholdID, "M129", `"name":"刘爷爷","heard":"phone",`))
		if got.status != 201 {
			t.Fatalf("%d %s", got.status, got.body)
		}
		if done[0].State != "refused" || len(done[0].Refused) != 1 || done[0].Detail == "" {
			t.Errorf("a prescription drug: %+v", done[0])
		}
		if done[1].State != "refused" {
			t.Errorf("a home of another's grid: %+v", done[1])
		}
		if done[2].State != "posted" || done[3].State != "posted" || done[4].State != "posted" {
			t.Errorf("the others are lost: %+v", done)
		}
		var list struct{ Items []struct{ Name string } }
		must(t, json.Unmarshal(w.send(t, worker, "GET", "/api/v1/households/"+w.people[elder].HouseholdID+"/residents", "").body, &list))
		if len(list.Items) != 2 {
			t.Errorf("who is new wrote twice and is %d people", len(list.Items)-1)
		}
	})
}

func TestPaste_TwoWorkersAtOncePostOne(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newWorld(t, b)
		token, err := registry.New(w.Store).MintSession(t.Context(), w.Worker(t, w.Micro).PersonID)
		must(t, err)
		w.tokens["second"] = token
		read, _ := w.paste(t, worker, "王师傅：我有抗原5支，没拆封，2027年8月到期，3-2-501")
		posting := read[0].posting(w.people[giver].HouseholdID, "")
		states := make([]string, 2)
		var both sync.WaitGroup
		for i, who := range []string{worker, "second"} {
			both.Go(func() {
				done, got := w.confirm(t, who, uuid.NewString(), posting)
				if len(done) == 1 {
					states[i] = done[0].State
				} else {
					t.Errorf("%d %s", got.status, got.body)
				}
			})
		}
		both.Wait()
		if strings.Join(states, " ") != "posted again" && strings.Join(states, " ") != "again posted" {
			t.Errorf("two workers: %v", states)
		}
		if n := w.written(t); n != 1 {
			t.Errorf("%d lots", n)
		}
	})
}

func TestPaste_KeepsNothingOfWhatWasWritten(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		log := &lines{}
		w := settle(t, b)
		w.serve(t, serveConfig(), slog.New(slog.NewTextHandler(log, nil)))
		const name, words = "桂花树下的老周", "急求抗原2支门口有棵桂花树13812345678"
		read, _ := w.paste(t, worker, name+"："+words)
		if len(read) != 1 || strings.Contains(read[0].Text, "13812345678") {
			t.Fatalf("%+v", read)
		}
		done, got := w.confirm(t, worker, uuid.NewString(), read[0].posting(w.people[other].HouseholdID, ""))
		if len(done) != 1 || done[0].State != "posted" {
			t.Fatalf("%d %s", got.status, got.body)
		}
		kept := strings.Join(log.all(), "\n")
		db := b.Bare(t)
		for _, table := range b.Tables(t, db) {
			rows, err := db.Query("SELECT * FROM " + table)
			must(t, err)
			columns, err := rows.Columns()
			must(t, err)
			for rows.Next() {
				values, targets := make([]any, len(columns)), make([]any, len(columns))
				for i := range values {
					targets[i] = &values[i]
				}
				must(t, rows.Scan(targets...))
				kept += fmt.Sprintf("%s", values)
			}
			must(t, rows.Err())
			rows.Close()
		}
		for _, secret := range []string{name, "桂花", "13812345678", "门口有棵"} {
			if strings.Contains(kept, secret) {
				t.Errorf("%s was kept", secret)
			}
		}
	})
}

func TestPaste_LimitsAndEmoji(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	send := func(who, text string) answer {
		body, err := json.Marshal(map[string]string{"grid_id": w.Micro.ID, "text": text})
		must(t, err)
		return w.send(t, who, "POST", "/api/v1/chat/readings", string(body))
	}
	for _, c := range []struct {
		who, text string
		want      int
	}{
		{stranger, "求布洛芬", 404}, {elder, "求布洛芬", 404}, {beside, "求布洛芬", 404}, {operator, "求布洛芬", 404}, {anonymous, "求布洛芬", 401},
		{worker, strings.Repeat("长", 20_001), 422}, {worker, strings.Repeat("求布洛芬1粒\n", 201), 200}, {worker, numbered(201), 422}, {worker, numbered(200), 200},
		{worker, "", 200}, {worker, "🙏🙏👩‍👩‍👧‍👦：🆘🆘求抗原②支❗️\n\u202e👻", 200},
	} {
		if got := send(c.who, c.text); got.status != c.want {
			t.Errorf("%s, %.20q: %d %.300s", c.who, c.text, got.status, got.body)
		}
	}
	read, _ := w.paste(t, worker, "👩‍👩‍👧‍👦 小陈：🆘求抗原２支🙏🙏")
	if len(read) != 1 || read[0].Sender != "👩‍👩‍👧‍👦 小陈" || len(read[0].Lines) != 1 || read[0].Lines[0].Quantity != 2 {
		t.Errorf("%+v", read)
	}
	sold, _ := w.paste(t, worker, "老钱：布洛芬50一盒，要的私聊")
	if len(sold) != 1 || sold[0].Post != "" || sold[0].Policy != "sale" || sold[0].Reply == nil {
		t.Errorf("what is sold could be posted: %+v", sold)
	}
}

func numbered(n int) string {
	var all strings.Builder
	for i := range n {
		fmt.Fprintf(&all, "求布洛芬%d粒\n", i+1)
	}
	return all.String()
}

func TestGroupCard_TellsGoodsAndNoMore(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newWorld(t, b)
		ask := func(who, item string, more string) string {
			got := w.send(t, who, "POST", "/api/v1/requests", `{"lines":[{"item_id":"`+item+`","quantity":2,"patient":`+fever+`,"urgency":"now"}],"way":"relay"`+more+`}`,
				"Idempotency-Key", uuid.NewString())
			var r struct{ Needs []struct{ ID string } }
			must(t, json.Unmarshal(got.body, &r))
			if got.status != 201 {
				t.Fatalf("%d %s", got.status, got.body)
			}
			return r.Needs[0].ID
		}
		open, private := ask(elder, "M125", ""), ask(elder, "M137", `,"private":true`)
		text := func(who, path string, want int) string {
			got := w.send(t, who, "GET", "/api/v1"+path, "")
			if got.status != want {
				t.Errorf("%s %s: %d %s", who, path, got.status, got.body)
			}
			var card struct{ Text string }
			must(t, json.Unmarshal(got.body, &card))
			return card.Text
		}
		card := text(worker, "/needs/"+open+"/group-card", 200)
		for _, part := range []string{"【邻里药箱】微网格 07", "2", "http://localhost:8080/#/offer", "只送，不卖，不换"} {
			if !strings.Contains(card, part) {
				t.Errorf("%q is not in the card:\n%s", part, card)
			}
		}
		day := text(other, "/grids/"+w.Micro.ID+"/group-card", 200)
		if !strings.Contains(day, "【急】") || strings.Count(day, "·") != 1 {
			t.Errorf("the day:\n%s", day)
		}
		for _, secret := range []string{"张婆婆", "201", "1 栋", "138", "发烧", "老人", "elder"} {
			if strings.Contains(card+day, secret) {
				t.Errorf("%s is told to the group:\n%s\n%s", secret, card, day)
			}
		}
		text(worker, "/needs/"+private+"/group-card", 409)
		text(elder, "/needs/"+private+"/group-card", 409)
		text(other, "/needs/"+private+"/group-card", 404)
		text(stranger, "/needs/"+open+"/group-card", 404)
		text(stranger, "/grids/"+w.Micro.ID+"/group-card", 404)
		w.send(t, elder, "POST", "/api/v1/needs/"+open+"/cancel", "", "Idempotency-Key", uuid.NewString())
		if over := text(worker, "/needs/"+open+"/group-card", 200); !strings.Contains(over, "不用找了") {
			t.Errorf("over: %s", over)
		}
		for i := range 8 {
			w.Neighbour(t, w.Micro, fmt.Sprintf("1-1-%d", 300+i), "邻居", models.CareNone)
		}
		if large := text(worker, "/needs/"+ask(elder, "M125", "")+"/group-card", 200); !strings.Contains(large, "1 栋") {
			t.Errorf("of a building with nine homes: %s", large)
		}
	})
}
