package exchange

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"linli/models"
	"linli/models/store"
)

// SheetLines is how many hand-overs one page of A4 holds in two columns.
const SheetLines = 60

// RelaySheet is a page to print: it loads nothing, and Policy is the content
// security policy under which its one style is allowed.
type RelaySheet struct {
	HTML   []byte
	Policy string
}

// Say gives the sentence of a code in the language of the page.
type Say func(code string, args map[string]string) string

// sheetLine is one hand-over on paper: no door, no phone, no code and no full name.
type sheetLine struct {
	Who, What, Until, Mark string
	state                  models.HandoverState
}

// RelaySheet makes the page of today's hand-overs of a point, for a power cut. It
// tells of each only what is needed to know the right person: the building and the
// first sign of the name. Each printing is a link in the chain of the point's grid.
func (s *Service) RelaySheet(ctx context.Context, actor models.Actor, id models.ID, say Say) (RelaySheet, error) {
	r, home, _, err := s.seeRelay(ctx, actor, id)
	if err != nil {
		return RelaySheet{}, err
	}
	var hands []models.Handover
	var matches []models.Match
	var counts []store.WaitingCount
	var homes []models.Household
	var people []models.Person
	err = s.store.View(ctx, func(tx *store.Tx) error {
		if err := tx.Load(store.HandoversAt(id, maxCarried, &hands), store.MatchesTravelling(id, &matches), store.WaitingAt([]models.ID{id}, &counts)); err != nil {
			return err
		}
		return tx.Load(store.HouseholdsPlain(distinct(ids(hands, func(h models.Handover) models.ID { return h.ReceiverHouseholdID })), &homes),
			store.ByID(distinct(ids(hands, func(h models.Handover) models.ID { return h.ReceiverID })), &people))
	})
	if err != nil {
		return RelaySheet{}, err
	}
	err = s.store.InTx(ctx, func(tx *store.Tx) error {
		return tx.Audit(home.ID, models.Audit{ActorID: actor.PersonID, Action: "relay.sheet", Thing: string(models.ThingRelay), ThingID: id})
	})
	if err != nil {
		return RelaySheet{}, err
	}
	all := 0
	for _, c := range counts {
		all += c.Waiting
	}
	return s.drawSheet(r, s.sheetLines(hands, matches, homes, people, say), all, say)
}

// sheetLines lists what can be collected, soonest due first, then what is still to
// come.
func (s *Service) sheetLines(hands []models.Handover, matches []models.Match, homes []models.Household, people []models.Person, say Say) []sheetLine {
	at := byID(homes, func(h models.Household) models.ID { return h.ID })
	who := byID(people, func(p models.Person) models.ID { return p.ID })
	var lines []sheetLine
	for _, h := range hands {
		line := sheetLine{Mark: say("sheet."+string(h.State), nil), state: h.State}
		if h.Locked() {
			line.Mark = say("sheet.locked", nil)
		}
		if home := at[h.ReceiverHouseholdID]; home != nil {
			line.Who = home.Building
		}
		if p := who[h.ReceiverID]; p != nil {
			line.Who = strings.TrimSpace(line.Who + " " + initial(p.Name))
		}
		if h.Collector != "" {
			line.Who += " " + say("sheet.collector", map[string]string{"name": initial(h.Collector)})
		}
		if h.DueAt != nil {
			line.Until = h.DueAt.In(models.Shanghai).Format("01-02 15:04")
		}
		var what []string
		for _, m := range matches {
			if m.HandoverID == h.ID {
				what = append(what, s.amount(m, say))
			}
		}
		line.What = strings.Join(what, " · ")
		lines = append(lines, line)
	}
	order := []models.HandoverState{models.HandoverReady, models.HandoverOut, models.HandoverChecking, models.HandoverAwaiting}
	slices.SortStableFunc(lines, func(a, b sheetLine) int { return slices.Index(order, a.state) - slices.Index(order, b.state) })
	return lines
}

// amount is what a match brings, in words: 布洛芬 4 粒.
func (s *Service) amount(m models.Match, say Say) string {
	item, _ := s.catalogue.Item(m.ItemID)
	if say("sheet.lang", nil) == "en" && item.NameEN != "" {
		return item.NameEN + " × " + strconv.Itoa(m.Quantity)
	}
	return item.Name + " " + strconv.Itoa(m.Quantity) + " " + item.BaseUnit
}

// initial is as much of a name as stands on paper: 张婆婆 is 张*.
func initial(name string) string {
	for _, r := range strings.TrimSpace(name) {
		return string(r) + "*"
	}
	return ""
}

var sheetPage = template.Must(template.New("sheet").Parse(`<!doctype html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><title>{{.Title}}</title><style>{{.Style}}</style></head>
<body><header><h1>{{.Title}}</h1><p>{{.At}} · {{.Point}}</p></header>
<p class="how">{{.How}}</p>
<main{{if .Many}} class="many"{{end}}>{{range $i, $l := .Lines}}{{if or (eq $i 0) (eq $i $.Half)}}<div class="line head"><b>{{$.HeadWho}}</b><b>{{$.HeadWhat}}</b><b>{{$.HeadUntil}}</b><b>{{$.HeadSign}}</b></div>
{{end}}<div class="line"><span>{{$l.Who}}</span><span>{{$l.What}}</span><span><i>{{$l.Until}}</i><i>{{$l.Mark}}</i></span><span></span></div>
{{else}}<p>{{.None}}</p>{{end}}</main>
<footer>{{if .More}}<b>{{.More}}</b> {{end}}{{.Foot}}</footer></body></html>
`))

// Each line has one height, so that sixty of them and the rest fit one page whatever
// stands in them.
const sheetStyle = `@page{size:A4;margin:8mm}*{box-sizing:border-box}body{margin:0 auto;max-width:194mm;font-family:system-ui,sans-serif;color:#000;font-size:9pt}` +
	`header{height:14mm;overflow:hidden}h1{font-size:13pt;margin:0}header p{margin:.5mm 0 0;font-size:9pt}` +
	`.how{height:15mm;overflow:hidden;margin:0 0 1mm;padding:1.5mm 2mm;border:.3mm solid #000;border-radius:1.5mm;line-height:1.35}` +
	`.line{display:grid;grid-template-columns:34mm 1fr 24mm 52mm;height:7.6mm;border-bottom:.2mm solid #999;break-inside:avoid;overflow:hidden;font-size:8.5pt;line-height:1.1}` +
	`.line>*{padding:.4mm 1mm;overflow:hidden;border-left:.2mm solid #ccc;overflow-wrap:anywhere}.line i{display:block;font-style:normal;white-space:nowrap}.head{height:6mm;border-bottom:.4mm solid #000}` +
	`.many{columns:2;column-gap:3mm;column-fill:auto;height:236mm}.many .line+.head{break-before:column}.many .line{grid-template-columns:21mm 1fr 18mm 20mm;height:7.5mm;font-size:7.5pt;line-height:1.1}.many .head{height:6mm}.many i{font-size:6.8pt}` +
	`footer{height:10mm;overflow:hidden;margin-top:1mm;font-size:8.5pt}`

func (s *Service) drawSheet(r models.RelayPoint, lines []sheetLine, all int, say Say) (RelaySheet, error) {
	shown := lines[:min(len(lines), SheetLines)]
	more := ""
	if all > len(shown) {
		more = say("sheet.more", map[string]string{"n": strconv.Itoa(all - len(shown))})
	}
	words := func(code string) string { return say("sheet."+code, nil) }
	var page bytes.Buffer
	err := sheetPage.Execute(&page, map[string]any{"Lang": words("lang"), "Title": words("title"), "Point": r.Name, "Style": template.CSS(sheetStyle),
		"At": s.store.Now().In(models.Shanghai).Format("2006-01-02 15:04"), "How": words("how"), "HeadWho": words("who"), "HeadWhat": words("what"),
		"HeadUntil": words("until"), "HeadSign": words("sign"), "Lines": shown, "Many": len(shown) > SheetLines/2, "Half": SheetLines / 2, "More": more, "None": words("none"), "Foot": words("foot")})
	hash := sha256.Sum256([]byte(sheetStyle))
	return RelaySheet{HTML: page.Bytes(), Policy: "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-" +
		base64.StdEncoding.EncodeToString(hash[:]) + "'"}, err
}
