package lane

import (
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Members who do the same thing write the same statements. What each of them
// inserts then travels as the rows of one INSERT, because a statement costs the
// server about as much as its row. The order of statements of every member stays;
// members of one round are of different grids and do not see each other.

// merge queues the writes of a round.
func (t *talk) merge(parts []*part) {
	for len(parts) > 0 {
		alike := []*part{parts[0]}
		rest := parts[:0:0]
		for _, p := range parts[1:] {
			if slices.EqualFunc(parts[0].staged, p.staged, func(a, b statement) bool { return a.sql == b.sql }) {
				alike = append(alike, p)
			} else {
				rest = append(rest, p)
			}
		}
		t.zip(alike)
		parts = rest
	}
}

// zip queues the first statement of all, then the second of all, and so on.
func (t *talk) zip(alike []*part) {
	for i, s := range alike[0].staged {
		for left := alike; len(left) > 0; {
			n := 1
			// Few different texts: each is prepared once per connection.
			for isInsert(s) && n*2 <= len(left) && n*2*len(s.args) <= maxValues {
				n *= 2
			}
			merged := s
			if n > 1 {
				merged = statement{sql: texts.rows(s.sql, len(s.args), n)}
				for _, p := range left[:n] {
					merged.args = append(merged.args, p.staged[i].args...)
				}
			} else {
				merged.args = left[0].staged[i].args
			}
			t.write(merged)
			left = left[n:]
		}
	}
}

// maxValues of one statement: the protocol counts them in 16 bits.
const maxValues = 1<<16 - 1

const values = " VALUES "

// isInsert tells a plain INSERT of rows from all that must stay as it is.
func isInsert(s statement) bool {
	if s.one || len(s.args) == 0 || !strings.HasPrefix(s.sql, "INSERT INTO ") {
		return false
	}
	at := strings.LastIndex(s.sql, values)
	return at > 0 && strings.Trim(s.sql[at+len(values):], "$0123456789,() ") == ""
}

// texts keeps the merged statements; there are few, one per shape and size.
var texts mergedTexts

type mergedTexts struct{ known sync.Map }

type textKey struct {
	sql   string
	times int
}

// rows gives the text that inserts the rows of sql so many times over.
func (m *mergedTexts) rows(sql string, args, times int) string {
	key := textKey{sql, times}
	if text, ok := m.known.Load(key); ok {
		return text.(string)
	}
	at := strings.LastIndex(sql, values) + len(values)
	var text strings.Builder
	text.WriteString(sql)
	for k := 1; k < times; k++ {
		text.WriteString(",")
		for i, piece := range strings.Split(sql[at:], "$") {
			if i == 0 {
				text.WriteString(piece)
				continue
			}
			end := strings.IndexAny(piece, ",)")
			n, _ := strconv.Atoi(piece[:end])
			text.WriteString("$" + strconv.Itoa(n+k*args) + piece[end:])
		}
	}
	m.known.Store(key, text.String())
	return text.String()
}
