package registry_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/models/words"
	"linli/server/registry"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

const microCode = "510184107001002007"

func csvOf(header string, rows ...string) []byte {
	return []byte(header + "\n" + strings.Join(rows, "\n") + "\n")
}

// bring imports a file and tells what came of it.
func (w town) bring(t *testing.T, kind, name string, content []byte) (registry.Report, error) {
	t.Helper()
	sheet, err := registry.OpenSheet(name, content)
	if err != nil {
		return registry.Report{}, err
	}
	return w.Import(t.Context(), kind, sheet, nil)
}

func wantReport(t *testing.T, r registry.Report, err error, created, updated, unchanged int) {
	t.Helper()
	if err != nil || r.Created != created || r.Updated != updated || r.Unchanged != unchanged {
		t.Fatalf("want %d created, %d updated, %d unchanged; got %+v, %v", created, updated, unchanged, r, err)
	}
}

func (w town) homes(t *testing.T, grid models.ID) []models.Household {
	t.Helper()
	var homes []models.Household
	w.view(t, store.HouseholdsOfGrid(grid, 1000, &homes))
	return homes
}

func TestImportHouseholds_AgainChangesOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		header := "微网格编码,楼栋,单元,房号,纬度,经度,照护"
		file := csvOf(header,
			microCode+",1 栋,2 单元,201,30.70101,103.53009,独居老人",
			microCode+",3 栋,2,501,30.7014,103.531,",
			microCode+",5组18号,,18号,,,")
		r, err := w.bring(t, registry.ImportHouseholds, "homes.csv", file)
		wantReport(t, r, err, 3, 0, 0)
		before := w.homes(t, w.Micro.ID)
		if h := before[0]; h.Door() != "2单元 201" || h.Care != models.CareAlone || h.Lat != 30.7010 || h.DoorGeneration != 0 {
			t.Errorf("the first home is %+v", h)
		}
		var community []models.Grid
		w.view(t, store.GridByID(w.Community.ID, &community))
		if community[0].Homes != 3 {
			t.Errorf("the community counts %d homes", community[0].Homes)
		}
		// The same homes, written otherwise, from another program.
		again := csvOf("grid_code,building,unit,room,lat,lon,care",
			microCode+",１栋,2单元,201室,30.7010,103.5301,alone",
			microCode+",3栋, ２,501室,30.7014,103.5310,none",
			microCode+",5组18号,,18号,,,")
		r, err = w.bring(t, registry.ImportHouseholds, "homes.csv", again)
		wantReport(t, r, err, 0, 0, 3)
		// What a file does not speak of stays; what it says is changed.
		r, err = w.bring(t, registry.ImportHouseholds, "homes.csv",
			csvOf("grid_code,building,unit,room,care", microCode+",１栋,2,201室,", microCode+",9 栋,1,101,"))
		wantReport(t, r, err, 1, 1, 0)
		for _, h := range w.homes(t, w.Micro.ID) {
			if h.ID == before[0].ID && (h.Care != models.CareNone || h.Lat != 30.7010 || h.Version != 2) {
				t.Errorf("the changed home is %+v", h)
			}
		}
	})
}

func TestImportHouseholds_ADoorCodeInTheFileIsTheHome(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		code, other := "0123456789abcdefghjkmnpqrs", "0123456789abcdefghjkmnpqrt"
		header := "grid_code,building,unit,room,door_code"
		r, err := w.bring(t, registry.ImportHouseholds, "a.csv", csvOf(header,
			microCode+",1 栋,1,101,"+code, microCode+",1 栋,1,102,"))
		wantReport(t, r, err, 2, 0, 0)
		first := w.homes(t, w.Micro.ID)
		r, err = w.bring(t, registry.ImportHouseholds, "a.csv", csvOf(header,
			microCode+",1 号楼,1,101,"+strings.ToUpper(code[:13]+"-"+code[13:]))) // renamed building
		wantReport(t, r, err, 0, 1, 0)
		if homes := w.homes(t, w.Micro.ID); len(homes) != 2 {
			t.Fatalf("homes were doubled: %+v", homes)
		}
		// The printed code lets in, and dies when it is replaced.
		in := registry.JoinInput{Code: code, Name: "王小明", Phone: "13800000013"}
		_, err = w.JoinByDoor(t.Context(), "phone", in)
		must(t, err)
		worker := w.Worker(t, w.Micro)
		for _, h := range first {
			_, err := w.ReplaceDoorCode(t.Context(), worker, h.ID)
			must(t, err)
		}
		_, err = w.JoinByDoor(t.Context(), "phone", in)
		wantFault(t, err, fault.NotFound, "door_unknown")
		r, err = w.bring(t, registry.ImportHouseholds, "a.csv", csvOf(header,
			microCode+",1 号楼,1,101,"+code, microCode+",7 栋,1,102,short", microCode+",8 栋,1,102,"+other, microCode+",9 栋,1,102,"+other))
		wantComplaints(t, r, err, "2 门牌码 door_code_dead", "3 门牌码 door_code_short", "5 门牌码 row_twice")
		// A home does not wander to another micro-grid, and two homes do not become one.
		r, err = w.bring(t, registry.ImportHouseholds, "a.csv", csvOf(header, microCode+",2 栋,1,101,"+other, microCode+",2 栋,1,102,"))
		wantReport(t, r, err, 2, 0, 0)
		r, err = w.bring(t, registry.ImportHouseholds, "a.csv", csvOf(header, w.Beside.Code+",2 栋,1,101,"+other))
		wantComplaints(t, r, err, "2 微网格编码 household_moved")
		r, err = w.bring(t, registry.ImportHouseholds, "a.csv", csvOf(header, microCode+",2 栋,1,102,"+other))
		wantComplaints(t, r, err, "2 门牌码 address_taken")
	})
}

func wantComplaints(t *testing.T, r registry.Report, err error, want ...string) {
	t.Helper()
	wantFault(t, err, fault.Invalid, "import_bad_rows")
	var got []string
	for _, c := range r.Complaints {
		got = append(got, fmt.Sprintf("%d %s %s", c.Line, c.Column, c.Reason))
		for _, lang := range []words.Lang{words.ZH, words.EN} {
			if text := words.Say(lang, c.Reason, c.Args); text == c.Reason || strings.Contains(text, "{") {
				t.Errorf("%s in %s says %q", c.Reason, lang, text)
			}
		}
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("complaints:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if r.Created+r.Updated+r.Unchanged != 0 {
		t.Errorf("a refused import counts %+v", r)
	}
}

func TestImportHouseholds_OneBadRowKeepsTheWholeFileOut(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		good := microCode + ",1 栋,1,101,30.7,103.53,"
		r, err := w.bring(t, registry.ImportHouseholds, "a.csv", csvOf("微网格编码,楼栋,单元,房号,纬度,经度,照护",
			good,
			microCode+",,1,102,30.7,103.53,",
			"510184107001,1 栋,1,103,30.7,103.53,",
			"999,1 栋,1,104,30.7,103.53,",
			microCode+",1 栋,1,105,91,103.53,",
			microCode+",1 栋,1,106,NaN,103.53,",
			microCode+",1 栋,1,107,,103.53,",
			microCode+",1 栋,1,108,30.7,103.53,rich",
			microCode+",1 栋,1,10\u202e9,30.7,103.53,",
			microCode+",1 栋,1,"+strings.Repeat("长", 201)+",30.7,103.53,",
			good,
			"a/b,1 栋,1,111,30.7,103.53,",
			"5.10184107001002E+17,1 栋,1,112,30.7,103.53,"))
		wantComplaints(t, r, err, "3 楼栋 cell_empty", "4 微网格编码 grid_not_micro", "5 微网格编码 grid_unknown_code",
			"6 纬度 cell_number", "6 纬度 position_half", "7 纬度 cell_number", "7 纬度 position_half", "8 纬度 position_half",
			"9 照护 care_unknown", "10 房号 cell_control", "11 房号 cell_long", "12 房号 row_twice", "13 微网格编码 code_unreadable", "14 微网格编码 code_as_number")
		if r.Bad != 12 || r.Rows != 13 {
			t.Errorf("%d bad of %d rows", r.Bad, r.Rows)
		}
		if homes := w.homes(t, w.Micro.ID); len(homes) != 0 {
			t.Errorf("%d homes were kept of a bad file", len(homes))
		}
	})
}

func TestImport_AReportShowsAHundredBadRowsAndCountsAll(t *testing.T) {
	t.Parallel()
	w := newTown(t, storetest.SQLite(t))
	var rows []string
	for i := range 1234 {
		rows = append(rows, fmt.Sprintf("nowhere,1 栋,1,%d", i))
	}
	r, err := w.bring(t, registry.ImportHouseholds, "a.csv", csvOf("grid_code,building,unit,room", rows...))
	wantFault(t, err, fault.Invalid, "import_bad_rows")
	if r.Bad != 1234 || len(r.Complaints) != registry.MaxComplaints {
		t.Errorf("%d bad, %d shown", r.Bad, len(r.Complaints))
	}
}

func TestImportGrids_ParentsMayComeLaterInTheFileButMustBeThere(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		header := "网格编码,网格名称,级别,上级编码,类别"
		file := csvOf(header,
			"510184107002001001,微网格 01,微网格,510184107002001,",
			"510184107002001,一般网格 01,一般网格,510184107002,属地",
			"510184107002,第 2 社区,总网格,510184107,",
			"510184Z01,市场,总网格,510184,专属",
			"510184,崇州,市,,")
		r, err := w.bring(t, registry.ImportGrids, "grids.csv", file)
		wantReport(t, r, err, 4, 1, 0)
		r, err = w.bring(t, registry.ImportGrids, "grids.csv", file)
		wantReport(t, r, err, 0, 0, 5)
		var fresh []models.Grid
		w.view(t, store.GridsByCode([]string{"510184107002001001"}, &fresh))
		if fresh[0].Path != "510184/510184107/510184107002/510184107002001/510184107002001001/" {
			t.Errorf("the path is %s", fresh[0].Path)
		}
		var counters []models.GridSeq
		w.view(t, store.Counters([]models.ID{fresh[0].ID}, &counters))
		if len(counters) != 1 || counters[0].FirstSeq != 1 {
			t.Errorf("the counter is %+v", counters)
		}
		r, err = w.bring(t, registry.ImportGrids, "grids.csv", csvOf(header,
			"A,一,微网格,510184107,",           // a micro-grid under a town
			"B,二,总网格,nowhere,",             // no such parent
			"C,三,村,510184107,",             // no such level
			"D,四,镇街,510184,专属",             // no towns there
			"E,五,市,510184,",                // a city below a city
			"F,六,总网格,,",                    // an orphan
			"510184107002,改,总网格,510184,专属", // moved to the other tree
			"G,七,一般网格,510184107002,专属",     // trees mixed
			"H,八,总网格,510184107,",
			"H,九,总网格,510184107,"))
		wantComplaints(t, r, err, "2 上级编码 parent_wrong_level", "3 上级编码 parent_unknown", "4 级别 level_unknown",
			"5 级别 level_not_in_tree", "6 上级编码 city_has_parent", "7 上级编码 parent_missing", "8 网格编码 grid_moved",
			"9 上级编码 parent_wrong_level", "11 网格编码 row_twice")
	})
}

func TestImportRelays_HostMustBeKnownAndPlaceInside(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		header := "code,name,grid_code,serves_code,address,contact,phone,hours,capacity,lat,lon,host_phone"
		_, operator := w.mint(t, models.RoleOperator, w.City.ID)
		code := w.invitation(t, operator, models.RoleWorker, w.Micro.ID)
		_, err := w.JoinByInvitation(t.Context(), models.Actor{}, "phone", registry.JoinInput{Code: code, Name: "林月", Phone: "13800000007"})
		must(t, err)
		row := "DJQ-1,药物中转站," + microCode + ",510184107001,卫生站旁,林医生（网格员）,028-0000,每天 8:30-20:00,%s,30.7010,103.5319,138 0000 0007"
		r, err := w.bring(t, registry.ImportRelays, "r.csv", csvOf(header, fmt.Sprintf(row, "200")))
		wantReport(t, r, err, 1, 0, 0)
		r, err = w.bring(t, registry.ImportRelays, "r.csv", csvOf(header, fmt.Sprintf(row, "200")))
		wantReport(t, r, err, 0, 0, 1)
		r, err = w.bring(t, registry.ImportRelays, "r.csv", csvOf(header, fmt.Sprintf(row, "300")))
		wantReport(t, r, err, 0, 1, 0)
		var serving []models.RelayPoint
		w.view(t, store.RelaysServing(w.Beside.ID, &serving))
		if len(serving) != 1 || serving[0].Capacity != 300 || serving[0].HostID == nil || len(serving[0].Hours) != 7 || serving[0].Version != 2 {
			t.Errorf("beside it serves %+v", serving)
		}
		r, err = w.bring(t, registry.ImportRelays, "r.csv", csvOf(header,
			"A,甲,"+microCode+",510184107001002008,a,b,1,每天 8:30-20:00,1,,,",
			"B,乙,510184107001,,a,b,1,总是,1.5,,,13900000000"))
		wantComplaints(t, r, err, "2 服务网格编码 relay_outside", "3 开放时间 hours_unreadable", "3 容量 cell_number")
		r, err = w.bring(t, registry.ImportRelays, "r.csv", csvOf(header, "B,乙,510184107001,,a,b,1,8:30-20:00,1,,,13900000000"))
		wantComplaints(t, r, err, "2 微网格编码 grid_not_micro", "2 负责人手机 host_unknown")
	})
}

func TestImportRelays_DaysThatAreNotLikeTheWeek(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		_, operator := w.mint(t, models.RoleOperator, w.City.ID)
		code := w.invitation(t, operator, models.RoleWorker, w.Micro.ID)
		_, err := w.JoinByInvitation(t.Context(), models.Actor{}, "phone", registry.JoinInput{Code: code, Name: "林月", Phone: "13800000007"})
		must(t, err)
		header := "中转站编码,名称,微网格编码,地址,联系人,联系电话,开放时间,例外日,容量,副手手机"
		row := "DJQ-1,药物中转站," + microCode + ",卫生站旁,林医生,028,每天 8:30-20:00,%s,120,13800000007"
		r, err := w.bring(t, registry.ImportRelays, "r.csv", csvOf(header, fmt.Sprintf(row, "2027-2-15至2027-02-21 休 春节；2027/02/14 9:00－12:00 除夕")))
		wantReport(t, r, err, 1, 0, 0)
		point := func() models.RelayPoint {
			t.Helper()
			var points []models.RelayPoint
			w.view(t, store.RelaysByCode([]string{"DJQ-1"}, &points))
			return points[0]
		}
		want := []models.HoursException{{From: "2027-02-15", Until: "2027-02-21", Reason: "春节"},
			{From: "2027-02-14", Until: "2027-02-14", OpenMinute: 540, CloseMinute: 720, Reason: "除夕"}}
		if got := point(); !slices.Equal(got.Exceptions, want) || got.Capacity != 120 || got.DeputyID == nil {
			t.Errorf("%+v", got)
		}
		// A file without these columns leaves them as they are, an empty cell does not.
		r, err = w.bring(t, registry.ImportRelays, "r.csv", csvOf("code,name,grid_code,address,contact,phone,hours",
			"DJQ-1,药物中转站,"+microCode+",卫生站旁,林医生,028,每天 8:30-20:00"))
		wantReport(t, r, err, 0, 0, 1)
		r, err = w.bring(t, registry.ImportRelays, "r.csv", csvOf(header, fmt.Sprintf(row, "")))
		wantReport(t, r, err, 0, 1, 0)
		if got := point(); len(got.Exceptions) != 0 {
			t.Errorf("%+v", got.Exceptions)
		}
		for text, wrong := range map[string]string{"春节": "exceptions_unreadable", "2027-02-15 休息": "exceptions_unreadable", "2027-02-15 9:00": "exceptions_unreadable",
			"2027-02-30 休": "exception_days", "2027-02-21至2027-02-15 休": "exception_days", "2027-02-15 12:00-9:00": "exception_hours",
			"2027-02-15 0:00-0:00": "exception_hours", "2027-02-15 9:60-12:00": "exception_hours", "2027-02-15 休; 2027-02-15 9:00-12:00": "exception_overlaps",
			"2027-02-15 休 " + strings.Repeat("长", 21): "exception_reason"} {
			r, err = w.bring(t, registry.ImportRelays, "r.csv", csvOf(header, fmt.Sprintf(row, text)))
			wantComplaints(t, r, err, "2 例外日 "+wrong)
		}
	})
}

func TestImportPaths_BothEndsMustBeKnown(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		r, err := w.bring(t, registry.ImportHouseholds, "h.csv", csvOf("微网格编码,楼栋,单元,房号", microCode+",21 栋,1,101", microCode+",22栋,1,101"))
		wantReport(t, r, err, 2, 0, 0)
		header := "起点,终点,米数"
		file := csvOf(header, microCode+"/21 栋,relay:R07,640", microCode+"/22栋,"+microCode+"/21 栋,0", "relay:R07,"+microCode+"/21 栋,700")
		r, err = w.bring(t, registry.ImportPaths, "p.csv", file)
		wantReport(t, r, err, 3, 0, 0)
		r, err = w.bring(t, registry.ImportPaths, "p.csv", csvOf("from,to,metres", microCode+"/21 栋,relay:R07,650", "relay:R07,"+microCode+"/21 栋,700"))
		wantReport(t, r, err, 0, 1, 1)
		var all []models.Path
		w.view(t, store.AllPaths(&all))
		walks := models.WalksOf(all)
		if got := walks[[2]string{microCode + "/21 栋", "relay:R07"}]; len(all) != 3 || got != 650 {
			t.Errorf("%v", all)
		}
		r, err = w.bring(t, registry.ImportPaths, "p.csv", csvOf(header,
			"21 栋,relay:R07,1", microCode+"/99 栋,relay:R99,1", microCode+"/21 栋,"+microCode+"/21 栋,1",
			microCode+"/21 栋,relay:R07,-1", microCode+"/22栋,relay:R07,1.5", microCode+"/22栋,relay:R07,", "relay:R07,"+microCode+"/22栋,1", "relay:R07,"+microCode+"/22栋,2"))
		wantComplaints(t, r, err, "2 起点 place_unreadable", "3 起点 place_unknown", "3 终点 place_unknown", "4 终点 path_to_itself", "5 米数 cell_number", "6 米数 cell_number", "7 米数 cell_empty", "9 起点 row_twice")
	})
}

func TestOpenSheet_ReadsGB18030AndBOMLikeUTF8(t *testing.T) {
	t.Parallel()
	w := newTown(t, storetest.SQLite(t))
	text := csvOf("微网格编码,楼栋,单元,房号", microCode+",㙍家院子 1 栋,2,501")
	old, err := simplifiedchinese.GB18030.NewEncoder().Bytes(text)
	must(t, err)
	if bytes.Equal(old, text) {
		t.Fatal("nothing was encoded")
	}
	r, err := w.bring(t, registry.ImportHouseholds, "gb.CSV", old)
	wantReport(t, r, err, 1, 0, 0)
	r, err = w.bring(t, registry.ImportHouseholds, "utf8.csv", append([]byte("\xEF\xBB\xBF"), text...))
	wantReport(t, r, err, 0, 0, 1)
}

// book writes an XLSX of text cells.
func book(t *testing.T, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer func() { must(t, f.Close()) }()
	for i, row := range rows {
		must(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row))
	}
	var b bytes.Buffer
	must(t, f.Write(&b))
	return b.Bytes()
}

func TestOpenSheet_ReadsXLSXAndTakesFormulasForText(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		r, err := w.bring(t, registry.ImportHouseholds, "h.xlsx", book(t,
			[]any{"微网格编码", "楼栋", "单元", "房号"},
			[]any{microCode, "=cmd|' /C calc'!A0", "2", 501},
			[]any{},
			[]any{microCode, "@SUM(1+1)", "+2", "-501"}))
		wantReport(t, r, err, 2, 0, 0)
		buildings := map[string]bool{}
		for _, h := range w.homes(t, w.Micro.ID) {
			buildings[h.Building+"|"+h.Room] = true
		}
		if !buildings["=cmd|' /C calc'!A0|501"] || !buildings["@SUM(1+1)|-501"] {
			t.Errorf("the buildings are %v", buildings)
		}
		r, err = w.bring(t, registry.ImportHouseholds, "h.xlsx", book(t,
			[]any{"微网格编码", "楼栋", "单元", "房号"}, []any{}, []any{"x", "1 栋", "2", "501"}))
		wantComplaints(t, r, err, "3 微网格编码 grid_unknown_code") // as the spreadsheet counts
	})
}

// with changes one part of an XLSX.
func with(t *testing.T, book []byte, part string, content io.Reader) []byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	must(t, err)
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range archive.File {
		if f.Name != part {
			must(t, out.Copy(f))
		}
	}
	in, err := out.Create(part)
	must(t, err)
	_, err = io.Copy(in, content)
	must(t, err)
	must(t, out.Close())
	return b.Bytes()
}

// bomb packs so many MiB of blanks into almost nothing: one packed block, which
// looks back no further than itself, again and again.
func bomb(t *testing.T, book []byte, part string, mib int) []byte {
	t.Helper()
	var block, b bytes.Buffer
	pack, err := flate.NewWriter(&block, flate.BestCompression)
	must(t, err)
	_, err = pack.Write(bytes.Repeat([]byte(" "), 1<<20))
	must(t, err)
	must(t, pack.Flush())
	packed := append(bytes.Repeat(block.Bytes(), mib), 1, 0, 0, 0xff, 0xff) // an empty last block
	out := zip.NewWriter(&b)
	archive, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	must(t, err)
	for _, f := range archive.File {
		if f.Name != part {
			must(t, out.Copy(f))
		}
	}
	in, err := out.CreateRaw(&zip.FileHeader{Name: part, Method: zip.Deflate,
		CompressedSize64: uint64(len(packed)), UncompressedSize64: uint64(mib) << 20})
	must(t, err)
	_, err = in.Write(packed)
	must(t, err)
	must(t, out.Close())
	return b.Bytes()
}

func TestOpenSheet_RefusesWhatIsNoTableAndSaysWhy(t *testing.T) {
	t.Parallel()
	good := book(t, []any{"微网格编码", "楼栋", "单元", "房号"}, []any{microCode, "1 栋", "2", "501"})
	sheet := "xl/worksheets/sheet1.xml"
	for name, c := range map[string]struct {
		file    string
		content []byte
		code    fault.Code
		reason  string
	}{
		"empty":              {"a.csv", nil, fault.Invalid, "file_empty"},
		"a blank line":       {"a.csv", []byte("\n\n"), fault.Invalid, "file_empty"},
		"xlsx called csv":    {"a.csv", good, fault.Invalid, "file_renamed"},
		"csv called xlsx":    {"a.xlsx", []byte("a,b\n1,2\n"), fault.Invalid, "file_renamed"},
		"another zip":        {"a.xlsx", with(t, emptyZip(t), "a.txt", strings.NewReader("x")), fault.Invalid, "file_renamed"},
		"unknown ending":     {"a.txt", []byte("a,b\n"), fault.Invalid, "file_unknown"},
		"old or locked":      {"a.xlsx", []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest"), fault.Invalid, "file_old_or_locked"},
		"utf-16":             {"a.csv", []byte("\xFF\xFEa\x00"), fault.Invalid, "file_utf16"},
		"nul":                {"a.csv", []byte("a,b\n1,\x002\n"), fault.Invalid, "file_encoding"},
		"no encoding at all": {"a.csv", []byte("a,b\n\xff\xff,2\n"), fault.Invalid, "file_encoding"},
		"open quotation":     {"a.csv", []byte("a,b\n1,\"2\n3,4\n"), fault.Invalid, "csv_broken"},
		"stray quotation":    {"a.csv", []byte("a,b\n1,2\"x\n"), fault.Invalid, "csv_broken"},
		"too many columns":   {"a.csv", []byte(strings.Repeat("a,", 100) + "\n"), fault.TooLarge, "too_many_columns"},
		"too large":          {"a.csv", bytes.Repeat([]byte("a"), registry.MaxFileBytes+1), fault.TooLarge, "file_too_large"},
		"too many rows":      {"a.csv", append([]byte("a\n"), bytes.Repeat([]byte("1\n"), registry.MaxRows+1)...), fault.TooLarge, "too_many_rows"},
		"macro":              {"a.xlsx", with(t, good, "xl/vbaProject.bin", strings.NewReader("x")), fault.Invalid, "xlsx_macro"},
		"external link":      {"a.xlsx", with(t, good, "xl/externalLinks/externalLink1.xml", strings.NewReader("<x/>")), fault.Invalid, "xlsx_links"},
		"bomb":               {"a.xlsx", bomb(t, good, sheet, 200), fault.TooLarge, "xlsx_too_large"},
		"entity":             {"a.xlsx", with(t, good, sheet, strings.NewReader(`<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet><sheetData><row r="1"><c><v>&a;</v></c></row></sheetData></worksheet>`)), fault.Invalid, "xlsx_broken"},
		"half a sheet":       {"a.xlsx", with(t, good, sheet, strings.NewReader(`<worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>a</t></is></c></row>`)), fault.Invalid, "xlsx_broken"},
		"damaged":            {"a.xlsx", good[:len(good)/2], fault.Invalid, "xlsx_broken"},
	} {
		_, err := registry.OpenSheet(c.file, c.content)
		if got := fault.From(err); err == nil || got.Code != c.code || got.Reason != c.reason {
			t.Errorf("%s: want %s %s, got %v", name, c.code, c.reason, err)
		} else if text := words.Say(words.ZH, got.Reason, got.Args); text == got.Reason || strings.Contains(text, "{") {
			t.Errorf("%s says %q", name, text)
		}
	}
}

func emptyZip(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	_, err := out.Create("readme")
	must(t, err)
	must(t, out.Close())
	return b.Bytes()
}

func TestImport_HeadersMustBeTheKnownOnes(t *testing.T) {
	t.Parallel()
	w := newTown(t, storetest.SQLite(t))
	_, err := w.bring(t, registry.ImportHouseholds, "a.csv", csvOf("微网格编码,楼栋,Building,房号 ,照顾", "1,2,3,4,5"))
	wantFault(t, err, fault.Invalid, "header_wrong")
	var got []string
	for _, f := range fault.From(err).Fields {
		got = append(got, f.Path+" "+f.Reason)
	}
	if strings.Join(got, ", ") != "Building header_twice, 照顾 header_unknown" {
		t.Errorf("the fields are %v", got)
	}
	_, err = w.bring(t, "people", "a.csv", csvOf("a", "1"))
	wantFault(t, err, fault.Invalid, "invalid_input")
	_, err = w.bring(t, registry.ImportHouseholds, "a.csv", csvOf("微网格编码", "1"))
	wantFault(t, err, fault.Invalid, "header_wrong")
}
