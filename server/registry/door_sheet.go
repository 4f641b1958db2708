package registry

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"

	"github.com/skip2/go-qrcode"
)

// maxDoors is how many codes one sheet may hold.
const maxDoors = 500

// DoorSheet is a page to print: it loads nothing, and Policy is the content
// security policy under which its one style is allowed.
type DoorSheet struct {
	HTML   []byte
	Policy string
}

// DoorSheet makes the page of a micro-grid's door codes for its worker. Homes
// that never had one get their first. Each printing is a link in the audit
// chain, because the sheet names every door. base is the address under which
// the web app is reached.
func (s *Service) DoorSheet(ctx context.Context, actor models.Actor, gridID models.ID, base string) (DoorSheet, error) {
	var grid models.Grid
	var named map[models.ID]GridRef
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		if grid, err = workedGrid(tx, actor, gridID); err != nil {
			return err
		}
		named, err = refs(tx, []models.Grid{grid})
		return err
	})
	if err != nil {
		return DoorSheet{}, err
	}
	var homes, printed []models.Household
	reads := []store.Read{store.HouseholdsOfGrid(gridID, maxDoors+1, &homes)}
	err = s.store.InGrids(ctx, []models.ID{gridID}, reads, func(tx *store.Tx) error {
		if len(homes) > maxDoors {
			return fault.New(fault.TooLarge, "too_many_doors")
		}
		printed = nil
		for _, h := range homes {
			if h.DoorGeneration == 0 {
				if err := s.printDoor(tx, &h); err != nil {
					return err
				}
			}
			printed = append(printed, h)
		}
		return tx.Audit(gridID, models.Audit{ActorID: actor.PersonID, Action: "door.sheet", Thing: "grid", ThingID: gridID})
	})
	if err != nil {
		return DoorSheet{}, err
	}
	ref := named[gridID]
	return s.drawSheet(ref, inOrder(printed), base)
}

type doorCard struct {
	Home string
	Code string
	QR   template.HTML // made here from a bitmap: only rect and path
}

var doorPage = template.Must(template.New("doors").Parse(`<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>码上办 · {{.Title}}</title><style>{{.Style}}</style></head>
<body><h1>{{.Title}}</h1><p>剪开后贴在门上。码里没有姓名和地址；丢了或被拍了就换一张，旧的马上作废。</p>
<main>{{range .Cards}}<section><h2>码上办</h2>{{.QR}}<p class="home">{{.Home}}</p><p class="code">{{.Code}}</p></section>
{{end}}</main></body></html>
`))

const doorStyle = `@page{size:A4;margin:10mm}*{box-sizing:border-box}body{margin:0;font-family:system-ui,sans-serif;color:#000}` +
	`h1{font-size:14pt;margin:0 0 2mm}body>p{font-size:9pt;margin:0 0 4mm}` +
	`main{display:grid;grid-template-columns:repeat(3,1fr);gap:4mm}` +
	`section{border:.3mm dashed #666;border-radius:3mm;padding:4mm;text-align:center;break-inside:avoid}` +
	`h2{font-size:15pt;margin:0 0 2mm}svg{width:34mm;height:34mm;display:block;margin:0 auto}` +
	`.home{font-size:13pt;margin:2mm 0 0}.code{font:8pt/1.4 ui-monospace,monospace;margin:1mm 0 0;overflow-wrap:anywhere}`

func (s *Service) drawSheet(grid GridRef, homes []models.Household, base string) (DoorSheet, error) {
	cards := make([]doorCard, len(homes))
	for i, h := range homes {
		code := doorCode(s.store.Keys(), h.ID, h.DoorGeneration)
		qr, err := QR(base + "/#/door/" + code)
		if err != nil {
			return DoorSheet{}, err
		}
		cards[i] = doorCard{Home: strings.TrimSpace(h.Building + " " + h.Door()), Code: grouped(code), QR: qr}
	}
	title := grid.Name
	if grid.Community != "" {
		title = grid.Community + " · " + grid.Name
	}
	var page bytes.Buffer
	err := doorPage.Execute(&page, map[string]any{"Title": title, "Style": template.CSS(doorStyle), "Cards": cards})
	hash := sha256.Sum256([]byte(doorStyle))
	return DoorSheet{HTML: page.Bytes(), Policy: "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-" +
		base64.StdEncoding.EncodeToString(hash[:]) + "'"}, err
}

// QR draws a code as one SVG path: sharp at any size, and no picture to load.
func QR(text string) (template.HTML, error) {
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return "", fmt.Errorf("door code as QR: %w", err)
	}
	bits := code.Bitmap()
	var path strings.Builder
	for y, row := range bits {
		for x := 0; x < len(row); x++ {
			start := x
			for x < len(row) && row[x] {
				x++
			}
			if x > start {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", start, y, x-start, x-start)
			}
		}
	}
	n := len(bits)
	return template.HTML(fmt.Sprintf(`<svg viewBox="0 0 %d %d" role="img" aria-label="门牌码"><rect width="%d" height="%d" fill="#fff"/>`+
		`<path d="%s" fill="#000"/></svg>`, n, n, n, n, path.String())), nil
}
