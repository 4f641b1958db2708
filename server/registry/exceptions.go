package registry

import (
	"regexp"
	"strings"

	"linli/models"

	"golang.org/x/text/unicode/norm"
)

var (
	exceptionDay  = `(\d{4}-\d{1,2}-\d{1,2})`
	exceptionForm = regexp.MustCompile(`^` + exceptionDay + `(?:\s*(?:至|到|~|to)\s*` + exceptionDay + `)?\s+(休|不开|closed|(\d{1,2}):(\d{2})\s*(?:-|~|至|到)\s*(\d{1,2}):(\d{2}))(?:\s+(.*))?$`)
	exceptionDate = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})$`)
)

// Exceptions reads the days that are not like the week as people write them, parted
// by a semicolon: "2027-02-15至2027-02-21 休 春节; 2027-02-14 9:00-12:00 除夕". Two
// openings of a day are two of them. The code says what is wrong, "" is nothing.
func Exceptions(text string) (all []models.HoursException, wrong string) {
	text = strings.NewReplacer("–", "-", "—", "-", "；", ";", "/", "-").Replace(norm.NFKC.String(text))
	for part := range strings.SplitSeq(text, ";") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		m := exceptionForm.FindStringSubmatch(part)
		if m == nil {
			return nil, "exceptions_unreadable"
		}
		e := models.HoursException{From: dayOf(m[1]), Until: dayOf(m[1]), Reason: strings.TrimSpace(m[8])}
		if m[2] != "" {
			e.Until = dayOf(m[2])
		}
		if m[4] != "" {
			if e.OpenMinute, e.CloseMinute = minute(m[4], m[5]), minute(m[6], m[7]); e.Closed() {
				return nil, "exception_hours" // 0:00-0:00 would be read as shut
			}
		}
		all = append(all, e)
	}
	_, wrong = models.CheckExceptions(all)
	return all, wrong
}

// dayOf writes 2027-2-5 as 2027-02-05; what is no day becomes none.
func dayOf(text string) models.Date {
	m := exceptionDate.FindStringSubmatch(text)
	two := func(s string) string { return strings.Repeat("0", 2-len(s)) + s }
	day, err := models.ParseDate(m[1] + "-" + two(m[2]) + "-" + two(m[3]))
	if err != nil {
		return ""
	}
	return day
}
