package models

import "unicode"

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
