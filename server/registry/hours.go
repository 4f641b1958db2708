package registry

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"linli/models"

	"golang.org/x/text/unicode/norm"
)

// maxOpenings bounds what one relay point may list.
const maxOpenings = 21

var opening = regexp.MustCompile(`^(.*?)([0-9]{1,2}):([0-9]{2})[-~至到]([0-9]{1,2}):([0-9]{2})$`)

var weekdays = map[string][]int{
	"": {1, 2, 3, 4, 5, 6, 0}, "每天": {1, 2, 3, 4, 5, 6, 0}, "daily": {1, 2, 3, 4, 5, 6, 0},
	"工作日": {1, 2, 3, 4, 5}, "weekdays": {1, 2, 3, 4, 5}, "周末": {6, 0}, "weekends": {6, 0},
	"周一": {1}, "周二": {2}, "周三": {3}, "周四": {4}, "周五": {5}, "周六": {6}, "周日": {0}, "周天": {0},
	"mon": {1}, "tue": {2}, "wed": {3}, "thu": {4}, "fri": {5}, "sat": {6}, "sun": {0},
}

// Hours reads opening times as people write them: "每天 8:30-20:00", or
// "周一至周五 8:30-12:00; 周六 9:00-11:00". Days in Chinese or English; a span
// within one day; parted by a semicolon.
func Hours(text string) ([]models.Hours, bool) {
	text = strings.NewReplacer(" ", "", "–", "-", "—", "-", "~", "-", "；", ";").Replace(norm.NFKC.String(text))
	var all []models.Hours
	for part := range strings.SplitSeq(strings.ToLower(text), ";") {
		if part == "" {
			continue
		}
		m := opening.FindStringSubmatch(part)
		if m == nil {
			return nil, false
		}
		from, until := minute(m[2], m[3]), minute(m[4], m[5])
		on, ok := daysOf(m[1])
		if !ok || from < 0 || until > 24*60 || until <= from {
			return nil, false
		}
		for _, day := range on {
			all = append(all, models.Hours{Weekday: day, OpenMinute: from, CloseMinute: until})
		}
	}
	slices.SortFunc(all, func(a, b models.Hours) int {
		return cmp.Or(cmp.Compare(a.Weekday, b.Weekday), cmp.Compare(a.OpenMinute, b.OpenMinute))
	})
	for i := 1; i < len(all); i++ {
		if all[i].Weekday == all[i-1].Weekday && all[i].OpenMinute < all[i-1].CloseMinute {
			return nil, false // two openings of a day overlap: one of them is a slip
		}
	}
	return all, len(all) > 0 && len(all) <= maxOpenings
}

func minute(hour, min string) int {
	h, _ := strconv.Atoi(hour) // two digits, by the pattern
	m, _ := strconv.Atoi(min)
	if m > 59 {
		return 1 << 20 // beyond every limit
	}
	return h*60 + m
}

// daysOf reads a day, a span of days ("周一至周五", "mon-fri") or a word for some.
func daysOf(text string) ([]int, bool) {
	if on, ok := weekdays[text]; ok {
		return on, true
	}
	for _, to := range []string{"至", "到", "-"} {
		a, b, found := strings.Cut(text, to)
		if !found || a == "" {
			continue
		}
		first, ok1 := weekdays[a]
		last, ok2 := weekdays[b]
		if !ok1 || !ok2 || len(first) != 1 || len(last) != 1 {
			return nil, false
		}
		var on []int
		for day := first[0]; ; day = (day + 1) % 7 {
			if on = append(on, day); day == last[0] {
				return on, true
			}
		}
	}
	return nil, false
}
