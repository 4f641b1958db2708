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

// flat turns what platforms read as a command in plain text – "<@all>",
// "<at user_id=…>" – into signs that only look like it.
var flat = strings.NewReplacer("<", "＜", ">", "＞")

// marked does the same for markdown, whose dialects escape in different ways.
var marked = strings.NewReplacer("<", "＜", ">", "＞", "[", "［", "]", "］", "*", "＊", "`", "｀", "#", "＃", "_", "＿", "~", "～", "|", "｜", "\\", "＼")

// Said are the card's lines, title first, none of them empty.
func (c Card) Said() []string {
	said := make([]string, 0, len(c.Lines)+1)
	for _, line := range append([]string{c.Title}, c.Lines...) {
		if line = Line(line); line != "" {
			said = append(said, line)
		}
	}
	return said
}

// Fit are the card's lines, without the title, as far as they go into limit
// bytes of JSON: each byte may need two, each line some for what is around it.
func (c Card) Fit(limit, around int) []string {
	fit := []string{}
	for _, line := range (Card{Lines: c.Lines}).Said() {
		if line = Cut(line, (limit-around)/2); line == "" {
			break
		}
		fit = append(fit, line)
		limit -= 2*len(line) + around
	}
	return fit
}

// Text is the card as plain lines of at most limit bytes. The link is never
// cut: the lines above it give way, and where even that is too little, it goes.
func (c Card) Text(limit int) string {
	link := ""
	if at := c.Address(); at != "" {
		link = "\n" + flat.Replace(c.LinkWords()) + "：" + at
	}
	return above(flat.Replace(strings.Join(c.Said(), "\n")), link, "\n", limit)
}

// Markdown is the card as at most limit bytes of the plain markdown that all
// platforms know: a bold title and a link. Between lines stands what the
// platform takes for the end of one.
func (c Card) Markdown(limit int, between string) string {
	lines := c.Said()
	for i, line := range lines {
		lines[i] = marked.Replace(line)
	}
	if Line(c.Title) != "" {
		lines[0] = "**" + Cut(lines[0], min(200, limit/4)) + "**"
	}
	link := ""
	if at := c.Address(); at != "" {
		link = between + "[" + marked.Replace(c.LinkWords()) + "](" + at + ")"
	}
	return above(strings.Join(lines, between), link, between, limit)
}

func above(text, link, between string, limit int) string {
	if len(link) > limit/2 {
		link = ""
	}
	return strings.TrimPrefix(Cut(text, limit-len(link))+link, between)
}

// Address is the card's link if it is one that a platform may be handed:
// absolute, http or https, at most 1,024 bytes, without a bracket that would
// end it early. Otherwise it is empty.
func (c Card) Address() string {
	at, err := url.Parse(c.Link)
	if err != nil || len(c.Link) > 1024 || at.Host == "" || at.User != nil || at.Scheme != "https" && at.Scheme != "http" {
		return ""
	}
	return strings.NewReplacer("(", "%28", ")", "%29").Replace(at.String())
}

// LinkWords are the words of the link.
func (c Card) LinkWords() string {
	if words := Cut(Line(c.LinkText), 60); words != "" {
		return words
	}
	return "查看"
}

// Unmention takes the mentions out that a text begins with, whatever they are called:
// the platform's name of a robot need not be ours. What is called name may have blanks
// in it, and is taken out further back too.
func Unmention(text, name string) string {
	text = strings.TrimSpace(text)
	for strings.HasPrefix(text, "@") {
		if rest, ok := mentioned(text, name); ok {
			text = rest
			continue
		}
		end := strings.IndexFunc(text, unicode.IsSpace)
		if end < 0 {
			return ""
		}
		text = strings.TrimSpace(text[end:])
	}
	for at := range text {
		if rest, ok := mentioned(text[at:], name); ok {
			return strings.TrimSpace(text[:at] + rest)
		}
	}
	return text
}

// mentioned is what comes after the mention of name; "@药箱助手" mentions no 药箱.
func mentioned(text, name string) (rest string, ok bool) {
	if name == "" {
		return "", false
	}
	rest, ok = strings.CutPrefix(text, "@"+name)
	if next, _ := utf8.DecodeRuneInString(rest); rest != "" && !unicode.IsSpace(next) {
		return "", false
	}
	return strings.TrimSpace(rest), ok
}
