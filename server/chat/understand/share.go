package understand

import (
	"slices"
	"strings"
)

// share gives each item its quantity. Within a clause a quantity stands before
// its item or behind it, the same way throughout. A quantity in a clause of its own
// is of what is kept of the names.
func (l *line) share(found, kept []mention, all []quantity) []*quantity {
	of := make([]*quantity, len(found))
	tokens := l.tokens(found, all)
	var loose []int
	for _, clause := range tokens {
		prefix := clause[0] >= len(found)
		if !prefix { // one item, then quantity and item again: 布洛芬 两盒连花
			for k := 0; k+1 < len(clause); k++ {
				if clause[k] >= len(found) && clause[k+1] < len(found) && (k == 0 || clause[k-1] >= len(found) || of[clause[k-1]] != nil) {
					prefix = l.touching(all[clause[k]-len(found)].to, found[clause[k+1]].from)
				}
			}
		}
		for k, t := range clause {
			if t < len(found) {
				continue
			}
			q := &all[t-len(found)]
			before, after := -1, -1
			for j := k - 1; j >= 0 && before < 0; j-- {
				if clause[j] < len(found) {
					before = clause[j]
				}
			}
			if k+1 < len(clause) && clause[k+1] < len(found) {
				after = clause[k+1]
			}
			nextTo := after >= 0 && before >= 0 && l.distance(q.to, found[after].from) == 0 && l.distance(found[before].to, q.from) > 0
			switch {
			case q.each:
				loose = append(loose, t)
			case after >= 0 && of[after] == nil && (prefix || nextTo || before < 0 || of[before] != nil && !q.left):
				of[after] = q
			case before >= 0 && l.better(of[before], q):
				of[before] = q
			case before < 0 || of[before] == nil:
				loose = append(loose, t)
			}
		}
	}
	for _, t := range loose {
		l.place1(found, kept, of, &all[t-len(found)])
	}
	return of
}

// better: the first quantity counts, unless a later one says what is left.
func (l *line) better(known, q *quantity) bool {
	switch {
	case known == nil:
		return true
	case q.out && !known.out && q.value != nil && known.value != nil && (q.unit == known.unit || known.unit == "") && *q.value < *known.value,
		q.left && !known.left && !known.out, q.given && !known.given && known.left:
		return true
	case (l.before(q.from, "匀", "分", "送", "拿出", "捐", "让", "分出", "匀出") || l.before(q.from, "拿", "取") && l.after(q.to, "给", "出来", "来分", "送")) && !known.given && known.value != nil && q.value != nil && q.unit == known.unit && *q.value < *known.value:
		return true // 抢到两盒，分一盒出来
	case known.value != nil && *known.value == 0.5 && (l.distance(known.to, q.from) <= 1 || l.onlyItems(known.to, q.from) || l.after(known.to+1, "大概", "大约", "约")) && strings.ContainsAny(q.unit, "粒片袋支贴包枚丸"):
		return true // 剩半盒12粒; 半盒，12粒; 半板芬必得，5颗
	}
	return false
}

// place1 finds the item of a quantity that stands alone in its clause.
func (l *line) place1(found, kept []mention, of []*quantity, q *quantity) {
	if q.each {
		for k := range found {
			if of[k] == nil {
				of[k] = q
			}
		}
		return
	}
	for k := len(found) - 1; k >= 0; k-- {
		if found[k].to <= q.from && slices.Contains(kept, found[k]) {
			if l.better(of[k], q) {
				of[k] = q
			}
			return
		}
	}
	for k := range found {
		if found[k].from >= q.to && of[k] == nil {
			of[k] = q
			return
		}
	}
}

// tokens lists items (their number) and quantities (theirs, after the items)
// by clause.
func (l *line) tokens(found []mention, all []quantity) [][]int {
	var clauses [][]int
	var clause []int
	m, q := 0, 0
	for i := 0; i <= len(l.r); i++ {
		if m < len(found) && found[m].from == i {
			clause = append(clause, m)
			m++
		}
		if q < len(all) && all[q].from == i {
			clause = append(clause, len(found)+q)
			q++
		}
		if i == len(l.r) || l.kinds[i] != item && l.kinds[i] != amount && l.kinds[i] != other && l.parts(i) {
			if len(clause) > 0 {
				clauses = append(clauses, clause)
			}
			clause = nil
		}
	}
	return clauses
}

// parts: what stands between two things of a list.
func (l *line) parts(i int) bool {
	r := l.r[i]
	return pauses(r) && r != ' ' && r != '(' && r != ')' && r != '（' && r != '）' && r != ':' && r != '：' || r == '+' || r == '和' || r == '跟' || r == '及' || r == '与' || r == '或' || l.has(i, "还有") || l.has(i, "另外") || l.has(i, "外加") || l.has(i, "再加")
}

// distance counts what is written between two places, spaces and 的 apart.
func (l *line) distance(from, to int) int {
	n := 0
	for i := from; i < to; i++ {
		if l.r[i] != ' ' && l.r[i] != '的' {
			n++
		}
	}
	return n
}

// onlyItems reports whether nothing but names and pauses stands between.
func (l *line) onlyItems(from, to int) bool {
	for i := from; i < to; i++ {
		if l.kinds[i] != item && !pauses(l.r[i]) && l.r[i] != '的' {
			return false
		}
	}
	return true
}

func (l *line) touching(from, to int) bool {
	for i := from; i < to; i++ {
		if l.r[i] != ' ' && l.r[i] != '的' && !isHan(l.r[i]) {
			return false
		}
	}
	return to-from <= 4
}
