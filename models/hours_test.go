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
	} {
		if got := c.relay.DropOffBy(c.now, c.u); !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", name, got.In(models.Shanghai), c.want)
		}
	}
}
