package matching

import (
	"linli/matching/catalogue"
	"linli/models"
)

// CeilingDays of leaflet use are the most that a household may ask of an item,
// and receive within Policy.CeilingWindowDays; the second half needs to know
// what went before and is kept by Plan. Source: catalogue.md, "Ceiling"; the
// figures stand in ceiling.go.
var ruleCeiling = rule{
	name: "ceiling", codes: []string{"over_ceiling"},
	check: func(f facts) []finding {
		most := ceilingOf(f.catalogue, f.fits)
		if f.line.Patient == nil || most == 0 || f.line.Units <= most {
			return nil
		}
		return one(OutcomeRefused, with(toAll("over_ceiling"), "max", count(most)), "")
	},
}

// ceilingOf what may be given for a line: a class allows what the most
// generous of its fitting members allows, and Plan holds each to its own.
func ceilingOf(c *catalogue.Catalogue, items []models.ItemID) int {
	most := 0
	for _, id := range items {
		if item, ok := c.Item(id); ok {
			most = max(most, Ceiling(item))
		}
	}
	return most
}
