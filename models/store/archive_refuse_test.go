package store_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/models/words"
)

// archiveLines are the lines of an archive without the last, which sums them up.
func archiveLines(archive []byte) []string {
	lines := strings.SplitAfter(unpacked(archive), "\n")
	return lines[:len(lines)-2]
}

// written is an archive of these lines whose sums are right.
func written(t *testing.T, rows int, lines ...string) []byte {
	t.Helper()
	text := strings.Join(lines, "")
	sum := sha256.Sum256([]byte(text))
	var file bytes.Buffer
	zipped := gzip.NewWriter(&file)
	_, err := fmt.Fprintf(zipped, `%s{"rows":%d,"sha256":"%s"}`+"\n", text, rows, hex.EncodeToString(sum[:]))
	must(t, err)
	must(t, zipped.Close())
	return file.Bytes()
}

// empty is a migrated database with nothing but a fact of its own.
func empty(t *testing.T, b storetest.Bench) storetest.Bench {
	t.Helper()
	must(t, b.Store.InTx(t.Context(), func(tx *store.Tx) error { return tx.SetMeta(store.MetaEpoch, "its own") }))
	return b
}

// refusal tries to restore, and gives the reason of the refusal. Every reason
// has a sentence in both languages.
func refusal(t *testing.T, b storetest.Bench, archive []byte) string {
	t.Helper()
	err := restore(t, b, archive)
	if err == nil {
		return "taken"
	}
	f := fault.From(err)
	if said := words.All()[f.Reason]; f.Code != fault.Refused || said.ZH == "" || said.EN == "" {
		t.Errorf("%v has no sentence", err)
	}
	return f.Reason
}

func TestRestore_RefusesByNameAndLeavesTheTargetAsItWas(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		source := storetest.SQLite(t)
		livedIn(t, source)
		archive := backup(t, source)
		lines := archiveLines(archive)
		rows := 0
		for _, line := range lines {
			rows += strings.Count(line, `{"row":`)
		}
		at := slices.IndexFunc(lines, func(line string) bool { return strings.Contains(line, `"table":"grids"`) })
		changed := func(old, new string) []byte {
			text := strings.Replace(strings.Join(lines, ""), old, new, 1)
			return written(t, rows, text)
		}
		b = empty(t, b)
		before := dump(t, b)
		for _, c := range []struct {
			name    string
			archive []byte
			want    string
		}{
			{"nothing", nil, "archive_unreadable"},
			{"another file", []byte("linli-archive-1, or so it says"), "archive_unreadable"},
			{"unpacked", []byte(unpacked(archive)), "archive_unreadable"},
			{"another format", changed("linli-archive-1", "linli-archive-2"), "archive_unreadable"},
			{"another key", changed(`"key_id":"`+storetest.Key(t).ID(), `"key_id":"00000000`), "archive_other_key"},
			{"another schema", changed(`"schema":`, `"schema":1`), "archive_other_schema"},
			{"no end", gzipped(t, strings.Join(lines, "")), "archive_cut_short"},
			{"half a head", gzipped(t, lines[0][:20]), "archive_cut_short"},
			{"the end twice", append(bytes.Clone(archive), archive...), "archive_damaged"},
			{"something after the end", append(bytes.Clone(archive), "more than the head of a gzip"...), "archive_damaged"},
			{"a row too few", written(t, rows, slices.Delete(slices.Clone(lines), at+1, at+2)...), "archive_damaged"},
			{"a count too high", written(t, rows+1, lines...), "archive_damaged"},
			{"a row of no table", written(t, 1, lines[0], `{"row":["1"]}`+"\n"), "archive_unreadable"},
			{"a table that is not ours", changed(`{"table":"grids"`, `{"table":"goose_db_version"`), "archive_unreadable"},
			{"a column that is a statement", changed(`"columns":["id"`, `"columns":["id) VALUES (1); --"`), "archive_unreadable"},
			{"a kind too few", changed(`"kinds":["text",`, `"kinds":[`), "archive_unreadable"},
			{"no JSON", written(t, rows, append(slices.Clone(lines), "{\n")...), "archive_damaged"},
		} {
			if got := refusal(t, b, c.archive); got != c.want {
				t.Errorf("%s: %s, not %s", c.name, got, c.want)
			}
			sameDump(t, c.name, dump(t, b), before)
		}
		if got := refusal(t, otherKey(t, b), archive); got != "archive_other_key" {
			t.Errorf("a database of another key: %s", got)
		}
		must(t, restore(t, b, archive))
		full := dump(t, b)
		if got := refusal(t, b, archive); got != "database_not_empty" {
			t.Errorf("a second time: %s", got)
		}
		sameDump(t, "a second time", dump(t, b), full)
	})
}

// unpacked is the content of an archive; "" if it has none.
func unpacked(archive []byte) string {
	zipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return ""
	}
	text, err := io.ReadAll(zipped)
	if err != nil {
		return ""
	}
	return string(text)
}

func gzipped(t *testing.T, text string) []byte {
	t.Helper()
	var file bytes.Buffer
	zipped := gzip.NewWriter(&file)
	_, err := io.WriteString(zipped, text)
	must(t, err)
	must(t, zipped.Close())
	return file.Bytes()
}

// TestRestore_RefusesAnotherSchema: the target's, not the archive's.
func TestRestore_RefusesAnotherSchema(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		archive := backup(t, storetest.SQLite(t))
		execute(t, b.Bare(t), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, true)")
		if got := refusal(t, b, archive); got != "archive_other_schema" {
			t.Errorf("%s", got)
		}
	})
}

// TestRestore_SeesEveryFlippedBitAndEveryCut: but for the few bits of gzip that
// say nothing of the content (a time, the padding of a block).
func TestRestore_SeesEveryFlippedBitAndEveryCut(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		source := storetest.SQLite(t)
		newScene(t, source).deals(t) // little, because it is read some hundred times
		archive := backup(t, source)
		b = empty(t, b)
		before := dump(t, b)
		seed := uint64(time.Now().UnixNano())
		t.Logf("seed %d", seed)
		random := rand.New(rand.NewPCG(seed, 0))
		const head, tail, tries = 10, 8, 150
		var spots []int
		for i := range head + tail + 20 {
			spots = append(spots, i, len(archive)-1-i)
		}
		for range tries {
			spots = append(spots, random.IntN(len(archive)))
		}
		for _, spot := range spots {
			bit := byte(1) << random.IntN(8)
			spoilt := bytes.Clone(archive)
			spoilt[spot] ^= bit
			if unpacked(spoilt) == unpacked(archive) {
				continue
			}
			switch got := refusal(t, b, spoilt); got {
			case "archive_damaged", "archive_cut_short", "archive_unreadable":
			default:
				t.Errorf("bit %08b of byte %d of %d: %s", bit, spot, len(archive), got)
			}
		}
		cuts := []int{1, head, len(archive) - 1, len(archive) - tail, len(archive) - tail - 1}
		for range tries / 3 {
			cuts = append(cuts, 1+random.IntN(len(archive)-1))
		}
		for _, cut := range cuts {
			if got := refusal(t, b, archive[:cut]); got != "archive_cut_short" {
				t.Errorf("%d of %d bytes: %s", cut, len(archive), got)
			}
		}
		sameDump(t, "after all that", dump(t, b), before)
	})
}
