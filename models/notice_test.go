package models_test

import (
	"testing"
	"time"

	"linli/models"
)

func TestNotice_ACallIsFullWhenAllIsThereAndOpensAgain(t *testing.T) {
	t.Parallel()
	n := models.Notice{ItemID: "M128", Wanted: 10, State: models.NoticeOpen}
	for _, step := range []struct {
		units int
		told  string
		state models.NoticeState
	}{
		{0, "", models.NoticeOpen}, {4, "filled", models.NoticeOpen}, {4, "", models.NoticeOpen}, {10, "full", models.NoticeFull},
		{12, "filled", models.NoticeFull}, {9, "reopened", models.NoticeOpen}, {0, "filled", models.NoticeOpen}, {11, "full", models.NoticeFull},
	} {
		told, err := n.Count(step.units)
		if err != nil || told != step.told || n.State != step.state || n.Got != step.units {
			t.Errorf("%d units: %q, %s, %d, %v", step.units, told, n.State, n.Got, err)
		}
	}
	if err := n.Apply(models.CommandClose); err != nil {
		t.Fatal(err)
	}
	if told, err := n.Count(3); told != "" || err != nil || n.Got != 11 {
		t.Errorf("a closed call counts on: %q, %v, %d", told, err, n.Got)
	}
	plain := models.Notice{State: models.NoticeOpen}
	if told, err := plain.Count(3); told != "" || err != nil || plain.Got != 0 {
		t.Errorf("a notice that calls for nothing counts: %q, %v", told, err)
	}
}

func TestNotice_IsReadUntilItsTime(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 2, 0, 0, 0, time.UTC)
	for state, read := range map[models.NoticeState]bool{models.NoticeOpen: true, models.NoticeFull: true, models.NoticeClosed: true,
		models.NoticeOver: false, models.NoticeWithdrawn: false} {
		n := models.Notice{State: state, DueAt: now.Add(time.Hour)}
		if n.Reads(now) != read || n.Reads(n.DueAt) {
			t.Errorf("%s: %v, and at its time %v", state, n.Reads(now), n.Reads(n.DueAt))
		}
	}
}

func TestHasMobile_FindsANumberHoweverItIsTyped(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"打 13800138000 找我":        true,
		"138 0013 8000":           true,
		"１３８００１３８０００":             true,
		"+86-138-0013-8000":       true,
		"电话138.0013.8000。":        true,
		"8613800138000":           true,
		"2 单元 5 13800138000":      true,
		"0086 138 0013 8000":      true,
		"13-15-20 16 17 18 19":    false,
		"打 12345 或 028-82212345":  false,
		"急救 120，药店 400-820-8820":  false,
		"批号 2613800138000999":     false,
		"11月30日 18:30–20:00 领取":   false,
		"2026-11-30 到 2026-12-07": false,
		"12800138000":             false,
		"体温计 10 支，口罩 1000 个":      false,
		"👵👴 138":                  false,
		"":                        false,
	} {
		if got := models.HasMobile(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
