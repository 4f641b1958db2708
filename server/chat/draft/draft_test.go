package draft_test

import (
	"testing"

	"linli/models"
	"linli/server/chat/draft"
	"linli/server/chat/understand"
	"linli/server/registry"
)

func TestOf_DraftsWhatIsSaidAndAsksForTheRest(t *testing.T) {
	t.Parallel()
	reader := understand.Embedded()
	for text, want := range map[string]struct {
		intent, ask string
		units       int
		seal        models.Seal
		expires     models.Date
		urgency     models.Urgency
		age         models.AgeBand
	}{
		"急求抗原2支，给老人用": {intent: "request", units: 2, urgency: models.UrgencyNow, age: models.AgeElder},
		"求抗原2支":       {intent: "request", units: 2, urgency: models.UrgencyToday},
		"求抗原":         {intent: "request", ask: "chat.ask_qty", urgency: models.UrgencyToday},
		"我有抗原5支，没拆封，2027年8月到期": {intent: "offer", units: 5, seal: models.SealBox, expires: "2027-08-31", urgency: models.UrgencyToday},
		"我有抗原5支，2027年8月到期":     {intent: "offer", ask: "group.ask_seal", units: 5, expires: "2027-08-31", urgency: models.UrgencyToday},
		"出抗原，50一盒":             {ask: "", urgency: models.UrgencyToday},
		"晚上吃啥子哦":               {urgency: models.UrgencyToday},
		"布洛芬一天能吃几次":            {urgency: models.UrgencyToday},
		"我有阿莫西林一盒送":            {urgency: models.UrgencyToday},
	} {
		d := draft.Of(reader.Understand(text, "2026-12-18"), text)
		if d.Intent != want.intent || d.Ask != want.ask || d.Urgency != want.urgency || d.Patient.Age != want.age {
			t.Errorf("%s: %+v", text, d)
		}
		if want.intent == "" {
			if len(d.Lines) != 0 {
				t.Errorf("%s: there is something to post: %+v", text, d)
			}
			continue
		}
		if len(d.Lines) != 1 || d.Lines[0].ItemID != "M123" || d.Lines[0].Units != want.units || d.Lines[0].Seal != want.seal || d.Lines[0].ExpiresOn != want.expires {
			t.Errorf("%s: %+v", text, d.Lines)
		}
	}
}

func TestIsAt_ComparesLettersAndNumbers(t *testing.T) {
	t.Parallel()
	home := registry.HouseholdView{Building: "3 栋", Door: "2单元 501"}
	text := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	for place, want := range map[[3]string]bool{
		{"3", "2", "501"}: true, {"3", "", "501"}: true, {"", "", "501"}: true, {"3", "2", ""}: false, {"13", "2", "501"}: false,
		{"3", "1", "501"}: false, {"3", "2", "502"}: false, {"", "", ""}: false,
	} {
		if got := draft.IsAt(home, understand.Place{Building: text(place[0]), Unit: text(place[1]), Room: text(place[2])}); got != want {
			t.Errorf("%v: %v", place, got)
		}
	}
}

func TestAgrees_AsFarAsItWasSaid(t *testing.T) {
	t.Parallel()
	home := registry.HouseholdView{Building: "b2 栋", Door: "501"} // without units
	text := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	for place, want := range map[[3]string]bool{
		{"", "", ""}: true, {"B2", "", ""}: true, {"", "", "501"}: true, {"B2", "", "501"}: true,
		{"2", "", ""}: false, {"B2", "1", ""}: false, {"B2", "", "502"}: false, {"3", "", "501"}: false,
	} {
		if got := draft.Agrees(home, understand.Place{Building: text(place[0]), Unit: text(place[1]), Room: text(place[2])}); got != want {
			t.Errorf("%v: %v", place, got)
		}
	}
}
