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
