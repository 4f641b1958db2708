package models_test

import (
	"testing"
	"time"

	"linli/models"

	"pgregory.net/rapid"
)

func TestParseDate_HasOneReadingOrNone(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]models.Date{
		"2027-08-31": "2027-08-31", "2027-08": "2027-08-31", "2027-02": "2027-02-28", "2028-02": "2028-02-29", "2028-02-29": "2028-02-29",
		"2000-01-01": "2000-01-01", "2000-01": "2000-01-31", "2099-12-31": "2099-12-31", "2099-12": "2099-12-31", "2027-12": "2027-12-31",
	} {
		if got, err := models.ParseDate(text); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", " ", "2027", "2027-13", "2027-00", "2027-00-10", "2027-02-29", "2027-02-30", "2027-04-31", "2027-08-00", "2027-08-32", "2100-02-29",
		"0000-01-01", "0000-01", "1970-01-01", "1970-01", "1999-12-31", "1999-12", "2100-01-01", "2100-01", "9999-12-31", "9999-12", "10000-01-01",
		"27-08-31", "27-08", "2027-8-31", "2027-08-1", "2027-8", "2027/08/31", "2027.08.31", "20270831", "31-08-2027", "2027-08-31T00:00:00Z",
		" 2027-08-31", "2027-08-31 ", "2027-08-31\n", "2027-08-31\x00", "-2027-08-31", "+2027-08-31", "2027-+8", "2027-08--1", "2027–08–31",
		"２０２７-０８-３１", "2027年8月31日", "二〇二七-〇八", "٢٠٢٧-٠٨-٣١", "2027-08-31👵", "\u202e2027-08", "\ufeff2027-08", "today", "46265", "NaN", "' OR 1=1",
	} {
		if got, err := models.ParseDate(text); err == nil || got != "" {
			t.Errorf("%q is read as %q", text, got)
		}
	}
}

// TestDate_CountsAsTheCalendarDoes in Shanghai: text order is day order, days
// add up, and a day ends when the next begins.
func TestDate_CountsAsTheCalendarDoes(t *testing.T) {
	t.Parallel()
	day := rapid.Custom(func(t *rapid.T) models.Date {
		return models.DateOf(time.Date(2000, 1, rapid.IntRange(1, 36524).Draw(t, "day"), 12, 0, 0, 0, models.Shanghai))
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := day.Draw(t, "a"), day.Draw(t, "b")
		if again, err := models.ParseDate(string(a)); err != nil || again != a {
			t.Fatalf("%q is read as %q, %v", a, again, err)
		}
		n := a.DaysAfter(b)
		if (n > 0) != (a > b) || n != -b.DaysAfter(a) || a.EndOf().Sub(b.EndOf()) != time.Duration(n)*24*time.Hour {
			t.Fatalf("%s is %d days after %s", a, n, b)
		}
		end := a.EndOf()
		if models.DateOf(end.Add(-time.Nanosecond)) != a || models.DateOf(end).DaysAfter(a) != 1 || end.Location() != time.UTC {
			t.Fatalf("%s ends at %s", a, end)
		}
	})
	if got := models.DateOf(time.Date(2026, 12, 18, 15, 59, 59, 0, time.UTC)); got != "2026-12-18" {
		t.Errorf("a second before midnight in Shanghai: %s", got)
	}
	if got := models.DateOf(time.Date(2026, 12, 18, 16, 0, 0, 0, time.UTC)); got != "2026-12-19" {
		t.Errorf("midnight in Shanghai: %s", got)
	}
	for _, none := range []models.Date{"", "2027-02-30", "soon"} {
		if !none.EndOf().IsZero() || none.DaysAfter("2027-01-01") != 0 || models.Date("2027-01-01").DaysAfter(none) != 0 {
			t.Errorf("%q ends at %s", none, none.EndOf())
		}
	}
}

func TestMillis_KeepsWhatBothDatabasesKeep(t *testing.T) {
	t.Parallel()
	given := time.Date(2026, 12, 18, 20, 12, 0, 123_999_999, models.Shanghai)
	if got := models.Millis(given); !got.Equal(time.Date(2026, 12, 18, 12, 12, 0, 123_000_000, time.UTC)) || got.Location() != time.UTC {
		t.Errorf("%s", got)
	}
}
