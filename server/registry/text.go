package registry

import (
	"regexp"
	"strings"
	"unicode"

	"linli/models"
	"linli/models/fault"

	"golang.org/x/text/unicode/norm"
)

var mobile = regexp.MustCompile(`^1[3-9][0-9]{9}$`)

// Phone reads a mainland mobile number however it was typed: with +86, spaces,
// dashes, brackets or full-width digits.
func Phone(text string) (string, bool) {
	if len(text) > 64 {
		return "", false
	}
	var digits strings.Builder
	for _, r := range norm.NFKC.String(text) {
		switch {
		case r == ' ', r == '-', r == '(', r == ')', r == '.', unicode.Is(unicode.Pd, r), unicode.IsSpace(r):
		default:
			digits.WriteRune(r)
		}
	}
	phone := digits.String()
	for _, lead := range []string{"+86", "0086", "86"} {
		if rest, ok := strings.CutPrefix(phone, lead); ok && len(rest) == 11 {
			phone = rest
			break
		}
	}
	return phone, mobile.MatchString(phone)
}

// PhoneTail is what may be shown of a phone: its last four digits.
func PhoneTail(phone string) string {
	if len(phone) < 4 {
		return ""
	}
	return phone[len(phone)-4:]
}

// MaxName is the longest name, in characters as a reader counts them.
const MaxName = 24

// Name reads a person's name: trimmed, composed, no control or invisible
// characters, nothing that turns the direction of text.
func Name(text string) (string, bool) {
	if len(text) > 16*MaxName {
		return "", false
	}
	name := strings.TrimSpace(norm.NFC.String(text))
	shown := 0
	marks := 0
	for _, r := range name {
		switch {
		case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
			return "", false
		case unicode.Is(unicode.M, r):
			if marks++; marks > 3 {
				return "", false
			}
		default:
			marks = 0
			shown++
		}
	}
	return name, shown > 0 && shown <= MaxName && models.CleanText(name) && !strings.Contains(name, "\n")
}

// nameAndPhone reads both and tells of everything that is wrong at once.
func nameAndPhone(name, phone string) (string, string, error) {
	var wrong *fault.Error
	complain := func(field, reason string) {
		if wrong == nil {
			wrong = fault.InvalidField(field, reason)
			return
		}
		wrong = wrong.Field(field, reason)
	}
	name, nameOK := Name(name)
	if !nameOK {
		complain("name", "name_unreadable")
	}
	phone, phoneOK := Phone(phone)
	if !phoneOK {
		complain("phone", "phone_unreadable")
	}
	if wrong != nil {
		return "", "", wrong
	}
	return name, phone, nil
}
