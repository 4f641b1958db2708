package demo

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
)

// The middle of the story's micro-grid, in 怀远镇. Building 1 stands here, and
// the relay point some 180 metres to the east.
const (
	storyLat, storyLon = 30.7010, 103.5300
	relayLon           = 103.5319
)

// Where 张婆婆 lives.
const (
	zhangBuilding, zhangUnit, zhangRoom = "1 栋", "2", "201"
)

// Eight homes to a building, in two units above the shops of the ground floor:
// enough that a building may be named without naming a family.
var (
	units  = []string{"1", "2"}
	floors = []string{"201", "301", "401", "501"}
)

// gridFile is the tree as a city would hand it in.
func (p place) gridFile() []byte {
	rows := [][]string{{"网格编码", "网格名称", "级别", "上级编码", "类别"}}
	for _, n := range p.nodes {
		rows = append(rows, []string{n.code, n.name, n.level, n.parent, n.tree})
	}
	return file(rows)
}

// householdFile is the community of the story, some sixty homes a micro-grid.
func (p place) householdFile() []byte {
	rows := [][]string{{"微网格编码", "楼栋", "单元", "房号", "纬度", "经度", "照护"}}
	for i, micro := range p.lived {
		buildings := 7 + i%2
		if micro.code == p.story.code {
			buildings = 8
		}
		row, column := i/5-1, i%5-1 // the story's, seventh, lies in the middle
		lat, lon := storyLat+0.003*float64(row), storyLon+0.004*float64(column)
		for b := range buildings {
			at := []string{degrees(lat + 0.0004*float64(b/4)), degrees(lon + 0.0005*float64(b%4))}
			for _, unit := range units {
				for _, room := range floors {
					home := []string{micro.code, fmt.Sprintf("%d 栋", b+1), unit, room, at[0], at[1], ""}
					if micro.code == p.story.code && home[1] == zhangBuilding && unit == zhangUnit && room == zhangRoom {
						home[6] = "独居老人"
					}
					rows = append(rows, home)
				}
			}
		}
	}
	return file(rows)
}

// relayFile is the one relay point: it lies in the story's micro-grid and
// serves the whole community.
func (p place) relayFile() []byte {
	return file([][]string{
		{"中转站编码", "名称", "微网格编码", "服务网格编码", "地址", "联系人", "联系电话", "开放时间", "容量", "纬度", "经度", "负责人手机"},
		{"DJQ-1", "定江桥药物中转站", p.story.code, p.community, "定江桥社区卫生服务站旁（示例）", "林医生（网格员）", phoneLin,
			"每天 8:30-20:00", "200", degrees(storyLat), degrees(relayLon), phoneLin},
	})
}

func degrees(x float64) string { return strconv.FormatFloat(x, 'f', 4, 64) }

func file(rows [][]string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(rows); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}
