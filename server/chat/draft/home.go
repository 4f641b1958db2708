package draft

import (
	"regexp"

	"linli/server/chat/understand"
	"linli/server/registry"
)

var parts = regexp.MustCompile(`[0-9A-Za-z]+`)

// IsAt reports whether a home is at an address as far as that was said, by the
// letters and numbers of both: people write 栋, 幢 and 号楼 for the same. Without a
// room it is nobody's home.
func IsAt(h registry.HouseholdView, p understand.Place) bool {
	b, d := parts.FindAllString(h.Building, -1), parts.FindAllString(h.Door, -1)
	if p.Room == nil || len(d) == 0 || d[len(d)-1] != *p.Room {
		return false
	}
	if p.Building != nil && (len(b) == 0 || b[len(b)-1] != *p.Building) {
		return false
	}
	return p.Unit == nil || len(d) > 1 && d[len(d)-2] == *p.Unit
}
