package chat_test

import (
	"fmt"
	"testing"

	"linli/models"
	"linli/models/store"
	"linli/models/store/storetest"
)

const (
	thermometer models.ItemID = "M128"
	gloves      models.ItemID = "M137"
)

func TestHome_APartOfAnAddressIsAskedForAndNeverGuessed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.hears(t, w.worker, "5栋1单元的王婆婆 求 额温枪 1 把", "单元和门牌也写") // it is her own staircase
		w.hears(t, w.worker, "302室求 额温枪 1 把", "是哪一栋")
		w.hears(t, w.worker, "7栋 求 额温枪 1 把", "单元和门牌也写")
		w.hears(t, w.worker, "5栋1单元 有 额温枪 1 把，没拆封，2027年8月到期", "单元和门牌也写")
		if n := w.lines(t, w.worker); len(n) != 0 {
			t.Fatalf("it is filed under her own home: %+v", n)
		}
		w.hears(t, w.worker, "5栋1单元302 求 额温枪 1 把", "听到了")
		if w.open(t, w.neighbour, thermometer) != 1 || w.open(t, w.worker, thermometer) != 0 {
			t.Error("it is not filed under the home that was named")
		}
		w.hears(t, w.worker, "5栋1单元101 求 额温枪 1 把", "听到了")
		w.hears(t, w.worker, "给老人求 一次性手套 2 双", "听到了")
		if w.open(t, w.worker, thermometer) != 1 || w.open(t, w.worker, gloves) != 2 {
			t.Error("her own is not filed under her own home")
		}
	})
}

func TestHome_ADoorOfTwoStaircasesIsAskedFor(t *testing.T) {
	t.Parallel()
	w := newTown(t, storetest.SQLite(t))
	second := w.Neighbour(t, w.Micro, "5-2-302", "李姐", models.CareNone)
	w.hears(t, w.worker, "5栋302 求 额温枪 1 把", "几单元")
	w.hears(t, w.worker, "5栋2单元302 求 额温枪 1 把", "听到了")
	w.hears(t, w.worker, "5栋3单元302 求 额温枪 1 把", "没找到这一户")
	if w.open(t, second, thermometer) != 1 || w.open(t, w.neighbour, thermometer) != 0 {
		t.Error("the wrong staircase")
	}
}

func TestHome_OnlyAWorkerPostsForAnother(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.hears(t, w.neighbour, "帮3栋2单元501求 额温枪 1 把", "只能由网格员")
		w.hears(t, w.neighbour, "3栋有老人求 额温枪 1 把", "只能由网格员")
		w.hears(t, w.neighbour, "3栋2单元501 有 额温枪 1 把，没拆封，2027年8月到期", "只能由网格员")
		if n := w.lines(t, w.neighbour); len(n) != 0 {
			t.Fatalf("it is filed under her own home: %+v", n)
		}
		w.hears(t, w.neighbour, "我住5栋，求 额温枪 1 把", "听到了")
		w.hears(t, w.neighbour, "5栋1单元302 给老人求 一次性手套 2 双", "听到了")
		if w.open(t, w.neighbour, thermometer) != 1 || w.open(t, w.neighbour, gloves) != 2 {
			t.Error("her own address is not hers")
		}
		// Who works elsewhere is a neighbour like others here.
		elsewhere := w.Neighbour(t, w.Beside, "8-1-101", "隔壁", models.CareNone)
		w.appoint(t, &elsewhere, models.Grid{ID: w.Relay.GridID, Path: "510185/"})
		w.joins(t, elsewhere)
		w.hears(t, elsewhere, "3栋2单元501 求 额温枪 1 把", "只能由网格员")
		w.hears(t, elsewhere, "8栋 求 额温枪 1 把", "听到了")
	})
}

func TestHome_AllGridsOfAWorkerAreSearched(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		var last storetest.Neighbour
		for i := range 12 {
			g := models.Grid{Code: fmt.Sprintf("5101841070010020%02d", 20+i), Name: fmt.Sprint("微网格 ", 20+i), Level: models.LevelMicro,
				Tree: models.TreeTerritorial, ParentID: &w.Community.ID}
			g.Path = w.Community.Path + g.Code + "/"
			must(t, w.Store.InTx(t.Context(), func(tx *store.Tx) error {
				g.ID, g.CreatedAt = tx.NewID(), tx.Now
				return tx.CreateGrids([]models.Grid{g})
			}))
			last = w.Neighbour(t, g, fmt.Sprintf("%d-1-101", 20+i), "住户", models.CareNone)
		}
		must(t, w.Outreach.Tidy(t.Context())) // the robot follows the new ones
		w.hears(t, w.worker, "31栋1单元101 求 额温枪 1 把", "没找到这一户")
		w.appoint(t, &w.worker, w.Community)
		w.hears(t, w.worker, "31栋1单元101 求 额温枪 1 把", "听到了")
		if w.open(t, last, thermometer) != 1 {
			t.Error("it is filed elsewhere")
		}
	})
}
