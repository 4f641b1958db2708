package registry

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// What can be imported.
const (
	ImportGrids      = "grids"
	ImportHouseholds = "households"
	ImportRelays     = "relay-points"
	ImportPaths      = "paths"
)

// MaxComplaints is how many bad rows a report shows; all are counted.
const MaxComplaints = 100

// Complaint says what is wrong with one row: the line as a spreadsheet counts
// it, the column's header, and why as a code of models/words.
type Complaint struct {
	Line   int
	Column string
	Reason string
	Args   map[string]string
}

// Report tells what an import did or, where Bad is not 0, why it did nothing.
type Report struct {
	Rows, Created, Updated, Unchanged int
	Bad                               int // rows with complaints
	Complaints                        []Complaint
}

// Import brings a file in: all of it, or nothing and a complaint for each bad
// row (the report comes with the error "import_bad_rows"). A file that is
// imported again changes what has changed and doubles nothing. progress may be
// nil; it hears of rows done and of all rows.
func (s *Service) Import(ctx context.Context, kind string, sheet *Sheet, progress func(done, total int)) (Report, error) {
	load, ok := map[string]loader{
		ImportGrids: s.readGrids, ImportHouseholds: s.readHouseholds, ImportRelays: s.readRelays,
		ImportPaths: s.readPaths}[kind]
	if !ok {
		return Report{}, fault.InvalidField("kind", "import_unknown")
	}
	if progress == nil {
		progress = func(int, int) {}
	}
	paper := &paper{total: sheet.Rows()}
	apply, err := load(sheet, paper)
	if err != nil {
		return Report{}, err
	}
	var report Report
	err = s.store.InTx(ctx, func(tx *store.Tx) error {
		job := &job{tx: tx, paper: paper.copy(), progress: progress}
		job.report.Rows = paper.total
		err := apply(job)
		job.paper.into(&job.report)
		report = job.report
		if err == nil && report.Bad > 0 {
			err = fault.New(fault.Invalid, "import_bad_rows").With("bad", strconv.Itoa(report.Bad))
		}
		if err == nil && report.Created+report.Updated > 0 {
			err = job.note(kind)
		}
		return err
	})
	if report.Bad > 0 {
		report.Created, report.Updated, report.Unchanged = 0, 0, 0
	}
	s.sessions.forget()
	return report, err
}

// loader reads a sheet into rows of one kind, and gives what brings them in.
type loader func(*Sheet, *paper) (func(*job) error, error)

// job is one import under way in a transaction.
type job struct {
	tx       *store.Tx
	paper    *paper
	report   Report
	progress func(done, total int)
}

// note adds the import to the city's audit chain.
func (j *job) note(kind string) error {
	var roots []models.Grid
	if err := j.tx.Load(store.GridRoots(&roots)); err != nil || len(roots) == 0 {
		return err
	}
	return j.tx.Audit(roots[0].ID, models.Audit{ActorID: Console, Action: "import", Thing: kind, ThingID: roots[0].ID,
		Reason: fmt.Sprintf("rows %d, created %d, updated %d", j.report.Rows, j.report.Created, j.report.Updated)})
}

// good reports whether there is any use in writing: once a row is bad the
// rest is only read, so that all complaints are told at once.
func (j *job) good() bool { return j.paper.bad() == 0 }

// paper collects complaints while rows are read.
type paper struct {
	total      int
	complaints []Complaint
	lines      map[int]bool
}

func (p *paper) complain(line int, column, reason string, args ...string) {
	c := Complaint{Line: line, Column: column, Reason: reason}
	for i := 0; i+1 < len(args); i += 2 {
		if c.Args == nil {
			c.Args = map[string]string{}
		}
		c.Args[args[i]] = args[i+1]
	}
	if p.lines == nil {
		p.lines = map[int]bool{}
	}
	if p.lines[line] = true; len(p.complaints) < MaxComplaints {
		p.complaints = append(p.complaints, c)
	}
}

func (p *paper) bad() int { return len(p.lines) }

func (p *paper) copy() *paper {
	c := &paper{total: p.total, complaints: slices.Clone(p.complaints), lines: map[int]bool{}}
	for line := range p.lines {
		c.lines[line] = true
	}
	return c
}

func (p *paper) into(r *Report) {
	r.Bad, r.Complaints = p.bad(), slices.Clone(p.complaints)
	slices.SortStableFunc(r.Complaints, func(a, b Complaint) int { return cmp.Compare(a.Line, b.Line) })
}

// reader reads the cells of one row and complains of what is wrong.
type reader struct {
	*paper
	at    bound
	names map[string]string // column → the header that a complaint names
	line  int
	cells []string
}

func newReader(p *paper, at bound, columns []column) *reader {
	names := map[string]string{}
	for _, c := range columns {
		names[c.name] = c.headers[0]
	}
	return &reader{paper: p, at: at, names: names}
}

func (r *reader) row(line int, cells []string) {
	r.line, r.cells = line, cells
	if len(cells) > len(r.at) && !blank(cells[min(len(cells), maxColumns):]) {
		r.wrong("", "row_too_long")
	}
}

func (r *reader) wrong(column, reason string, args ...string) {
	r.complain(r.line, r.names[column], reason, args...)
}

// text is a clean cell; ok is false after a complaint.
func (r *reader) text(column string, required bool) (string, bool) {
	clean, wrong := cleanCell(r.at.cell(r.cells, column))
	if wrong == "" && required && clean == "" {
		wrong = "cell_empty"
	}
	if wrong != "" {
		r.wrong(column, wrong)
	}
	return clean, wrong == ""
}

// number is a decimal number within limits; "" is 0.
func (r *reader) number(column string, low, high float64) float64 {
	text, ok := r.text(column, false)
	if !ok || text == "" {
		return 0
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n >= low && n <= high) {
		r.wrong(column, "cell_number", "low", strconv.FormatFloat(low, 'f', -1, 64), "high", strconv.FormatFloat(high, 'f', -1, 64))
		return 0
	}
	return n
}

// gridsByCode knows every grid by its code.
func gridsByCode(tx *store.Tx) (map[string]models.Grid, error) {
	var all []models.Grid
	if err := tx.Load(store.AllGrids(&all)); err != nil {
		return nil, err
	}
	known := make(map[string]models.Grid, len(all))
	for _, g := range all {
		known[g.Code] = g
	}
	return known, nil
}
