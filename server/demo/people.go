package demo

import (
	"linli/models"
	"linli/server/registry"
)

// The personas of the story.
const (
	ResidentNeeds = "resident_needs" // 张婆婆, 72, lives alone
	NeighbourHas  = "neighbour_has"  // 王师傅, two doors away
	Worker        = "worker"         // 林月, who is the clinic doctor too
	Operator      = "operator"       // at the city's operations centre
)

var order = []string{ResidentNeeds, NeighbourHas, Worker, Operator}

// Phones of the example begin with 1400000: that block is for machines and has
// thirteen digits in use, so that no person can be called by mistake.
const (
	phoneZhang = "14000000001"
	phoneWang  = "14000000011"
	phoneLin   = "14000000007"
	phoneCity  = "14000000090"
)

type persona struct{ registry.PersonaInput }

// personas settles the four: residents at their doors with every standing
// consent given (what the story shows is the one about door and phone), the
// worker on her micro-grid, the operator on the city.
func personas(p place) []persona {
	home := p.story.code
	return []persona{
		{registry.PersonaInput{Key: ResidentNeeds, Name: "张婆婆", Phone: phoneZhang, GridCode: home,
			Roles: []models.RoleKind{models.RoleResident}, Building: zhangBuilding, Unit: zhangUnit, Room: zhangRoom}},
		{registry.PersonaInput{Key: NeighbourHas, Name: "王师傅", Phone: phoneWang, GridCode: home,
			Roles: []models.RoleKind{models.RoleResident}, Building: "3 栋", Unit: "2", Room: "501"}},
		{registry.PersonaInput{Key: Worker, Name: "林月", Phone: phoneLin, GridCode: home,
			Roles: []models.RoleKind{models.RoleWorker, models.RoleDoctor}}},
		{registry.PersonaInput{Key: Operator, Name: "陈静", Phone: phoneCity, GridCode: cityCode,
			Roles: []models.RoleKind{models.RoleOperator}}},
	}
}
