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
	"linli/server"
	"linli/server/registry"

	"github.com/google/uuid"
)

// example is a call that somebody may make in the scene, and would succeed at.
type example struct {
	who, path, body string
}

const (
	fever   = `{"age":"elder","answers":{"liver":"no","alcohol":"no","taking:APAP":"no"},"signs":[],"fever":true,"fever_days":1}`
	plainly = `{"age":"elder"}`

	checkedLine = `{"item_id":"M004","quantity":10,"strength":"0.5 g","form":"片","pack_size":10,"batch":"B7","expires_on":"2027-08","seal":"box",` +
		`"sealed":true,"readable":true,"in_date":true,"otc":true}`
	refusedLine = `{"item_id":"M004","quantity":2,"seal":"opened","refuse":"opened","kept":true}`
)

// examples has a call for every published route, by method and path. {name} is
// something of the scene.
var examples = map[string]example{
	"GET /session":             {elder, "/session", ""},
	"DELETE /session":          {stranger, "/session", ""},
	"DELETE /people/me":        {stranger, "/people/me", ""},
	"POST /session/door":       {anonymous, "/session/door", `{"code":"{door}","name":"张三","phone":"13800000014"}`},
	"POST /session/invitation": {anonymous, "/session/invitation", `{"code":"{invited}","name":"张三","phone":"13800000014"}`},
	"GET /demo":                {anonymous, "/demo", ""},
	"POST /demo/{key}/session": {anonymous, "/demo/worker/session", ""},
	"GET /consents":            {elder, "/consents", ""},
	"POST /consents":           {elder, "/consents", `{"kind":"board","granted":false}`},

	"GET /wechat":                   {elder, "/wechat", ""},
	"POST /wechat/login":            {anonymous, "/wechat/login", `{"code":"wx-code"}`},
	"POST /wechat/tickets/exchange": {anonymous, "/wechat/tickets/exchange", `{"ticket":"{entry}"}`},
	"POST /wechat/binding":          {other, "/wechat/binding", `{"ticket":"{entry}"}`},
	"DELETE /wechat/binding":        {elder, "/wechat/binding", ""},
	"POST /wechat/grants":           {elder, "/wechat/grants", `{"moments":["match","ready"]}`},
	"GET /wechat/signature":         {elder, "/wechat/signature?url=http://localhost:8080/", ""},

	"GET /claims":                     {worker, "/claims?limit=5", ""},
	"POST /claims/{id}/approve":       {worker, "/claims/{pending}/approve", ""},
	"POST /claims/{id}/refuse":        {worker, "/claims/{pending}/refuse", `{"reason":"不住这里"}`},
	"POST /invitations":               {worker, "/invitations", `{"role":"volunteer","grid_id":"{grid}"}`},
	"GET /invitations/{id}/link":      {worker, "/invitations/{invitation}/link", ""},
	"GET /grids":                      {elder, "/grids?parent={city}&limit=5", ""},
	"GET /grids/{id}":                 {elder, "/grids/{grid}", ""},
	"GET /grids/{id}/door-sheet":      {worker, "/grids/{grid}/door-sheet", ""},
	"GET /grids/{id}/shares":          {worker, "/grids/{grid}/shares?days=7", ""},
	"GET /grids/{id}/roles":           {operator, "/grids/{grid}/roles", ""},
	"DELETE /grids/{id}/roles/{role}": {operator, "/grids/{grid}/roles/{role}", ""},
	"GET /households":                 {worker, "/households?grid={grid}&query=3", ""},
	"GET /households/{id}/residents":  {worker, "/households/{home}/residents", ""},
	"POST /households/{id}/residents": {worker, "/households/{home}/residents", `{"name":"刘爷爷","heard":"face"}`},
	"POST /people/{id}/consents":      {worker, "/people/{neighbour}/consents", `{"heard":"phone"}`},
	"POST /households/{id}/door-code": {worker, "/households/{home}/door-code", ""},
	"GET /overview":                   {operator, "/overview", ""},
	"GET /today":                      {worker, "/today?grid={grid}", ""},

	"GET /catalogue/items":        {elder, "/catalogue/items?query=美林&limit=5", ""},
	"GET /catalogue/items/{item}": {elder, "/catalogue/items/M140", ""},
	"GET /catalogue/signs":        {elder, "/catalogue/signs", ""},
	"POST /screenings":            {elder, "/screenings", `{"line":{"item_id":"M140","quantity":6,"patient":` + fever + `}}`},

	"POST /requests": {elder, "/requests", `{"lines":[{"item_id":"M125","quantity":6,"patient":` + fever +
		`,"urgency":"today","urgency_why":"在发烧"}],"way":"relay","private":false,"note":"谢谢"}`},
	"GET /requests":              {elder, "/requests?state=all&limit=5", ""},
	"GET /requests/{id}":         {elder, "/requests/{request}", ""},
	"POST /needs/{id}/cancel":    {elder, "/needs/{need}/cancel", ""},
	"POST /needs/{id}/urgency":   {elder, "/needs/{need}/urgency", `{"urgency":"now","why":"更烧了"}`},
	"POST /needs/{id}/condition": {elder, "/needs/{need}/condition", `{"answers":{"kidney":"yes"}}`},
	"POST /needs/{id}/clear":     {worker, "/needs/{held}/clear", ""},
	"POST /needs/{id}/widen":     {worker, "/needs/{need}/widen", `{"grid_id":"{city}"}`},
	"POST /needs/{id}/confirm":   {worker, "/needs/{need}/confirm", ""},
	"POST /needs/{id}/review":    {elder, "/needs/{need}/review", `{"note":"怎么还没有"}`},
	"POST /reviews/{id}/decide":  {worker, "/reviews/{review}/decide", `{"decision":"helped","reply":"我送来"}`},
	"GET /asks":                  {giver, "/asks", ""},
	"POST /asks/{id}/answer":     {giver, "/asks/{ask}/answer", `{"answer":"yes","way":"relay","lots":[{"item_id":"M128","quantity":1,"seal":"box"}]}`},
	"POST /messages":             {worker, "/messages", `{"about":"match","about_id":"{agreed}","to":"giver","code":"bring"}`},
	"GET /messages":              {elder, "/messages", ""},
	"POST /messages/{id}/answer": {elder, "/messages/{message}/answer", `{"answer":"later"}`},
	"GET /board":                 {other, "/board?limit=5", ""},
	"GET /needs/{id}/group-card": {worker, "/needs/{need}/group-card", ""},
	"GET /grids/{id}/group-card": {worker, "/grids/{grid}/group-card", ""},
	"POST /chat/readings":        {worker, "/chat/readings", `{"grid_id":"{grid}","text":"陈姐：求抗原2支，5-1-302"}`},
	"POST /chat/postings": {worker, "/chat/postings", `{"grid_id":"{grid}","postings":[{"mark":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","household_id":"{home}","person_id":"{neighbour}","heard":"phone","way":"relay","needs":[{"item_id":"M125","quantity":6,"patient":` + fever + `,"urgency":"today","urgency_why":"在发烧"}]},` +
		`{"household_id":"{home}","way":"relay","lots":[{"item_id":"M004","quantity":10,"batch":"B7","expires_on":"2027-08","seal":"box"}]}]}`},

	"POST /grids/{id}/notices":    {worker, "/grids/{grid}/notices", `{"text":"征集体温计 10 支，谢谢大家","call":{"item_id":"M127","quantity":10},"until":"2027-01-05T10:00:00Z"}`},
	"GET /grids/{id}/notices":     {elder, "/grids/{grid}/notices?state=live&limit=5", ""},
	"GET /notices/{id}":           {elder, "/notices/{notice}", ""},
	"POST /notices/{id}/correct":  {worker, "/notices/{notice}/correct", `{"text":"征集体温计 12 支","quantity":12,"until":"2027-01-06T10:00:00Z"}`},
	"POST /notices/{id}/close":    {worker, "/notices/{notice}/close", ""},
	"POST /notices/{id}/withdraw": {worker, "/notices/{notice}/withdraw", ""},

	"POST /offers": {giver, "/offers", `{"lots":[{"item_id":"M004","quantity":10,"strength":"0.5 g","form":"片","pack_size":10,` +
		`"batch":"2404117","expires_on":"2027-08","seal":"box","kind":"gift"}],"way":"relay","note":"没拆过"}`},
	"GET /offers":              {giver, "/offers?state=live&limit=5", ""},
	"GET /offers/{id}":         {giver, "/offers/{offer}", ""},
	"POST /lots/{id}/withdraw": {giver, "/lots/{lot}/withdraw", ""},
	"POST /lots/{id}/hand-in":  {giver, "/lots/{lot}/hand-in", ""},
	"GET /lots/{id}/code":      {giver, "/lots/{lot}/code", ""},
	"POST /lots/{id}/check-in": {worker, "/lots/{lot}/check-in", `{"sealed":true,"readable":true,"in_date":true,"otc":true,` +
		`"expires_on":"2027-08","batch":"B7","counted":5,"labelled":true}`},
	"POST /lots/{id}/refuse": {worker, "/lots/{lot}/refuse", `{"reason":"opened"}`},

	"POST /bags":                     {elder, "/bags", `{"relay_id":"{relay}","note":"一袋"}`},
	"GET /bags/{id}/code":            {giver, "/bags/{bag}/code", ""},
	"POST /bags/{id}/cancel":         {giver, "/bags/{bag}/cancel", ""},
	"POST /bags/{id}/close":          {worker, "/bags/{opened}/close", ""},
	"GET /relays/{id}/bags":          {worker, "/relays/{relay}/bags", ""},
	"POST /relays/{id}/bags/open":    {worker, "/relays/{relay}/bags/open", `{"code":"{bag_code}"}`},
	"POST /relays/{id}/book-in":      {worker, "/relays/{relay}/book-in", `{"from":"community","note":"村社买的","lines":[` + checkedLine + `]}`},
	"GET /relays":                    {worker, "/relays", ""},
	"GET /relays/{id}/desk":          {worker, "/relays/{relay}/desk", ""},
	"GET /relays/{id}/shelf":         {worker, "/relays/{relay}/shelf?item=M004&batch=B&state=free&limit=5", ""},
	"POST /relays/{id}/stock-takes":  {worker, "/relays/{relay}/stock-takes", `{"counts":[{"lot_id":"{boxed}","usable":9,"spoiled":1,"stopped":0,"why":"not_found"}],"surplus":[` + checkedLine + `]}`},
	"GET /relays/{id}/stock-takes":   {worker, "/relays/{relay}/stock-takes?limit=5", ""},
	"POST /relays/{id}/recoveries":   {worker, "/relays/{relay}/recoveries", `{"place":"怀远大药房","receipt":"2026-0117","lots":[{"lot_id":"{stopped}","quantity":1}]}`},
	"GET /relays/{id}/recoveries":    {worker, "/relays/{relay}/recoveries?limit=5", ""},
	"GET /recoveries/{id}":           {worker, "/recoveries/{recovery}", ""},
	"GET /lots/{id}/chain":           {worker, "/lots/{boxed}/chain", ""},
	"POST /recalls":                  {worker, "/recalls", `{"grid_id":"{grid}","item_id":"M004","batch":"B9","reason":"药监局通知"}`},
	"GET /recalls":                   {worker, "/recalls?grid={grid}", ""},
	"GET /recalls/{id}":              {worker, "/recalls/{recall}", ""},
	"POST /collections/{id}/collect": {worker, "/collections/{collection}/collect", `{"quantity":1}`},

	"POST /matches/{id}/accept":      {elder, "/matches/{proposed}/accept", `{"applies":"no"}`},
	"POST /matches/{id}/decline":     {elder, "/matches/{agreed}/decline", ""},
	"POST /matches/{id}/received":    {elder, "/matches/{ready}/received", ""},
	"POST /matches/{id}/contact":     {elder, "/matches/{agreed}/contact", `{"granted":true}`},
	"GET /matches/{id}/contact":      {elder, "/matches/{ready}/contact?of=giver", ""},
	"GET /handovers/{id}":            {elder, "/handovers/{handover}", ""},
	"GET /handovers/{id}/code":       {elder, "/handovers/{handover}/code", ""},
	"POST /handovers/{id}/give":      {worker, "/handovers/{handover}/give", `{"code":"{code}","adult":true}`},
	"POST /handovers/{id}/way":       {elder, "/handovers/{handover}/way", `{"way":"leave"}`},
	"POST /handovers/{id}/collector": {elder, "/handovers/{handover}/collector", `{"name":"女儿小芳"}`},
	"GET /samples":                   {leader, "/samples", ""},
	"POST /handovers/{id}/sample":    {leader, "/handovers/{sampled}/sample", `{"decision":"right","note":"问过了"}`},
	"POST /handovers/{id}/label":     {worker, "/handovers/{handover}/label", ""},
	"POST /handovers/{id}/reissue":   {worker, "/handovers/{handover}/reissue", ""},

	"POST /lots/{id}/pack-photos":     {giver, "/lots/{lot}/pack-photos", "{photo}"},
	"POST /lots/{id}/leaflet-photos":  {worker, "/lots/{lot}/leaflet-photos", "{photo}"},
	"POST /handovers/{id}/bag-photos": {worker, "/handovers/{handover}/bag-photos", "{photo}"},
	"GET /photos/{id}":                {elder, "/photos/{leaflet}", ""},
	"DELETE /photos/{id}":             {giver, "/photos/{pack}", ""},

	"GET /loans":                {elder, "/loans", ""},
	"GET /loans/{id}":           {elder, "/loans/{loan}", ""},
	"POST /loans/{id}/extend":   {elder, "/loans/{loan}/extend", `{"days":2}`},
	"POST /loans/{id}/close":    {elder, "/loans/{loan}/close", `{"how":"lost","note":"找不到了"}`},
	"POST /loans/{id}/return":   {worker, "/loans/{loan}/return", `{"wiped":true,"works":true,"note":"少一节电池"}`},
	"POST /lots/{id}/give-back": {worker, "/lots/{lent}/give-back", ""},
	"GET /relays/{id}":          {worker, "/relays/{relay}", ""},
	"POST /relays/{id}/edit": {worker, "/relays/{relay}/edit", `{"exceptions":[{"from":"2027-02-15","until":"2027-02-21","open":0,"close":0,"reason":"春节"}],` +
		`"capacity":60,"deputy_id":"{worker}","version":1}`},
	"POST /relays/{id}/pause":    {worker, "/relays/{relay}/pause", `{"reason":"host_away"}`},
	"POST /relays/{id}/resume":   {worker, "/relays/{paused}/resume", ""},
	"POST /relays/{id}/move-box": {worker, "/relays/{relay}/move-box", `{"to":"{wide}"}`},
	"GET /relays/{id}/sheet":     {worker, "/relays/{relay}/sheet", ""},
	"GET /grids/{id}/round-due":  {worker, "/grids/{grid}/round-due", ""},
	"POST /rounds": {worker, "/rounds", `{"grid_id":"{grid}","in_minutes":30,"start":{"kind":"relay","relay_id":"{relay}"},` +
		`"end":{"kind":"anywhere"},"lots":["{fetched}"],"visits":[{"household_id":"{home}","reason":"look"}]}`},
	"GET /rounds":                         {worker, "/rounds?grid={grid}", ""},
	"GET /rounds/{id}":                    {worker, "/rounds/{round}", ""},
	"POST /rounds/{id}/accept":            {walker, "/rounds/{asked}/accept", ""},
	"POST /rounds/{id}/start":             {walker, "/rounds/{planned}/start", ""},
	"POST /rounds/{id}/cancel":            {walker, "/rounds/{planned}/cancel", ""},
	"POST /rounds/{id}/end":               {worker, "/rounds/{round}/end", ""},
	"POST /rounds/{id}/stops":             {worker, "/rounds/{round}/stops", `{"lot_id":"{fetched}","try":true}`},
	"POST /rounds/{id}/stops/{stop}/done": {worker, "/rounds/{round}/stops/{stop}/done", `{"code":"123456"}`},
	"POST /rounds/{id}/stops/{stop}/fail": {worker, "/rounds/{round}/stops/{stop}/fail", `{"reason":"not_home","when":"tomorrow"}`},

	"GET /robots": {worker, "/robots", ""},
	"POST /robots": {worker, "/robots", `{"name":"08 群","platform":"webhook","grid_ids":["{grid}"],"gather_minutes":60,"digest_hour":18,` +
		`"settings":{"address":"https://bot.example/hook","secret":"` + hookSecret + `"}}`},
	"GET /robots/{id}": {worker, "/robots/{robot}", ""},
	"POST /robots/{id}/edit": {worker, "/robots/{robot}/edit", `{"name":"07 大群","grid_ids":["{grid}"],"gather_minutes":60,"digest_hour":18,` +
		`"settings":{"address":"https://bot.example/other"}}`},
	"POST /robots/{id}/pause":     {worker, "/robots/{robot}/pause", ""},
	"POST /robots/{id}/resume":    {worker, "/robots/{silent}/resume", ""},
	"POST /robots/{id}/test":      {worker, "/robots/{robot}/test", ""},
	"POST /robots/{id}/token":     {worker, "/robots/{silent}/token", ""},
	"DELETE /robots/{id}":         {worker, "/robots/{silent}", ""},
	"GET /robots/{id}/deliveries": {worker, "/robots/{robot}/deliveries?state=dead&limit=5", ""},
	"POST /deliveries/{id}/retry": {worker, "/deliveries/{dead}/retry", ""},
	"POST /chat/messages":         {bot, "/chat/messages", `{"id":"m-1","sender":"u-1","text":"求 额温枪 1 把"}`},
	"POST /chat/pairings":         {elder, "/chat/pairings", ""},

	"GET /stream":          {elder, "/stream", ""},
	"POST /stream/tickets": {elder, "/stream/tickets", ""},
}

// contentOf are the headers that go with a body: a photo is no JSON.
func contentOf(body string) []string {
	if body == "{photo}" {
		return []string{"Content-Type", "image/jpeg"}
	}
	return nil
}

// scene is a world in which every example has something to act on.
type scene struct {
	*world
	kept map[string]string
}

func newScene(t testing.TB, b storetest.Bench) *scene {
	t.Helper()
	s := &scene{world: newWorld(t, b), kept: map[string]string{}}
	s.people[leader] = s.person(t, s.Community, "", models.PersonApproved, models.RoleLeader)
	token, err := registry.New(s.Store).MintSession(t.Context(), s.people[leader].PersonID)
	must(t, err)
	s.tokens[leader] = token
	s.kept["grid"], s.kept["city"] = s.Micro.ID, s.City.ID
	s.kept["photo"] = string(storetest.Snapshot(t, 200))
	s.kept["relay"], s.kept["worker"] = s.Relay.ID, s.people[worker].PersonID
	s.kept["role"] = s.people[worker].Roles[0].ID
	s.kept["neighbour"] = s.people[other].PersonID
	s.kept["home"], s.kept["pending"] = s.people[other].HouseholdID, s.people[pending].PersonID
	ask := func(item, quantity, patient string) any {
		return s.do(t, elder, "/requests", `{"lines":[{"item_id":"`+item+`","quantity":`+quantity+`,"patient":`+patient+`,"urgency":"today"}],"way":"relay"}`)
	}
	give := func(item, quantity, seal string) any {
		return s.do(t, giver, "/offers", `{"lots":[{"item_id":"`+item+`","quantity":`+quantity+`,"expires_on":"2027-08","seal":"`+seal+`"}],"way":"relay"}`)
	}
	keep := func(name string, from any, path string) {
		s.kept[name], _ = dig(from, path).(string)
		if s.kept[name] == "" {
			t.Fatalf("the scene has no %s: %v", name, from)
		}
	}
	request := ask("M128", "1", plainly)
	keep("request", request, ".id")
	keep("need", request, ".needs[0].id")
	keep("held", ask("M126", "1", `{"age":"elder","signs":["chest_pain"]}`), ".needs[0].id")

	offer := give("M123", "5", "box")
	keep("offer", offer, ".id")
	keep("lot", offer, ".lots[0].id")
	keep("pack", s.addPhoto(t, giver, "/lots/"+s.kept["lot"]+"/pack-photos"), ".id")
	keep("agreed", ask("M123", "3", plainly), ".needs[0].matches[0].id")
	give("M125", "10", "box")
	keep("proposed", ask("M124", "4", plainly), ".needs[0].matches[0].id")

	tablets := give("M004", "10", "blister")
	ready := ask("M140", "6", fever)
	keep("ready", ready, ".needs[0].matches[0].id")
	keep("handover", ready, ".needs[0].matches[0].handover_id")
	keep("boxed", tablets, ".lots[0].id")
	lot := s.kept["boxed"]
	keep("leaflet", s.addPhoto(t, worker, "/lots/"+lot+"/leaflet-photos"), ".id")
	s.do(t, worker, "/lots/"+lot+"/check-in", `{"sealed":true,"readable":true,"in_date":true,"otc":true,"expires_on":"2027-08","batch":"B7","counted":10,"labelled":true}`)
	keep("code", s.read(t, elder, "/handovers/"+s.kept["handover"]+"/code"), ".code")
	s.do(t, elder, "/matches/"+s.kept["ready"]+"/contact", `{"granted":true}`)
	s.do(t, giver, "/matches/"+s.kept["ready"]+"/contact", `{"granted":true}`)

	gloves := give("M137", "2", "box")
	taken := ask("M137", "1", plainly)
	keep("sampled", taken, ".needs[0].matches[0].handover_id")
	pair, _ := dig(gloves, ".lots[0].id").(string)
	s.do(t, worker, "/lots/"+pair+"/check-in", `{"sealed":true,"readable":true,"in_date":true,"otc":true,"labelled":true,"expires_on":"2027-08","counted":2}`)
	s.do(t, worker, "/handovers/"+s.kept["sampled"]+"/give", `{"how":"face","why":"手机没电了"}`)
	borrow := func(item string) (lot, loan any) {
		lent := dig(s.do(t, giver, "/offers", `{"lots":[{"item_id":"`+item+`","quantity":1,"seal":"opened","kind":"loan","lend_days":3}],"way":"relay"}`), ".lots[0]")
		id, _ := dig(lent, ".id").(string)
		s.do(t, worker, "/lots/"+id+"/check-in", `{"sealed":false,"readable":true,"in_date":false,"otc":false,"wiped":true,"works":true,"counted":1}`)
		match, _ := dig(ask(item, "1", plainly), ".needs[0].matches[0].id").(string)
		s.do(t, elder, "/matches/"+match+"/accept", `{}`)
		s.do(t, elder, "/matches/"+match+"/received", "")
		return lent, dig(s.read(t, elder, "/loans"), ".items[0]")
	}
	_, loan := borrow("M129")
	keep("loan", loan, ".id")
	lent, back := borrow("M133")
	keep("lent", lent, ".id")
	returned, _ := dig(back, ".id").(string)
	s.do(t, worker, "/loans/"+returned+"/return", `{"wiped":true,"works":true}`)

	keep("review", s.do(t, elder, "/needs/"+s.kept["held"]+"/review", `{"note":"怎么停下来了"}`), ".id")
	must(t, s.srv.Sweep(t.Context())) // neighbours are asked for what nobody has
	keep("ask", s.read(t, giver, "/asks"), ".items[0].id")

	s.boxed(t, keep)
	s.robots(t, keep)
	s.kept["wide"] = s.relayAt(t, "R07-2", models.RelayOpen, "")
	s.kept["paused"] = s.relayAt(t, "R07-3", models.RelayPaused, "host_away")
	keep("notice", s.do(t, worker, "/grids/"+s.Micro.ID+"/notices", `{"text":"征集体温计","call":{"item_id":"M127","quantity":10}}`), ".id")
	keep("message", s.do(t, worker, "/messages", `{"about":"need","about_id":"`+s.kept["need"]+`","code":"ring"}`), ".id")
	fetched := s.do(t, giver, "/offers", `{"lots":[{"item_id":"M004","quantity":10,"expires_on":"2027-08","seal":"box"}],"way":"door"}`)
	keep("fetched", fetched, ".lots[0].id")
	visits := func(by, who string) any {
		return s.do(t, worker, "/rounds", `{"grid_id":"`+s.Micro.ID+`","person_id":"`+s.people[by].PersonID+`","start":{"kind":"relay","relay_id":"`+s.Relay.ID+`"},"end":{"kind":"anywhere"},`+
			`"visits":[{"household_id":"`+s.people[who].HouseholdID+`","reason":"look"}]}`)
	}
	round := visits(worker, elder)
	keep("round", round, ".id")
	keep("stop", round, ".stops[0].id")
	s.do(t, worker, "/rounds/"+s.kept["round"]+"/start", "")
	keep("asked", visits(walker, other), ".id")
	keep("planned", visits(walker, other), ".id")
	s.do(t, walker, "/rounds/"+s.kept["planned"]+"/accept", "")

	s.bound(t, elder, "openid-elder")
	s.kept["entry"] = s.entry(t, "openid-new")
	keep("invitation", s.do(t, worker, "/invitations", `{"role":"volunteer","grid_id":"`+s.Micro.ID+`"}`), ".id")
	link, _ := dig(s.read(t, worker, "/invitations/"+s.kept["invitation"]+"/link"), ".link").(string)
	s.kept["invited"] = link[strings.LastIndex(link, "/")+1:]
	sheet := s.send(t, worker, "GET", "/api/v1/grids/"+s.Micro.ID+"/door-sheet", "")
	s.kept["door"] = doorCode(t, string(sheet.body))
	return s
}

// entry is a ticket for an openid, as a sign-in by WeChat gives it.
func (w *world) entry(t testing.TB, openid string) string {
	t.Helper()
	issued, err := registry.New(w.Store).IssueWechatTicket(t.Context(), openid)
	must(t, err)
	return issued.Ticket
}

func (w *world) bound(t testing.TB, who, openid string) {
	t.Helper()
	must(t, registry.New(w.Store).BindWechat(t.Context(), w.people[who], w.entry(t, openid)))
}

// boxed puts into the scene what the box of its point is about.
func (s *scene) boxed(t testing.TB, keep func(name string, from any, path string)) {
	t.Helper()
	book := func(from string, lines string) any {
		return s.do(t, worker, "/relays/"+s.Relay.ID+"/book-in", `{"from":`+from+`,"lines":[`+lines+`]}`)
	}
	keep("bag", s.do(t, giver, "/bags", `{}`), ".id")
	keep("bag_code", s.read(t, giver, "/bags/"+s.kept["bag"]+"/code"), ".code")
	keep("opened", s.do(t, other, "/bags", `{}`), ".id")
	code, _ := dig(s.read(t, other, "/bags/"+s.kept["opened"]+"/code"), ".code").(string)
	s.do(t, worker, "/relays/"+s.Relay.ID+"/bags/open", `{"code":"`+code+`"}`)
	keep("stopped", book(`"community"`, refusedLine), ".lots[0].id")
	gone, _ := dig(book(`"walk_in"`, refusedLine), ".lots[0].id").(string)
	keep("recovery", s.do(t, worker, "/relays/"+s.Relay.ID+"/recoveries", `{"place":"怀远大药房","receipt":"1","lots":[{"lot_id":"`+gone+`","quantity":2}]}`), ".id")
	book(`"community"`, `{"item_id":"M133","quantity":4,"batch":"R1","expires_on":"2027-08","seal":"box","sealed":true,"readable":true,"in_date":true,"otc":true}`)
	got := s.do(t, other, "/requests", `{"lines":[{"item_id":"M133","quantity":1,"patient":`+plainly+`,"urgency":"today"}],"way":"relay"}`)
	handover, _ := dig(got, ".needs[0].matches[0].handover_id").(string)
	code, _ = dig(s.read(t, other, "/handovers/"+handover+"/code"), ".code").(string)
	s.do(t, worker, "/handovers/"+handover+"/give", `{"code":"`+code+`","adult":true}`)
	keep("recall", s.do(t, worker, "/recalls", `{"grid_id":"`+s.Micro.ID+`","item_id":"M133","batch":"R1","reason":"药监局通知"}`), ".id")
	keep("collection", s.read(t, worker, "/today?grid="+s.Micro.ID), ".to_collect[0].id")
}

const hookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// robots puts two groups into the scene, one of which is silent; the other has a
// message that nobody took.
func (s *scene) robots(t testing.TB, keep func(name string, from any, path string)) {
	t.Helper()
	connect := func(name string) any {
		return s.do(t, worker, "/robots", `{"name":"`+name+`","platform":"webhook","grid_ids":["`+s.Micro.ID+`"],"settings":{"address":"https://bot.example/hook","secret":"`+hookSecret+`"}}`)
	}
	keep("robot", connect("07 群"), ".id")
	keep("silent", connect("安静的群"), ".id")
	s.do(t, worker, "/robots/"+s.kept["silent"]+"/pause", "")
	s.tokens[bot], _ = dig(s.do(t, worker, "/robots/"+s.kept["robot"]+"/token", ""), ".token").(string)
	must(t, s.Store.InTx(t.Context(), func(tx *store.Tx) error {
		var robots []models.Robot
		if err := tx.Load(store.ByID([]models.ID{s.kept["robot"]}, &robots)); err != nil {
			return err
		}
		d := models.Delivery{RobotID: s.kept["robot"], Kind: models.DeliveryTest, DueAt: tx.Now}
		if err := tx.CreateDelivery(&d); err != nil {
			return err
		}
		s.kept["dead"] = d.ID
		r := robots[0]
		if err := tx.TakeQueue(&r, &d, tx.Now); err != nil {
			return err
		}
		d.State, d.Failure, d.ClosedAt = models.DeliveryDead, "fail_silent", &tx.Now
		return tx.GiveQueueBack(&r, &d)
	}))
}

// relayAt adds a point of the micro-grid that serves the whole community.
func (s *scene) relayAt(t testing.TB, code string, state models.RelayState, why models.PauseReason) models.ID {
	t.Helper()
	r := models.RelayPoint{GridID: s.Micro.ID, ServesID: s.Community.ID, Code: code, Name: "社区中转站", Hours: []models.Hours{},
		Lat: s.Relay.Lat + 0.01, Lon: s.Relay.Lon, State: state, PauseReason: why}
	must(t, s.Store.InTx(t.Context(), func(tx *store.Tx) error {
		r.ID, r.CreatedAt, r.Version = tx.NewID(), tx.Now, 0
		return tx.SaveRelay(&r)
	}))
	return r.ID
}

// doorCode reads the first code of a printed sheet: 26 signs in groups of four.
func doorCode(t testing.TB, sheet string) string {
	t.Helper()
	for _, word := range strings.FieldsFunc(sheet, func(r rune) bool { return r == '<' || r == '>' || r == ' ' || r == '\n' }) {
		if strings.Count(word, "-") == 6 && len(word) == 32 {
			return word
		}
	}
	t.Fatalf("no code on the sheet: %.2000s", sheet)
	return ""
}

// do makes an unsafe call that must succeed, under a key of its own.
func (s *scene) do(t testing.TB, who, path, body string) any {
	t.Helper()
	return s.good(t, path, s.send(t, who, "POST", "/api/v1"+path, body, "Idempotency-Key", uuid.NewString()))
}

func (s *scene) addPhoto(t testing.TB, who, path string) any {
	t.Helper()
	return s.good(t, path, s.send(t, who, "POST", "/api/v1"+path, s.kept["photo"], "Idempotency-Key", uuid.NewString(), "Content-Type", "image/jpeg"))
}

func (s *scene) read(t testing.TB, who, path string) any {
	t.Helper()
	return s.good(t, path, s.send(t, who, "GET", "/api/v1"+path, ""))
}

func (s *scene) good(t testing.TB, path string, got answer) any {
	t.Helper()
	var value any
	if got.status >= 300 || json.Unmarshal(got.body, &value) != nil {
		t.Fatalf("%s: %d %s", path, got.status, got.body)
	}
	return value
}

// fill puts things of the scene into a path or a body.
func (s *scene) fill(t testing.TB, text string) string {
	t.Helper()
	return hole.ReplaceAllStringFunc(text, func(h string) string {
		v, ok := s.kept[strings.Trim(h, "{}")]
		if !ok {
			t.Fatalf("the scene has no %s", h)
		}
		return v
	})
}

// kit is a scene in a closed file, of which copies can be opened.
type kit struct {
	scene *scene
	file  string
}

func newKit(t *testing.T) *kit {
	t.Helper()
	k := &kit{file: filepath.Join(t.TempDir(), "scene.db")}
	t.Run("scene", func(t *testing.T) { // its store is closed at the end of this
		k.scene = newScene(t, storetest.Open(t, k.file))
	})
	if k.scene == nil {
		t.FailNow()
	}
	return k
}

// open serves a copy of the scene as it was made.
func (k *kit) open(t *testing.T) *scene {
	t.Helper()
	file := filepath.Join(t.TempDir(), "copy.db")
	whole, err := os.ReadFile(k.file)
	must(t, err)
	must(t, os.WriteFile(file, whole, 0o600))
	s, err := store.Open(store.Options{Database: file, Keys: storetest.Key(t), NewID: server.NewID,
		Now: func() time.Time { return storetest.Start.Add(time.Minute) }})
	must(t, err)
	place := *k.scene.Place
	place.Bench = storetest.Bench{Store: s, Database: file}
	opened := &scene{kept: k.scene.kept, world: &world{Place: &place, people: k.scene.people, tokens: k.scene.tokens}}
	t.Cleanup(func() { must(t, s.Close()) })
	opened.serve(t, serveConfig(), slog.New(slog.DiscardHandler))
	return opened
}
