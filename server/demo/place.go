package demo

import "fmt"

const (
	cityCode = "510184"
	cityName = "崇州市"
)

// The figures of the newspaper page (2022): 172 general, 2,182 ordinary and
// 4,400 micro-grids, and 7 + 234 + 627 of the dedicated tree.
const (
	generals, ordinaries, micros                            = 172, 2182, 4400
	dedicatedGenerals, dedicatedOrdinaries, dedicatedMicros = 7, 234, 627
)

// town is a subdistrict or town. Names and codes are those of the national
// statistics bureau's list of 2023 (published again as modood/
// Administrative-divisions-of-China, dist/streets.csv): 6 subdistricts and 9
// towns. How many communities and villages each has is our guess,
// which sums to the page's 172. Weight shares out the lower grids: the urban
// ones are denser.
type town struct {
	code, name  string
	communities int
	weight      int
	known       []string // communities and villages whose names we could verify
}

var towns = []town{
	{"510184001", "崇阳街道", 24, 15, nil},
	{"510184002", "羊马街道", 12, 12, nil},
	{"510184003", "三江街道", 12, 11, nil},
	{"510184004", "江源街道", 10, 10, nil},
	{"510184005", "大划街道", 9, 10, nil},
	// 5 communities and 7 villages, as gazetteers of the subdistrict list them.
	{"510184006", "崇庆街道", 12, 14, []string{"仁里社区", "三和社区", "白碾社区", "朱氏街社区", "西桥社区",
		"彭庙村", "水陆村", "同心村", "罗墩村", "清平村", "红桥村", "东泉村"}},
	{"510184104", "廖家镇", 14, 10, nil},
	{"510184105", "元通镇", 11, 10, nil},
	{"510184106", "观胜镇", 10, 9, nil},
	{"510184107", "怀远镇", 14, 11, []string{storyCommunity}},
	{"510184109", "街子镇", 10, 9, nil},
	{"510184110", "文井江镇", 7, 7, nil},
	{"510184112", "白头镇", 9, 9, nil},
	{"510184113", "道明镇", 10, 9, nil},
	{"510184114", "隆兴镇", 8, 9, nil},
}

// The story plays in 怀远镇 定江桥社区, micro-grid 07.
const (
	storyCommunity = "定江桥社区"
	storyMicro     = 7
)

// dedicatedNames are invented: the page gives only how many there are.
var dedicatedNames = [dedicatedGenerals]string{"商贸市场", "学校", "医疗机构", "工业园区", "商业楼宇", "景区", "机关单位"}

// node is a row of the grid file.
type node struct{ code, name, level, parent, tree string }

// place is the whole example, made anew and always the same.
type place struct {
	nodes []node
	// lived are the micro-grids of the story's community, which have
	// households; story is the one of the personas.
	lived     []node
	story     node
	community string
}

func chongzhou() place {
	p := place{nodes: []node{{cityCode, cityName, "市", "", ""}}}
	p.territory()
	p.dedicated()
	return p
}

// territory lays out towns, communities, ordinary and micro-grids. Codes below
// a town follow the usual pattern (12 + 3 + 3 digits) but are invented.
func (p *place) territory() {
	var weights []int
	for _, t := range towns {
		for range t.communities {
			weights = append(weights, t.weight)
		}
	}
	perCommunity := shareOut(ordinaries, weights)
	perOrdinary := shareOut(micros, even(ordinaries))
	for _, t := range towns {
		p.add(t.code, t.name, "镇街", cityCode, "")
		for n := range t.communities {
			code, name := fmt.Sprintf("%s%03d", t.code, n+1), fmt.Sprintf("%s第 %d 社区（示例名）", t.name, n+1)
			if n < len(t.known) {
				name = t.known[n]
			}
			p.add(code, name, "总网格", t.code, "")
			perOrdinary = p.below(code, name == storyCommunity, perCommunity[0], perOrdinary)
			perCommunity = perCommunity[1:]
		}
	}
}

// below lays out the grids of one community; micro-grids are counted through.
func (p *place) below(community string, story bool, count int, perOrdinary []int) (rest []int) {
	number := 0
	for o := range count {
		code := fmt.Sprintf("%s%03d", community, o+1)
		p.add(code, fmt.Sprintf("一般网格 %02d", o+1), "一般网格", community, "")
		for range perOrdinary[o] {
			number++
			p.add(fmt.Sprintf("%s%03d", code, number), fmt.Sprintf("微网格 %02d", number), "微网格", code, "")
			if story {
				p.lived = append(p.lived, p.nodes[len(p.nodes)-1])
			}
			if story && number == storyMicro {
				p.story, p.community = p.lived[len(p.lived)-1], community
			}
		}
	}
	return perOrdinary[count:]
}

// dedicated lays out the tree of markets, schools and hospitals.
func (p *place) dedicated() {
	perGeneral := shareOut(dedicatedOrdinaries, even(dedicatedGenerals))
	perOrdinary := shareOut(dedicatedMicros, even(dedicatedOrdinaries))
	for g, name := range dedicatedNames {
		general := fmt.Sprintf("%sZ%02d", cityCode, g+1)
		p.add(general, name+"专属网格（示例名）", "总网格", cityCode, "专属")
		for o := range perGeneral[g] {
			ordinary := fmt.Sprintf("%s%03d", general, o+1)
			p.add(ordinary, fmt.Sprintf("%s专属一般网格 %02d", name, o+1), "一般网格", general, "专属")
			for m := range perOrdinary[0] {
				p.add(fmt.Sprintf("%s%03d", ordinary, m+1), fmt.Sprintf("%s专属微网格 %02d-%d", name, o+1, m+1), "微网格", ordinary, "专属")
			}
			perOrdinary = perOrdinary[1:]
		}
	}
}

func (p *place) add(code, name, level, parent, tree string) {
	p.nodes = append(p.nodes, node{code, name, level, parent, tree})
}

// shareOut divides total by weight into whole numbers that sum to it: the
// running share is rounded down, so that no rounding is lost.
func shareOut(total int, weights []int) []int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	shares := make([]int, len(weights))
	upTo, given := 0, 0
	for i, w := range weights {
		upTo += w
		shares[i] = total*upTo/sum - given
		given += shares[i]
	}
	return shares
}

func even(n int) []int {
	weights := make([]int, n)
	for i := range weights {
		weights[i] = 1
	}
	return weights
}
