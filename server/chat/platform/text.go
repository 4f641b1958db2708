package platform

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

const more = "…"

// Cut shortens text to at most limit bytes of UTF-8, never inside a rune, and
// says with "…" that it did. Platforms count bytes, and a Chinese sign is three.
func Cut(text string, limit int) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= limit {
		return text
	}
	end := max(limit-len(more), 0)
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	if limit < len(more) {
		return ""
	}
	return strings.TrimRightFunc(text[:end], unicode.IsSpace) + more
}

// Line makes one line of text: what would break a line or hide something
// (control signs, marks that turn the direction of writing) is a blank.
func Line(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return strings.TrimSpace(text)
}

// Text is the card as plain lines of at most limit bytes. The link is never
// cut: the lines above it give way, and where even that is too little, it goes.
func (c Card) Text(limit int) string {
	lines := make([]string, 0, len(c.Lines)+1)
	for _, line := range append([]string{c.Title}, c.Lines...) {
		if line = Line(line); line != "" {
			lines = append(lines, line)
		}
	}
	link := ""
	if at := c.Address(); at != "" {
		link = "\n" + c.LinkWords() + "：" + at
	}
	if len(link) > limit/2 {
		link = ""
	}
	return strings.TrimPrefix(Cut(strings.Join(lines, "\n"), limit-len(link))+link, "\n")
}

// Address is the card's link if it is one that a platform may be handed:
// absolute, http or https, no longer than 1,024 bytes. Otherwise it is empty.
func (c Card) Address() string {
	at, err := url.Parse(c.Link)
	if err != nil || len(c.Link) > 1024 || at.Host == "" || at.Scheme != "https" && at.Scheme != "http" {
		return ""
	}
	return at.String()
}

// LinkWords are the words of the link.
func (c Card) LinkWords() string {
	if words := Cut(Line(c.LinkText), 60); words != "" {
		return words
	}
	return "查看"
}
