package lab

import (
	"fmt"
	"html/template"
	"io"
	"strings"
)

// HTML writes the report as one page that needs nothing else.
func (r Report) HTML(w io.Writer) error {
	return page.Execute(w, struct {
		Report
		Rows  [][]string
		Plots []plot
	}{r, r.rows(), r.plots()})
}

type plot struct {
	Title, Note string
	SVG         template.HTML
}

var page = template.Must(template.New("report").Parse(`<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Linli laboratory: {{.Scenario}}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1c2b27;background:#f6f4ef}
table{border-collapse:collapse;width:100%;background:#fff}td,th{padding:.35rem .7rem;border-bottom:1px solid #ddd;text-align:right}
td:first-child,th:first-child{text-align:left}figure{margin:2rem 0;background:#fff;padding:1rem;border-radius:12px}
figcaption{font-weight:700}small{color:#55625e;display:block;font-weight:400}svg{width:100%;height:auto}.wrap{overflow-x:auto}</style>
<h1>邻里药箱 · {{.Scenario}}</h1>
<p>Seed {{.Seed}}: {{.Homes}} homes, {{.Needs}} needs, {{.Stocks}} drawers with something to spare. The clairvoyant limit serves {{.Limit.Units}} of {{.Limit.Asked}} units.
Policy {{.PolicyVersion}}, catalogue {{.CatalogueVersion}}.</p>
<div class="wrap"><table>{{range $i, $row := .Rows}}<tr>{{range $row}}{{if $i}}<td>{{.}}</td>{{else}}<th>{{.}}</th>{{end}}{{end}}</tr>{{end}}</table></div>
{{range .Plots}}<figure><figcaption>{{.Title}}<small>{{.Note}}</small></figcaption>{{.SVG}}</figure>{{end}}</html>
`))

var colours = map[Policy]string{Groupchat: "#b3261e", Greedy: "#b26a00", Linli: "#0d6b5c"}

func (r Report) plots() []plot {
	series := func(of func(Result) []float64) (all []line) {
		for _, x := range r.Results {
			all = append(all, line{string(x.Policy), colours[x.Policy], of(x)})
		}
		return all
	}
	plots := []plot{
		{"Units handed over, by day", "cumulative share of what the clairvoyant limit serves", lines(series(func(x Result) []float64 {
			var all []float64
			for _, units := range x.Daily {
				all = append(all, ratio(float64(units), float64(r.Limit.Units)))
			}
			return all
		}))},
		{"Fairness by micro-grid", "share of asked units that each got, worst to best", lines(series(func(x Result) []float64 { return x.Grids }))},
	}
	for _, b := range []struct {
		title, note string
		of          func(Result) float64
	}{
		{"Urgent: minutes to match, median", "of those who got something", func(x Result) float64 { return x.Urgent.Match50 }},
		{"Urgent: minutes to hand-over, median", "of those who got something", func(x Result) float64 { return x.Urgent.Handover50 }},
		{"Urgent: minutes to hand-over, 90th percentile", "of those who got something", func(x Result) float64 { return x.Urgent.Handover90 }},
		{"In the ledger: share that got something", "", func(x Result) float64 { return x.Care.Met }},
		{"Units expired unused", "in drawers and boxes", func(x Result) float64 { return float64(x.Expired) }},
		{"Metres walked per need met", "", func(x Result) float64 { return x.Metres }},
		{"People asked per need", "", func(x Result) float64 { return x.Asked }},
		{"Unsafe units handed over", "", func(x Result) float64 { return float64(x.Unsafe) }},
	} {
		plots = append(plots, plot{b.title, b.note, r.bars(b.of)})
	}
	return plots
}

type line struct {
	name, colour string
	points       []float64
}

// lines draws shares from 0 to 1 over an even axis.
func lines(all []line) template.HTML {
	var b strings.Builder
	b.WriteString(`<svg viewBox="0 0 640 240" role="img">`)
	for k := range 5 {
		y := 210 - 200*k/4
		fmt.Fprintf(&b, `<line x1="40" x2="630" y1="%d" y2="%d" stroke="#ddd"/><text x="34" y="%d" font-size="11" text-anchor="end">%d%%</text>`, y, y, y+4, 25*k)
	}
	for i, l := range all {
		var path strings.Builder
		for k, v := range l.points {
			x := 40 + 590*float64(k)/float64(max(1, len(l.points)-1))
			fmt.Fprintf(&path, "%.1f,%.1f ", x, 210-200*min(1, max(0, v)))
		}
		fmt.Fprintf(&b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/><text x="%d" y="232" font-size="12" fill="%s">%s</text>`,
			path.String(), l.colour, 40+120*i, l.colour, template.HTMLEscapeString(l.name))
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) // numbers and our own names only
}

func (r Report) bars(of func(Result) float64) template.HTML {
	most := 0.0
	for _, x := range r.Results {
		most = max(most, of(x))
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 640 %d" role="img">`, 10+34*len(r.Results))
	for i, x := range r.Results {
		y := 6 + 34*i
		fmt.Fprintf(&b, `<text x="0" y="%d" font-size="13">%s</text><rect x="90" y="%d" width="%.1f" height="24" fill="%s" rx="4"/><text x="%.1f" y="%d" font-size="13">%.4g</text>`,
			y+17, template.HTMLEscapeString(string(x.Policy)), y, 460*ratio(of(x), most), colours[x.Policy], 98+460*ratio(of(x), most), y+17, of(x))
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}
