package models

import (
	"strings"
	"unicode"
)

// CleanText reports whether text is valid and free of what does not belong
// into a note or a name: control characters (but line breaks), and the marks
// that turn the direction of what follows.
func CleanText(text string) bool {
	for _, r := range text {
		switch {
		case r == '\n':
		case unicode.IsControl(r), r == unicode.ReplacementChar:
			return false
		case unicode.Is(unicode.Bidi_Control, r), r == 0xFEFF:
			return false
		}
	}
	return true
}

// DoorText writes a typed door code as it was printed: capitals, no spaces or
// dashes, and the signs that are mistaken for others put right. A Chinese keyboard
// may type them as wide as its own signs.
func DoorText(typed string) string {
	if len(typed) > 256 {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if r >= 0xFF01 && r <= 0xFF5E {
			r -= 0xFEE0
		}
		switch r = unicode.ToUpper(r); {
		case r == '-', unicode.IsSpace(r), unicode.Is(unicode.Pd, r):
			return -1
		case r == 'O':
			return '0'
		case r == 'I', r == 'L':
			return '1'
		}
		return r
	}, typed)
}

// HasMobile reports whether text holds a mobile number of the mainland, however
// it is spaced: a number of somebody's own. The published lines of places, with
// an area code or a few digits, are none.
func HasMobile(text string) bool {
	var groups []string // of digits, with one sign at most between them
	within := false
	for _, r := range text + "\n" {
		if r >= 0xFF01 && r <= 0xFF5E {
			r -= 0xFEE0
		}
		switch {
		case r >= '0' && r <= '9' && within:
			groups[len(groups)-1] += string(r)
		case r >= '0' && r <= '9':
			groups, within = append(groups, string(r)), true
		case within && (r == ' ' || r == '-' || r == '.' || unicode.Is(unicode.Pd, r)):
			within = false
		case mobileIn(groups):
			return true
		default:
			groups, within = nil, false
		}
	}
	return false
}

// mobileIn looks for groups in a row that make up a number: people part it after
// three digits or four, or not at all.
func mobileIn(groups []string) bool {
	for i := range groups {
		number := ""
		for _, g := range groups[i:] {
			if number += g; len(number) > 15 {
				break
			}
			local := strings.TrimPrefix(strings.TrimPrefix(number, "00"), "86")
			if len(local) == 11 && local[0] == '1' && local[1] >= '3' && (len(groups[i]) > 2 || groups[i] == "86") {
				return true
			}
		}
	}
	return false
}
