package server_test

import (
	"bufio"
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// rooms is the table of the house: what each package may import of our own,
// and which libraries. A package that is not in it has no place yet. "…" after
// a path takes everything below it; cmd may import anything.
var rooms = map[string]struct{ own, libraries string }{
	"models":                              {own: "models/fault"},
	"models/fault":                        {},
	"models/words":                        {},
	"models/picture":                      {own: "models/fault"},
	"models/store":                        {own: "models models/fault models/store/lane models/store/seal migrations", libraries: "gorm.io/gorm…"},
	"models/store/lane":                   {libraries: "gorm.io/… github.com/jackc/pgx/v5… modernc.org/sqlite"},
	"models/store/lane/lanebench":         {own: "models/store/lane models/store/storetest/pgtemp models/store/storetest/ratio models/store/storetest/txngrid", libraries: "gorm.io/… modernc.org/sqlite"},
	"models/store/storetest/ratio":        {},
	"models/store/storetest/txngrid":      {own: "models/store/storetest/pgtemp models/store/storetest/ratio"},
	"server/exchangebench":                {own: "…", libraries: "gorm.io/… github.com/google/uuid"},
	"models/store/seal":                   {libraries: "gorm.io/gorm/schema"},
	"models/store/storetest":              {own: "migrations models models/store models/store/seal models/store/storetest/pgtemp", libraries: "github.com/google/uuid github.com/jackc/pgx/v5/stdlib modernc.org/sqlite"},
	"models/store/storetest/pgtemp":       {libraries: "github.com/google/uuid github.com/jackc/pgx/v5"},
	"models/store/storetest/pgtemp/pgrun": {own: "models/store/storetest/pgtemp"},
	"migrations":                          {libraries: "github.com/pressly/goose/v3…"},
	"matching":                            {own: "models matching/assign matching/catalogue"},
	"matching/assign":                     {},
	"matching/assign/assignbench":         {own: "matching/assign models/store/storetest/ratio"},
	"matching/route":                      {},
	"matching/route/routebench":           {own: "matching/route matching/route/tours"},
	"matching/route/tours":                {},
	"matching/cases":                      {own: "models models/words matching matching/catalogue"},
	"matching/lab":                        {own: "models matching matching/assign matching/catalogue"},
	"matching/catalogue":                  {libraries: "golang.org/x/text/…"},
	"server":                              {own: "…", libraries: "github.com/google/uuid"},
	"server/config":                       {},
	"server/registry":                     {own: "models models/fault models/store models/store/seal", libraries: "github.com/xuri/excelize/v2 github.com/skip2/go-qrcode golang.org/x/text/… golang.org/x/time/rate"},
	"server/exchange":                     {own: "models models/fault models/picture models/store matching matching/catalogue matching/route"},
	"server/jobs":                         {own: "models/store"},
	"server/outreach":                     {own: "models models/fault models/store models/store/seal models/words matching/catalogue server/chat/platform server/chat/platform/webhook"},
	"server/chat":                         {own: "models models/fault models/words matching matching/catalogue server/chat/draft server/chat/understand server/exchange server/outreach server/registry"},
	"server/demo":                         {own: "models models/fault server/registry"},
	"server/feed":                         {own: "models models/fault models/store models/store/seal", libraries: "github.com/nats-io/nats-server/v2/server github.com/nats-io/nats.go"},
	"server/wechat":                       {},
	"server/wechat/wechattest":            {},
	"server/miniprogram":                  {own: "models models/fault models/store models/words server/wechat"},
	"server/push":                         {own: "models models/fault", libraries: "github.com/gorilla/websocket"},
	"server/chat/platform":                {own: "models/fault"},
	"server/chat/platform/post":           {own: "server/chat/platform"},
	"server/chat/platform/wecom":          {own: "server/chat/platform server/chat/platform/post"},
	"server/chat/platform/dingtalk":       {own: "server/chat/platform server/chat/platform/post"},
	"server/chat/platform/feishu":         {own: "server/chat/platform server/chat/platform/post"},
	"server/chat/platform/webhook":        {own: "server/chat/platform server/chat/platform/post"},
	"server/chat/platform/fakes":          {},
	"server/push/pushbench":               {own: "…", libraries: "github.com/gorilla/websocket"},
	"server/api":                          {own: "models models/fault models/store models/words matching matching/catalogue server/chat server/chat/group server/chat/platform server/chat/understand server/exchange server/miniprogram server/outreach server/registry server/feed", libraries: "github.com/gin-gonic/gin github.com/danielgtaylor/huma/v2… github.com/prometheus/client_golang/… golang.org/x/time/rate"},
	"server/chat/understand":              {own: "models models/words matching matching/catalogue", libraries: "golang.org/x/text/…"},
	"server/chat/draft":                   {own: "models server/chat/understand server/exchange server/registry"},
	"server/chat/group":                   {own: "models models/fault models/words matching server/chat/draft server/chat/understand server/exchange server/registry"},
	"server/api/framebench":               {own: "…", libraries: "github.com/gin-gonic/gin"},
	"frontend":                            {},
}

const root = ".."

func TestRoomsImportOnlyWhatTheTableAllows(t *testing.T) {
	t.Parallel()
	for dir := range packages(t) {
		room := filepath.ToSlash(dir)
		if strings.HasPrefix(room, "cmd/") {
			continue
		}
		rule, known := rooms[room]
		if !known {
			t.Errorf("%s has no row in the table of rooms", room)
			continue
		}
		p, err := build.ImportDir(filepath.Join(root, dir), 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, imported := range p.Imports {
			own, isOwn := strings.CutPrefix(imported, "linli/")
			switch {
			case isOwn && !allowed(rule.own, own):
				t.Errorf("%s may not import %s (own: %q)", room, imported, rule.own)
			case !isOwn && strings.Contains(imported, ".") && !allowed(rule.libraries, imported):
				t.Errorf("%s may not import %s (libraries: %q)", room, imported, rule.libraries)
			}
		}
	}
}

func allowed(list, path string) bool {
	return slices.ContainsFunc(strings.Fields(list), func(one string) bool {
		prefix, wide := strings.CutSuffix(one, "…")
		return one == path || wide && (prefix == "" || path == strings.TrimSuffix(prefix, "/") || strings.HasPrefix(path, prefix))
	})
}

func TestPackagesSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	for dir, files := range packages(t) {
		said := false
		for _, file := range files {
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.PackageClauseOnly)
			if err != nil {
				t.Fatal(err)
			}
			said = said || parsed.Doc != nil && len(parsed.Doc.Text()) > 40
		}
		if !said {
			t.Errorf("%s does not say what it is", dir)
		}
	}
}

var (
	bareTodo    = regexp.MustCompile(`(TODO|FIXME|XXX)([^(]|$)`)
	machinePath = regexp.MustCompile(`(^|[^A-Za-z0-9_.])/(work|farm)/`)
	skipping    = regexp.MustCompile(`\bt\.Skip|testing\.Short\(\)|\btime\.Sleep\(`)
	printing    = regexp.MustCompile(`\bfmt\.Print(ln|f)?\(`)
	// A struct as a condition drops what is zero in it, and a string first is
	// pasted into the statement: either shows all rows to a stranger.
	looseWhere = regexp.MustCompile(`\.(Where|Not|Or)\(&?[A-Za-z.]+\{|\.(First|Find|Take|Last|Delete)\([^,()]+, *"`)
)

func TestLinesKeepTheRulesOfTheHouse(t *testing.T) {
	t.Parallel()
	for dir, files := range packages(t) {
		tests, err := filepath.Glob(filepath.Join(root, dir, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range append(files, tests...) {
			if strings.HasSuffix(file, "house_test.go") {
				continue
			}
			isTest := strings.HasSuffix(file, "_test.go")
			lines := 0
			eachLine(t, file, func(number int, line string) {
				lines = number
				complain := func(why string) { t.Errorf("%s:%d: %s: %s", file, number, why, strings.TrimSpace(line)) }
				switch {
				case bareTodo.MatchString(line):
					complain("a TODO without the number of an issue")
				case machinePath.MatchString(line):
					complain("the path of a machine")
				case isTest && skipping.MatchString(line):
					complain("a test that skips or sleeps")
				case !isTest && printing.MatchString(line) && !strings.HasPrefix(dir, "cmd") && !command(dir):
					complain("printing outside a command")
				case looseWhere.MatchString(line):
					complain("a condition that may drop away")
				}
			})
			if !isTest && lines > 500 {
				t.Errorf("%s has %d lines: split by noun", file, lines)
			}
		}
	}
}

func command(dir string) bool {
	return strings.HasSuffix(dir, "bench") || strings.HasSuffix(dir, "pgrun")
}

// packages lists the folders with Go code, each with its non-test files.
func packages(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && path != root) {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			dir, err := filepath.Rel(root, filepath.Dir(path))
			if err != nil {
				return err
			}
			found[dir] = append(found[dir], path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 10 {
		t.Fatalf("only %d packages were found: the rules look at nothing", len(found))
	}
	return found
}

func eachLine(t *testing.T, path string, fn func(number int, line string)) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		fn(n, lines.Text())
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}
