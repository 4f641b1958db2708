package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"linli/models"
	"linli/models/store"
	"linli/server/registry"

	"github.com/google/uuid"
)

// items that need no facts about a person; one neighbour asks for each once,
// so that no ceiling and no open post of hers stands in the way.
var items = []string{"M123", "M124", "M125", "M018", "M137", "M078"}

// askers share a grid with one giver.
const askers = 4

// town is many micro-grids, each with somebody who can spare things.
type town struct {
	store    *store.Store
	registry *registry.Service
	url      string
	client   *http.Client
	wishes   []wish
	next     atomic.Int64
}

// wish is one request that is still to be made.
type wish struct{ token, item string }

func newTown(s *store.Store, addr string) *town {
	return &town{store: s, registry: registry.New(s), url: "http://" + addr + "/api/v1",
		client: &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 256}}}
}

// settle makes grids, people and lots for at least so many wishes.
func (t *town) settle(ctx context.Context, wishes int) error {
	if err := t.registry.Prepare(ctx); err != nil {
		return err
	}
	grids := wishes/(askers*len(items)) + 1
	if err := t.load(ctx, registry.ImportGrids, gridFile(grids)); err != nil {
		return err
	}
	if err := t.load(ctx, registry.ImportHouseholds, homeFile(grids)); err != nil {
		return err
	}
	var micro []models.Grid
	err := t.store.View(ctx, func(tx *store.Tx) error {
		return tx.Load(store.MicroGridsWithin("510184/", grids, &micro))
	})
	if err != nil {
		return err
	}
	return t.people(ctx, micro)
}

func (t *town) load(ctx context.Context, kind string, file []byte) error {
	sheet, err := registry.OpenSheet(kind+".csv", file)
	if err != nil {
		return err
	}
	_, err = t.registry.Import(ctx, kind, sheet, nil)
	return err
}

func homeFile(grids int) []byte {
	var csv strings.Builder
	csv.WriteString("grid_code,building,unit,room,lat,lon\n")
	for i := range grids {
		for home := range askers + 1 {
			fmt.Fprintf(&csv, "510184107001001%05d,%d 栋,1,%d01,30.70%02d,103.5301\n", i, home+1, home+1, home)
		}
	}
	return []byte(csv.String())
}

func gridFile(n int) []byte {
	var csv strings.Builder
	csv.WriteString("code,parent_code,name,level,tree\n510184,,崇州市,city,territorial\n510184107,510184,怀远镇,town,territorial\n" +
		"510184107001,510184107,定江桥社区,general,territorial\n510184107001001,510184107001,一般网格,ordinary,territorial\n")
	for i := range n {
		fmt.Fprintf(&csv, "510184107001001%05d,510184107001001,微网格 %d,micro,territorial\n", i, i)
	}
	return []byte(csv.String())
}

// people makes neighbours grid by grid; the first of each offers everything.
func (t *town) people(ctx context.Context, micro []models.Grid) error {
	var mu sync.Mutex
	var wg sync.WaitGroup
	var failed error
	queue := make(chan models.Grid)
	perGrid := make([][]wish, 0, len(micro))
	for range 8 {
		wg.Go(func() {
			for g := range queue {
				wishes, err := t.grid(ctx, g)
				mu.Lock()
				perGrid, failed = append(perGrid, wishes), errors.Join(failed, err)
				mu.Unlock()
			}
		})
	}
	for _, g := range micro {
		queue <- g
	}
	close(queue)
	wg.Wait()
	for i := range askers * len(items) { // neighbours of one grid ask far apart in time
		for _, wishes := range perGrid {
			if i < len(wishes) {
				t.wishes = append(t.wishes, wishes[i])
			}
		}
	}
	return failed
}

func (t *town) grid(ctx context.Context, g models.Grid) ([]wish, error) {
	minted, err := t.registry.MintTokens(ctx, registry.MintInput{Role: models.RoleResident, GridID: g.ID, Count: askers + 1})
	if err != nil {
		return nil, err
	}
	var lots []string
	for _, item := range items {
		lots = append(lots, fmt.Sprintf(`{"item_id":%q,"quantity":1000,"seal":"box","expires_on":"2030-01"}`, item))
	}
	if err := t.post(ctx, minted[0].Token, "/offers", `{"way":"relay","lots":[`+strings.Join(lots, ",")+`]}`); err != nil {
		return nil, err
	}
	var wishes []wish
	for _, item := range items {
		for _, asker := range minted[1:] {
			wishes = append(wishes, wish{asker.Token, item})
		}
	}
	return wishes, nil
}

// ask is one whole request over HTTP; it must be met at once.
func (t *town) ask(ctx context.Context, _ int) error {
	i := t.next.Add(1) - 1
	if int(i) >= len(t.wishes) {
		return errors.New("no wishes are left: settle more")
	}
	w := t.wishes[i]
	return t.post(ctx, w.token, "/requests", fmt.Sprintf(
		`{"way":"relay","lines":[{"item_id":%q,"quantity":1,"urgency":"today","patient":{"age":"adult"}}]}`, w.item))
}

func (t *town) post(ctx context.Context, token, path, body string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", uuid.NewString())
	res, err := t.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusCreated || path == "/requests" && !bytes.Contains(answer, []byte(`"state":"matched"`)) {
		return fmt.Errorf("%s answered %d: %.300s", path, res.StatusCode, answer)
	}
	return nil
}
