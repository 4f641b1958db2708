package registry_test

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/registry"
)

const base = "https://linli.example"

var printedCode = regexp.MustCompile(`class="code">([0-9A-Z-]+)<`)

// codes prints the door sheet of a micro-grid and reads the codes off it, by home.
func (w town) codes(t *testing.T, worker models.Actor, grid models.ID) map[string]string {
	t.Helper()
	sheet, err := w.DoorSheet(t.Context(), worker, grid, base)
	must(t, err)
	homes := regexp.MustCompile(`class="home">([^<]+)<`).FindAllStringSubmatch(string(sheet.HTML), -1)
	codes := map[string]string{}
	for i, m := range printedCode.FindAllStringSubmatch(string(sheet.HTML), -1) {
		codes[html.UnescapeString(homes[i][1])] = m[1]
	}
	return codes
}

func TestJoinByDoor_ClaimIsHeardByWorkersAndAResidentIsLetIn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		ctx := t.Context()
		old := w.Neighbour(t, w.Micro, "3-2-501", "王师傅", models.CareNone)
		worker := w.Worker(t, w.Micro)
		code := w.codes(t, worker, w.Micro.ID)["3 栋 2单元 501"]

		var heard []models.Event
		var mu sync.Mutex
		w.Store.OnCommit(func(events []models.Event) {
			mu.Lock()
			defer mu.Unlock()
			heard = append(heard, events...)
		})
		typed := strings.ToLower(strings.ReplaceAll(code, "-", " "))
		token, err := w.JoinByDoor(ctx, "phone", registry.JoinInput{Code: typed, Name: " 王小明 ", Phone: "+86 138-0000 0013"})
		must(t, err)
		actor, err := w.Actor(ctx, token)
		must(t, err)
		view, err := w.Session(ctx, actor)
		must(t, err)
		if view.Person.State != models.PersonPending || view.Person.Name != "王小明" || view.Person.PhoneTail != "0013" {
			t.Errorf("the claimant is %+v", view.Person)
		}
		if *view.Household != (registry.HouseholdRef{}) {
			t.Errorf("an address was told before approval: %+v", view.Household)
		}

		claims, err := w.Claims(ctx, worker, "", 0)
		must(t, err)
		if len(claims.Items) != 1 || claims.Items[0].Household.Door != "2单元 501" || claims.Items[0].Grid.Community != "定江桥社区" {
			t.Fatalf("the worker sees %+v", claims.Items)
		}
		_, err = w.Approve(ctx, worker, actor.PersonID)
		must(t, err)
		actor, err = w.Actor(ctx, token)
		must(t, err)
		if !actor.LivesIn(w.Micro.ID) || actor.HouseholdID != old.HouseholdID || !actor.Reaches(w.Micro.Path, models.RoleResident) {
			t.Errorf("after approval the actor is %+v", actor)
		}
		view, err = w.Session(ctx, actor)
		must(t, err)
		if view.Household.Building != "3 栋" {
			t.Errorf("after approval the home is %+v", view.Household)
		}
		mu.Lock()
		defer mu.Unlock()
		if len(heard) != 2 || heard[0].Kind != "person.claimed" || !heard[0].Audience.Workers || len(heard[0].Audience.Persons) != 0 ||
			heard[1].Kind != "person.approved" || !heard[1].Audience.SeenBy(actor.PersonID, false, false) || heard[1].GridID != w.Micro.ID {
			t.Errorf("phones heard %+v", heard)
		}
		_, err = w.Approve(ctx, worker, actor.PersonID)
		wantFault(t, err, fault.Conflict, "wrong_state")
	})
}

func TestJoinByDoor_ReplacedUnknownAndWrongCodesLookAlike(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		ctx := t.Context()
		home := w.Neighbour(t, w.Micro, "3-2-501", "王师傅", models.CareNone)
		worker := w.Worker(t, w.Micro)
		first := w.codes(t, worker, w.Micro.ID)["3 栋 2单元 501"]
		if again := w.codes(t, worker, w.Micro.ID)["3 栋 2单元 501"]; again != first {
			t.Fatalf("printing again changed the code from %s to %s", first, again)
		}
		replaced, err := w.ReplaceDoorCode(ctx, worker, home.HouseholdID)
		must(t, err)
		second := w.codes(t, worker, w.Micro.ID)["3 栋 2单元 501"]
		if replaced.DoorGeneration != 2 || second == first {
			t.Fatalf("replaced to generation %d: %s and %s", replaced.DoorGeneration, first, second)
		}
		person := registry.JoinInput{Name: "王小明", Phone: "13800000013"}
		for _, code := range []string{first, "", "nonsense", strings.Repeat("0", 26), second[:len(second)-1] + "~", strings.Repeat("家", 9000)} {
			person.Code = code
			_, err := w.JoinByDoor(ctx, "stranger", person)
			wantFault(t, err, fault.NotFound, "door_unknown")
		}
		for range 4 {
			_, err = w.JoinByDoor(ctx, "stranger", person)
			wantFault(t, err, fault.NotFound, "door_unknown")
		}
		person.Code = second
		_, err = w.JoinByDoor(ctx, "stranger", person)
		wantFault(t, err, fault.RateLimited, "too_many_tries")
		_, err = w.JoinByDoor(ctx, "somebody else", person)
		must(t, err)
		w.Clock.Add(10 * time.Second)
		_, err = w.JoinByDoor(ctx, "stranger", person)
		must(t, err)
	})
}

func TestJoinByDoor_BadNamesAndPhonesNameTheirFields(t *testing.T) {
	t.Parallel()
	w := newTown(t, storetest.SQLite(t))
	_, err := w.JoinByDoor(t.Context(), "phone", registry.JoinInput{Code: "x", Name: "\u202e", Phone: "12345"})
	wantFault(t, err, fault.Invalid, "invalid_input")
	fields := fault.From(err).Fields
	if len(fields) != 2 || fields[0].Path != "name" || fields[1].Path != "phone" {
		t.Errorf("the fields are %+v", fields)
	}
}

func TestJoinByDoor_OneDoorCannotFloodTheWorkersList(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		w.Neighbour(t, w.Micro, "3-2-501", "王师傅", models.CareNone)
		worker := w.Worker(t, w.Micro)
		code := w.codes(t, worker, w.Micro.ID)["3 栋 2单元 501"]
		for i := range 8 {
			_, err := w.JoinByDoor(t.Context(), "phone", registry.JoinInput{Code: code, Name: "某人", Phone: fmt.Sprintf("1380000%04d", i)})
			must(t, err)
		}
		_, err := w.JoinByDoor(t.Context(), "phone", registry.JoinInput{Code: code, Name: "某人", Phone: "13800001111"})
		wantFault(t, err, fault.RateLimited, "door_busy")
	})
}

func TestClaims_OnlyTheWorkerOfTheGridAnswersAndNeverForHerself(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		ctx := t.Context()
		resident := w.Neighbour(t, w.Micro, "3-2-501", "王师傅", models.CareNone)
		worker, stranger := w.Worker(t, w.Micro), w.Worker(t, w.Beside)
		code := w.codes(t, worker, w.Micro.ID)["3 栋 2单元 501"]
		token, err := w.JoinByDoor(ctx, "phone", registry.JoinInput{Code: code, Name: "王小明", Phone: "13800000013"})
		must(t, err)
		claimant, err := w.Actor(ctx, token)
		must(t, err)

		for _, who := range []models.Actor{stranger, resident.Actor, claimant, {}} {
			_, err := w.Approve(ctx, who, claimant.PersonID)
			wantFault(t, err, fault.NotFound, "not_found")
			_, err = w.Refuse(ctx, who, claimant.PersonID, "")
			wantFault(t, err, fault.NotFound, "not_found")
		}
		if list, err := w.Claims(ctx, stranger, "", 0); err != nil || len(list.Items) != 0 {
			t.Errorf("a stranger's worker sees %+v, %v", list, err)
		}
		_, err = w.Claims(ctx, resident.Actor, "", 0)
		wantFault(t, err, fault.Forbidden, "not_your_grid")

		self := claimant
		self.Roles = worker.Roles // a worker of this grid who claims a home in it
		_, err = w.Approve(ctx, self, claimant.PersonID)
		wantFault(t, err, fault.Forbidden, "not_oneself")
		_, err = w.Approve(ctx, worker, "00000000-0000-7000-8000-ffffffffffff")
		wantFault(t, err, fault.NotFound, "not_found")

		_, err = w.Refuse(ctx, worker, claimant.PersonID, "不住这里")
		must(t, err)
		_, err = w.Actor(ctx, token)
		wantFault(t, err, fault.Unauthenticated, "claim_refused")
		var ended []models.Credential
		var roles []models.Role
		w.view(t, store.RevokedSince(storetest.Start, &ended, &roles)...)
		if len(ended) != 1 || ended[0].ID != claimant.CredentialID {
			t.Errorf("open sockets are not told: %+v", ended)
		}
	})
}

func TestClaims_PageByPageNothingIsLeftOutOrDoubled(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		worker := w.Worker(t, w.Micro)
		want := map[models.ID]bool{}
		for i := range 7 {
			home := w.Neighbour(t, w.Micro, fmt.Sprintf("1-1-%d01", i+1), "某人", models.CareNone)
			must(t, w.Store.InTx(t.Context(), func(tx *store.Tx) error {
				p := models.Person{ID: tx.NewID(), GridID: w.Micro.ID, HouseholdID: &home.HouseholdID, Name: "某人",
					Phone: "13800000000", State: models.PersonPending, CreatedAt: tx.Now}
				want[p.ID] = true
				return tx.SavePerson(&p, "", models.Audience{})
			}))
			if i%2 == 0 {
				w.Clock.Add(time.Second) // some share a moment
			}
		}
		cursor := ""
		for {
			list, err := w.Claims(t.Context(), worker, cursor, 3)
			must(t, err)
			for _, c := range list.Items {
				if !want[c.Person.ID] {
					t.Fatal("a claim came twice")
				}
				delete(want, c.Person.ID)
			}
			if cursor = list.Next; cursor == "" {
				break
			}
		}
		if len(want) != 0 {
			t.Errorf("%d claims were left out", len(want))
		}
	})
}

func TestDoorSheet_IsForTheWorkerAloneAndCannotRunAnything(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		ctx := t.Context()
		w.Neighbour(t, w.Micro, "<script>alert(1)</script>-2-501", "王师傅", models.CareNone)
		worker := w.Worker(t, w.Micro)
		sheet, err := w.DoorSheet(ctx, worker, w.Micro.ID, base)
		must(t, err)
		if bytes.Contains(sheet.HTML, []byte("<script")) || !bytes.Contains(sheet.HTML, []byte("码上办")) ||
			!bytes.Contains(sheet.HTML, []byte("<svg")) || !strings.Contains(sheet.Policy, "default-src 'none'") {
			t.Errorf("the sheet is %s under %s", sheet.HTML, sheet.Policy)
		}
		_, err = w.DoorSheet(ctx, w.Worker(t, w.Beside), w.Micro.ID, base)
		wantFault(t, err, fault.Forbidden, "not_your_grid")
		_, err = w.DoorSheet(ctx, w.Worker(t, w.Community), w.Community.ID, base)
		wantFault(t, err, fault.Invalid, "invalid_input")
		links, flaws, err := w.VerifyAudit(ctx)
		if err != nil || links != 1 || len(flaws) != 0 {
			t.Errorf("the audit holds %d links with %v, %v", links, flaws, err)
		}
	})
}
