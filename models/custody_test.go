package models_test

import (
	"testing"

	"linli/models"

	"pgregory.net/rapid"
)

// TestHeld_NothingIsInTwoHands: whatever moves, the hands together hold what was
// offered, and the first move of more than a hand holds is named.
func TestHeld_NothingIsInTwoHands(t *testing.T) {
	t.Parallel()
	hands := []models.Holder{models.Home("giver"), models.Carrier("c"), models.Box("r"), models.Home("elder"), {Kind: models.HolderRecovery, ID: "p"}}
	rapid.Check(t, func(t *rapid.T) {
		l := models.Lot{HouseholdID: "giver", Offered: rapid.IntRange(0, 20).Draw(t, "offered")}
		now := map[models.Holder]int{hands[0]: l.Offered}
		var chain []models.Custody
		wrong := -1
		for range rapid.IntRange(0, 12).Draw(t, "moves") {
			c := models.Custody{From: rapid.SampledFrom(hands).Draw(t, "from"), To: rapid.SampledFrom(hands).Draw(t, "to"),
				Units: rapid.IntRange(0, 8).Draw(t, "units")}
			now[c.From] -= c.Units
			now[c.To] += c.Units
			if wrong < 0 && (c.Units == 0 || c.From != c.To && now[c.From] < 0 || c.From == c.To && now[c.From]-c.Units < 0) {
				wrong = len(chain)
			}
			chain = append(chain, c)
			if wrong >= 0 {
				break
			}
		}
		held, broken := models.Held(l, chain)
		if broken != wrong {
			t.Fatalf("broken at %d, not %d: %+v", broken, wrong, chain)
		}
		sum := 0
		for hand, units := range held {
			sum += units
			if units != now[hand] && broken < 0 {
				t.Fatalf("%v holds %d, not %d", hand, units, now[hand])
			}
		}
		if sum != l.Offered {
			t.Fatalf("%d in all hands, offered %d", sum, l.Offered)
		}
	})
}

func TestLot_IsInTheHandsOfWhereItLies(t *testing.T) {
	t.Parallel()
	relay, carrier := "relay", "carrier"
	l := models.Lot{HouseholdID: "giver", GridID: "grid", RelayID: &relay, CarrierID: &carrier}
	for place, want := range map[models.Place]models.Holder{models.PlaceHome: models.Home("giver"), models.PlaceCarrier: models.Carrier("carrier"), models.PlaceBox: models.Box("relay")} {
		l.Place = place
		if got := l.Holder(); got != want {
			t.Errorf("%s: %v", place, got)
		}
	}
	l.Place, l.RelayID = models.PlaceBox, nil // kept by hand
	if got := l.Holder(); got != models.Box("grid") {
		t.Errorf("by hand: %v", got)
	}
}
