package registry

import (
	"regexp"
	"strings"
	"unicode"

	"linli/models/store/seal"

	"golang.org/x/text/unicode/norm"
)

var buildingName = regexp.MustCompile(`^([0-9A-Za-z]+) ?(栋|幢|座|号楼|号|楼)$`)

// asWritten gives a building the one way of writing that we show, "3 栋", so
// that "3栋" and "３ 栋" of two lists are one building.
func asWritten(building string) string {
	return buildingName.ReplaceAllString(bare(building, ""), "$1 $2")
}

// bare narrows full-width letters and digits, and drops a word at the end.
func bare(text, word string) string {
	text = strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' || r >= 'Ａ' && r <= 'Ｚ' || r >= 'ａ' && r <= 'ｚ' {
			return r - '０' + '0'
		}
		return r
	}, text)
	return strings.TrimSpace(strings.TrimSuffix(strings.Join(strings.Fields(text), " "), word))
}

// addressKey is a keyed hash of the full address, written alike however it was
// typed: full-width signs, spaces, capitals, 单元 and 室 make no difference.
func addressKey(keys *seal.Keyring, grid, building, unit, room string) []byte {
	return keys.Index("address", strings.Join([]string{grid, plain(building), strings.TrimSuffix(plain(unit), "单元"),
		strings.TrimRight(plain(room), "室号")}, "\x1f"))
}

func plain(text string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, norm.NFKC.String(text)))
}
