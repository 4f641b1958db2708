package models_test

import (
	"testing"
	"time"

	"linli/models"
)

func TestDropOffBy_CountsTheHoursInWhichSomebodyIsThere(t *testing.T) {
	t.Parallel()
	// 2022-12-19 was a Monday.
	at := func(day, hour, minute int) time.Time {
		return time.Date(2022, 12, day, hour, minute, 0, 0, models.Shanghai)
	}
	weekdays := models.RelayPoint{}
	for day := 1; day <= 5; day++ { // two openings, not in their order
		weekdays.Hours = append(weekdays.Hours, models.Hours{Weekday: day, OpenMinute: 14 * 60, CloseMinute: 18 * 60},
			models.Hours{Weekday: day, OpenMinute: 9 * 60, CloseMinute: 12 * 60})
	}
	never := models.RelayPoint{Hours: []models.Hours{{Weekday: 1, OpenMinute: 600, CloseMinute: 600}}}
	// Shorter on the 21st, then shut for nine days, longer than a week.
	festival := models.RelayPoint{Exceptions: []models.HoursException{
		{From: "2022-12-21", Until: "2022-12-21", OpenMinute: 10 * 60, CloseMinute: 14 * 60, Reason: "除夕"},
		{From: "2022-12-22", Until: "2022-12-30", Reason: "春节"},
		{From: "2022-12-31", Until: "2022-12-31", OpenMinute: 9 * 60, CloseMinute: 13 * 60}}}
	for name, c := range map[string]struct {
		relay models.RelayPoint
		now   time.Time
		u     models.Urgency
		want  time.Time
	}{
		"by day":                     {models.RelayPoint{}, at(19, 9, 30), models.UrgencyNow, at(19, 13, 30)},
		"at night: by noon":          {models.RelayPoint{}, at(19, 23, 0), models.UrgencyNow, at(20, 12, 0)},
		"before it opens":            {models.RelayPoint{}, at(19, 3, 0), models.UrgencyNow, at(19, 12, 0)},
		"over the evening":           {models.RelayPoint{}, at(19, 20, 0), models.UrgencyNow, at(20, 11, 0)},
		"today: half a day at least": {models.RelayPoint{}, at(19, 8, 0), models.UrgencyToday, at(19, 20, 0)},
		"today, in the evening":      {models.RelayPoint{}, at(19, 20, 0), models.UrgencyToday, at(20, 11, 0)},
		"these days":                 {models.RelayPoint{}, at(19, 20, 0), models.UrgencyDays, at(20, 18, 0)},
		"over lunch":                 {weekdays, at(19, 11, 0), models.UrgencyNow, at(19, 17, 0)},
		"over the weekend":           {weekdays, at(23, 17, 0), models.UrgencyNow, at(26, 12, 0)},
		"never open":                 {never, at(19, 9, 0), models.UrgencyNow, at(19, 13, 0)},
		"these days, over a weekend": {weekdays, at(23, 17, 0), models.UrgencyDays, at(26, 12, 0)},
		"over a holiday":             {festival, at(21, 17, 0), models.UrgencyNow, at(31, 13, 0)},
		"these days, over a holiday": {festival, at(21, 17, 0), models.UrgencyDays, at(31, 13, 0)},
		"the day that is shorter":    {festival, at(21, 8, 0), models.UrgencyNow, at(21, 14, 0)},
	} {
		if got := c.relay.DropOffBy(c.now, c.u); !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", name, got.In(models.Shanghai), c.want)
		}
	}
}

func TestRelayPoint_KnowsWhetherItIsOpenAndWhenItOpensNext(t *testing.T) {
	t.Parallel()
	at := func(day, hour, minute int) time.Time {
		return time.Date(2022, 12, day, hour, minute, 0, 0, models.Shanghai)
	}
	point := models.RelayPoint{Exceptions: []models.HoursException{
		{From: "2022-12-20", Until: "2022-12-21", Reason: "春节"},
		{From: "2022-12-22", Until: "2022-12-22", OpenMinute: 15 * 60, CloseMinute: 16 * 60, Reason: "盘点"},
		{From: "2022-12-22", Until: "2022-12-22", OpenMinute: 9 * 60, CloseMinute: 10 * 60, Reason: "盘点"}}}
	for day := range 7 {
		point.Hours = append(point.Hours, models.Hours{Weekday: day, OpenMinute: 9 * 60, CloseMinute: 18 * 60})
	}
	for name, c := range map[string]struct {
		t, next time.Time
	}{
		"before the day begins":  {at(19, 8, 59), at(19, 9, 0)},
		"as it opens":            {at(19, 9, 0), at(19, 9, 0)},
		"open":                   {at(19, 12, 0), at(19, 12, 0)},
		"its last minute":        {at(19, 17, 59), at(19, 17, 59)},
		"as it closes":           {at(19, 18, 0), at(22, 9, 0)},
		"shut":                   {at(20, 12, 0), at(22, 9, 0)},
		"between two openings":   {at(22, 12, 0), at(22, 15, 0)},
		"after the last of them": {at(22, 16, 0), at(23, 9, 0)},
	} {
		next, ok := point.OpensNext(c.t)
		if !ok || !next.Equal(c.next) || point.OpenAt(c.t) != c.t.Equal(c.next) {
			t.Errorf("%s: opens next %v (%v), is open %v", name, next.In(models.Shanghai), ok, point.OpenAt(c.t))
		}
	}
	if hours, why := point.HoursOn(at(22, 0, 0)); len(hours) != 2 || hours[0].OpenMinute != 9*60 || why != "盘点" {
		t.Errorf("two openings in the order of the day: %v %q", hours, why)
	}
	if hours, why := point.HoursOn(at(20, 23, 59)); len(hours) != 0 || why != "春节" {
		t.Errorf("a holiday: %v %q", hours, why)
	}
	if _, ok := (models.RelayPoint{Hours: []models.Hours{{Weekday: 1, OpenMinute: 600, CloseMinute: 600}}}).OpensNext(at(19, 9, 0)); ok {
		t.Error("a point that is never open opens")
	}
	if by := point.CollectBy(at(19, 17, 0)); !by.Equal(at(23, 10, 0)) { // an hour today, two on the 22nd, the fourth on the 23rd
		t.Errorf("kept until %v", by.In(models.Shanghai))
	}
}

func TestCheckExceptions_RefusesWhatCannotBeMeant(t *testing.T) {
	t.Parallel()
	day := func(from, until models.Date, open, closes int) models.HoursException {
		return models.HoursException{From: from, Until: until, OpenMinute: open, CloseMinute: closes}
	}
	good := day("2027-02-15", "2027-02-21", 0, 0)
	named := func(reason string) models.HoursException { e := good; e.Reason = reason; return e }
	many := make([]models.HoursException, models.MaxExceptions+1)
	for name, c := range map[string]struct {
		all    []models.HoursException
		index  int
		reason string
	}{
		"none":                 {nil, 0, ""},
		"a holiday":            {[]models.HoursException{named("春节")}, 0, ""},
		"two openings":         {[]models.HoursException{day("2027-02-14", "2027-02-14", 540, 600), day("2027-02-14", "2027-02-14", 600, 700)}, 0, ""},
		"no day":               {[]models.HoursException{good, day("", "", 0, 0)}, 1, "exception_days"},
		"a month":              {[]models.HoursException{day("2027-02", "2027-02", 0, 0)}, 0, "exception_days"},
		"backwards":            {[]models.HoursException{day("2027-02-21", "2027-02-15", 0, 0)}, 0, "exception_days"},
		"too long":             {[]models.HoursException{day("2027-01-01", "2027-03-02", 0, 0)}, 0, "exception_days"},
		"as long as may be":    {[]models.HoursException{day("2027-01-01", "2027-03-01", 0, 0)}, 0, ""},
		"closes first":         {[]models.HoursException{day("2027-02-14", "2027-02-14", 600, 540)}, 0, "exception_hours"},
		"after midnight":       {[]models.HoursException{day("2027-02-14", "2027-02-14", 600, 1441)}, 0, "exception_hours"},
		"before midnight":      {[]models.HoursException{day("2027-02-14", "2027-02-14", -1, 600)}, 0, "exception_hours"},
		"a long reason":        {[]models.HoursException{named("一二三四五六七八九十一二三四五六七八九十一")}, 0, "exception_reason"},
		"a reason of two rows": {[]models.HoursException{named("春\n节")}, 0, "exception_reason"},
		"a bell":               {[]models.HoursException{named("春\a节")}, 0, "exception_reason"},
		"shut and open":        {[]models.HoursException{good, day("2027-02-21", "2027-02-22", 540, 600)}, 1, "exception_overlaps"},
		"twice at once":        {[]models.HoursException{day("2027-02-14", "2027-02-14", 540, 600), day("2027-02-13", "2027-02-15", 599, 700)}, 1, "exception_overlaps"},
		"too many":             {many, models.MaxExceptions, "exceptions_too_many"},
	} {
		if i, reason := models.CheckExceptions(c.all); i != c.index || reason != c.reason {
			t.Errorf("%s: %d %q, want %d %q", name, i, reason, c.index, c.reason)
		}
	}
}
