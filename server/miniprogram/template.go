package miniprogram

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"linli/models"
	"linli/models/words"
	"linli/server/wechat"
)

// Template is a template of WeChat's console with what each of its keys says.
type Template struct {
	ID     string
	Fields map[string]string // key of the template → one of values
}

// values are what a key can say: what it is about, what there is to do, the
// relay point, and until when.
var values = []string{"what", "say", "place", "until"}

var templateID = regexp.MustCompile(`^[A-Za-z0-9_-]{20,64}$`)

// ParseTemplate reads "ID thing1=what thing2=say time3=until".
func ParseTemplate(text string) (Template, error) {
	parts := strings.Fields(text)
	if len(parts) < 2 {
		return Template{}, fmt.Errorf("%q: want an id and its keys, ID thing1=what thing2=say", text)
	}
	t := Template{ID: parts[0], Fields: map[string]string{}}
	if !templateID.MatchString(t.ID) {
		return t, fmt.Errorf("%q is no id of a template", t.ID)
	}
	for _, part := range parts[1:] {
		key, value, found := strings.Cut(part, "=")
		if _, twice := t.Fields[key]; !found || twice || !wechat.FieldKnown(key) || !slices.Contains(values, value) {
			return t, fmt.Errorf("%q: want a key like thing1, once, and one of %s", part, strings.Join(values, ", "))
		}
		if timed := strings.HasPrefix(key, "time") || strings.HasPrefix(key, "date"); timed != (value == "until") {
			return t, fmt.Errorf("%q: until goes into a time or date, and nothing else does", part)
		}
		t.Fields[key] = value
	}
	return t, nil
}

// content is what one message says; it names no item, because what somebody
// needs is her health and WeChat need not know it.
type content struct {
	what, say string // codes of words
	place     string
	until     time.Time
}

// none stands where there is nothing to say: WeChat takes no empty value.
const none = "-"

func (t Template) fill(c content) map[string]string {
	data := map[string]string{}
	for key, value := range t.Fields {
		switch value {
		case "what":
			data[key] = words.Say(words.ZH, c.what, nil)
		case "say":
			data[key] = words.Say(words.ZH, c.say, nil)
		case "place":
			data[key] = c.place
			if c.place == "" {
				data[key] = none
			}
		case "until":
			layout := "2006年01月02日 15:04"
			if strings.HasPrefix(key, "date") {
				layout = "2006年01月02日"
			}
			data[key] = c.until.In(models.Shanghai).Format(layout)
		}
	}
	return data
}
