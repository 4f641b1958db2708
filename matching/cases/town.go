package cases

import (
	"linli/matching"
	"linli/models"
)

// The little town in which every case plays: 本格, the micro-grid that is
// planned for, the nodes above it, and one neighbour under each of them.
var town = []models.Grid{
	{ID: "全市", Level: models.LevelCity, Path: "市/"},
	{ID: "本镇", Level: models.LevelTown, Path: "市/镇/"},
	{ID: "本社区", Level: models.LevelGeneral, Path: "市/镇/社区/"},
	{ID: "本片", Level: models.LevelOrdinary, Path: "市/镇/社区/片/"},
	{ID: here, Level: models.LevelMicro, Path: "市/镇/社区/片/格/"},
	{ID: "邻格", Level: models.LevelMicro, Path: "市/镇/社区/片/邻格/"},
	{ID: "邻片", Level: models.LevelMicro, Path: "市/镇/社区/邻片/格/"},
	{ID: "邻社区", Level: models.LevelMicro, Path: "市/镇/邻社区/片/格/"},
	{ID: "邻镇", Level: models.LevelMicro, Path: "市/邻镇/社区/片/格/"},
}

const here = "本格"

var gridsInEnglish = map[string]models.ID{"city": "全市", "town": "本镇", "general": "本社区", "ordinary": "本片", "here": here,
	"next": "邻格", "next ordinary": "邻片", "next general": "邻社区", "next town": "邻镇"}

// grid finds a node by its name.
func grid(v value, otherwise models.ID) (models.Grid, error) {
	name := v.text
	if name == "" {
		name = otherwise
	}
	if id, ok := gridsInEnglish[name]; ok {
		name = id
	}
	for _, g := range town {
		if g.ID == name {
			return g, nil
		}
	}
	return models.Grid{}, flaw(v.place, "没有“%s”这个网格：本格、本片、本社区、本镇、全市、邻格、邻片、邻社区、邻镇",
		"no grid %q: here, ordinary, general, town, city, next, next ordinary, next general, next town", name)
}

// GridName is what a node of the little town is called; other ids stay.
func GridName(id models.ID, english bool) string {
	for name, zh := range gridsInEnglish {
		if english && zh == id {
			return name
		}
	}
	return id
}

// elsewhere counts what lies free beyond 本格 for every node above it that
// holds it, as the exchange does.
func elsewhere(pool *matching.Pool) {
	for _, l := range pool.Lots {
		lies, err := grid(value{text: l.GridID}, "")
		if err != nil || l.GridID == here {
			continue
		}
		for _, above := range town {
			if above.Level != models.LevelMicro && lies.Within(above.Path) {
				pool.Elsewhere = append(pool.Elsewhere, matching.Free{GridID: above.ID, Item: l.ItemID, Units: l.Remaining})
			}
		}
	}
}
