package outreach

import (
	"time"

	"linli/models"
	"linli/server/chat/platform"
	"linli/server/chat/platform/webhook"
)

// Quiet hours in Shanghai: what is not urgent waits for the morning. Cards and
// digests keep off the full and half hours, when everybody's robots speak.
const (
	quietFrom  = 21
	quietTo    = 8
	offTheHour = 7 * time.Minute
)

func quiet(at time.Time) bool {
	hour := at.In(models.Shanghai).Hour()
	return hour >= quietFrom || hour < quietTo
}

// byDay is at, or the next morning.
func byDay(at time.Time) time.Time {
	if !quiet(at) {
		return at
	}
	return nextAt(at, quietTo)
}

// nextAt is the next time after at that the clock of Shanghai shows an hour, and a
// little.
func nextAt(at time.Time, hour int) time.Time {
	local := at.In(models.Shanghai)
	next := time.Date(local.Year(), local.Month(), local.Day(), hour, 0, 0, 0, models.Shanghai).Add(offTheHour)
	if !next.After(at) {
		next = next.AddDate(0, 0, 1)
	}
	return next.UTC()
}

// tellTimes are a robot's: what is gathered goes out at the end of a slot of its
// minutes, so that what came meanwhile goes with it.
func tellTimes(r models.Robot, now time.Time) models.TellTimes {
	slot := time.Duration(r.GatherMinutes) * time.Minute
	gathered := now.Add(-offTheHour).Truncate(slot).Add(slot + offTheHour)
	return models.TellTimes{Now: now, Gathered: byDay(gathered), Soon: byDay(now)}
}

func digestAt(r models.Robot, now time.Time) *time.Time {
	if r.DigestHour == models.NoDigest || r.State != models.RobotOn {
		return nil
	}
	at := nextAt(now, r.DigestHour)
	return &at
}

const (
	// deadAfter: a delivery is tried by the published schedule, after its end once a
	// day, and is dead when it is older than this.
	deadAfter = 5 * 24 * time.Hour
	// goneWait: only a person helps a robot that its platform does not know any
	// more; until then it is asked now and then, with whatever message.
	goneWait = time.Hour
	maxWait  = 24 * time.Hour
)

// nextTry is when a delivery that failed is tried again, or that it is dead.
func (s *Service) nextTry(d models.Delivery, f *platform.Failure, now time.Time) (at time.Time, dead bool) {
	end := d.CreatedAt.Add(deadAfter)
	if f.Permanent || !now.Before(end) {
		return now, true
	}
	wait := webhook.Schedule[min(d.Tries, len(webhook.Schedule)-1)]
	wait += time.Duration(s.jitter() * float64(wait) / 10)
	if f.Gone {
		wait = goneWait
	}
	wait = max(wait, min(f.RetryAfter, maxWait)) // who asks for less is not hurried
	at = now.Add(wait)
	if at.After(end) {
		at = end // once more, and then it is dead
	}
	return models.Millis(at), false
}

// silence is how long a platform wants to hear nothing of a robot, whatever it has
// to say; 0 where one message failed and no more is known.
func silence(f *platform.Failure) time.Duration {
	switch {
	case f.RetryAfter > 0:
		return min(f.RetryAfter, maxWait)
	case f.Gone:
		return goneWait
	}
	return 0
}

// spacing is how far apart two messages of a robot are, so that no minute and no
// second holds more than the platform takes.
func spacing(rate platform.Rate) time.Duration {
	var wait time.Duration
	if rate.PerMinute > 0 {
		wait = time.Minute/time.Duration(rate.PerMinute) + 50*time.Millisecond
	}
	if rate.PerSecond > 0 {
		wait = max(wait, time.Second/time.Duration(rate.PerSecond)+50*time.Millisecond)
	}
	return wait
}

// rushHour is when a robot that can wait may speak: at, or after the full or half
// hour around which the platform asks for silence.
func rushHour(rate platform.Rate, at time.Time) time.Time {
	if rate.OffTheHour <= 0 {
		return at
	}
	half := at.Add(rate.OffTheHour).Truncate(30 * time.Minute)
	if end := half.Add(rate.OffTheHour); at.Before(end) {
		return models.Millis(end)
	}
	return at
}
