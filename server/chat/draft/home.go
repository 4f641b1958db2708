package draft

import (
	"regexp"
	"strings"

	"linli/server/chat/understand"
	"linli/server/registry"
)

var parts = regexp.MustCompile(`[0-9A-Za-z]+`)

// IsAt reports whether a home is at an address. Without a room it is nobody's home.
func IsAt(h registry.HouseholdView, p understand.Place) bool { return p.Room != nil && Agrees(h, p) }

// Agrees reports whether nothing of an address, as far as it was said, speaks against
// a home, by the letters and numbers of both: people write 栋, 幢 and 号楼 for the same.
func Agrees(h registry.HouseholdView, p understand.Place) bool {
	b, d := parts.FindAllString(h.Building, -1), parts.FindAllString(h.Door, -1)
	return same(b, 1, p.Building) && same(d, 1, p.Room) && same(d, 2, p.Unit)
}

// same holds the part that stands so far from the end against what was said; nil: nothing.
func same(parts []string, fromEnd int, said *string) bool {
	return said == nil || len(parts) >= fromEnd && strings.EqualFold(parts[len(parts)-fromEnd], *said)
}
