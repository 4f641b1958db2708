package cases

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/matching/catalogue"
	"linli/models"
)

// defaultNow is a Monday afternoon, when nobody sleeps.
const defaultNow = "2026-11-23 14:00"

// defaultGood is how long a lot is good for when no date is written.
const defaultGood = 300 * 24 * time.Hour

// item finds a row by id, name or another name; a word that is none of them is
// refused with the nearest, never guessed.
func item(c *catalogue.Catalogue, v value) (catalogue.Item, error) {
	if found, ok := c.Item(strings.ToUpper(v.text)); ok {
		return found, nil
	}
	var whole, near []string
	var found catalogue.Item
	for _, hit := range c.Search(v.text, 5) {
		if !hit.Whole {
			near = append(near, hit.Item.Name)
			continue
		}
		if hit.Matched == hit.Item.Name {
			return hit.Item, nil
		}
		found = hit.Item
		whole = append(whole, hit.Item.Name)
	}
	switch {
	case len(whole) == 1:
		return found, nil
	case len(whole) > 1:
		return found, flaw(v.place, "“%s”可以是好几样：%s", "%q may be %s", v.text, strings.Join(whole, " · "))
	}
	return found, flaw(v.place, "品目里没有“%s”；相近的：%s", "the catalogue has no %q; near: %s", v.text, strings.Join(near, " · "))
}

var quantity = regexp.MustCompile(`^(-?[0-9]{1,7})([^0-9.]*)$`)

// units reads "6", "6片" or "2板": base units, or a measure of the catalogue.
func units(of catalogue.Item, v value) (int, error) {
	if v.place == "" { // not written
		return 1, nil
	}
	m := quantity.FindStringSubmatch(strings.TrimSpace(v.text))
	if m == nil {
		return 0, flaw(v.place, "“%s”不是数量，像 6 或 6%s", "%q is no amount like 6 or 6%s", v.text, of.BaseUnit)
	}
	n, err := strconv.Atoi(m[1])
	measure := strings.TrimSpace(m[2])
	if err != nil || measure == "" || measure == of.BaseUnit {
		return n, err
	}
	for _, p := range of.Packs {
		if p.Unit == measure {
			return n * p.Size, nil
		}
	}
	return 0, flaw(v.place, "%s一%s有多少说不准，请写几%s", "%s: nobody knows how many are in one %s; write %s", of.Name, measure, of.BaseUnit)
}

func number(v value, least, most, otherwise int) (int, error) {
	if v.place == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(strings.TrimSuffix(v.text, "次"))
	if err != nil || n < least || n > most {
		return 0, flaw(v.place, "“%s”不是 %d 到 %d 的数", "%q is no number from %d to %d", v.text, least, most)
	}
	return n, nil
}

// isSet reads a flag: yes, no, or its own word in a line.
func isSet(v value) (bool, error) {
	switch v.text {
	case "", "no", "否":
		return false, nil
	case "yes", "是", "借", "换", "停", "休", "没送来", "在药箱", "网格员看过", "网格员核实", "夜里可问":
		return true, nil
	}
	return false, flaw(v.place, "“%s”要写 yes 或 no", "%q must be yes or no", v.text)
}

// one looks a word up; nothing written gives otherwise.
func one[V any](words map[string]V, v value, otherwise V) (V, error) {
	if v.place == "" {
		return otherwise, nil
	}
	if known, ok := words[v.text]; ok {
		return known, nil
	}
	names := make([]string, 0, len(words))
	for name := range words {
		names = append(names, name)
	}
	slices.Sort(names)
	return otherwise, flaw(v.place, "“%s”不认得，可以写：%s", "%q must be one of: %s", v.text, strings.Join(names, " "))
}

var spans = regexp.MustCompile(`^([0-9]{1,6}(秒|分钟|小时|天|s|m|h|d))+$`)
var spanPart = regexp.MustCompile(`([0-9]{1,6})(秒|分钟|小时|天|s|m|h|d)`)
var spanUnit = map[string]time.Duration{"秒": time.Second, "s": time.Second, "分钟": time.Minute, "m": time.Minute,
	"小时": time.Hour, "h": time.Hour, "天": 24 * time.Hour, "d": 24 * time.Hour}

// span reads "6h", "1小时30分钟", "2天".
func span(text string) (time.Duration, bool) {
	if text = strings.ReplaceAll(text, " ", ""); !spans.MatchString(text) {
		return 0, false
	}
	sum := time.Duration(0)
	for _, part := range spanPart.FindAllStringSubmatch(text, -1) {
		n, err := strconv.Atoi(part[1])
		if err != nil {
			return 0, false
		}
		sum += time.Duration(n) * spanUnit[part[2]]
	}
	return sum, true
}

// moment reads a time in Shanghai, absolute or against now: "2026-11-23 08:00",
// "08:00", "明天 08:00", "-6h", "6小时前", "6h ago", "+60s", "60秒后".
func moment(v value, now time.Time) (time.Time, error) {
	text := strings.TrimSpace(v.text)
	switch text {
	case "", "现在", "now":
		return now, nil
	}
	for _, form := range []struct {
		front, back string
		sign        time.Duration
	}{{"", "前", -1}, {"", "ago", -1}, {"-", "", -1}, {"", "后", 1}, {"+", "", 1}} {
		if strings.HasPrefix(text, form.front) && strings.HasSuffix(text, form.back) {
			if d, ok := span(text[len(form.front) : len(text)-len(form.back)]); ok {
				return now.Add(form.sign * d), nil
			}
		}
	}
	day := now.In(models.Shanghai)
	for word, days := range map[string]int{"明天": 1, "tomorrow": 1, "昨天": -1, "yesterday": -1} {
		if rest, ok := strings.CutPrefix(text, word); ok {
			text, day = strings.TrimSpace(rest), day.AddDate(0, 0, days)
		}
	}
	if at, err := time.ParseInLocation("15:04", text, models.Shanghai); err == nil {
		return models.Millis(time.Date(day.Year(), day.Month(), day.Day(), at.Hour(), at.Minute(), 0, 0, models.Shanghai)), nil
	}
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02 15:04:05", time.RFC3339} {
		if at, err := time.ParseInLocation(layout, text, models.Shanghai); err == nil && at.Year() >= 2000 && at.Year() < 2100 {
			return models.Millis(at), nil
		}
	}
	return now, flaw(v.place, "“%s”不是时间，像 2026-11-23 08:00（上海）、08:00、明天08:00、6小时前、60秒后",
		"%q is no time like 2026-11-23 08:00 (Shanghai), 08:00, tomorrow 08:00, 6h ago, +60s", v.text)
}

var label = strings.NewReplacer(".", "-", "/", "-", "年", "-", "月", "", "日", "")

// expiry reads a date as on a label (2027-08 lasts to the last day), a span
// ("3天后到期", "+3d", "1天前到期") or 没写.
func expiry(v value, now time.Time) (models.Date, error) {
	text := strings.TrimSpace(strings.TrimSuffix(v.text, "到期"))
	switch {
	case v.place == "":
		return models.DateOf(now.Add(defaultGood)), nil
	case text == "没写" || text == "none":
		return "", nil
	case text == "今天" || text == "today":
		return models.DateOf(now), nil
	}
	parts := strings.Split(label.Replace(text), "-")
	for i, part := range parts {
		if len(part) == 1 {
			parts[i] = "0" + part
		}
	}
	if day, err := models.ParseDate(strings.Join(parts, "-")); err == nil {
		return day, nil
	}
	if at, err := moment(value{text: text, place: v.place}, now); err == nil && !strings.Contains(text, ":") {
		return models.DateOf(at), nil
	}
	return "", flaw(v.place, "“%s”不是有效期，像 2027-08、2027-08-31、+3d、没写", "%q is no expiry like 2027-08, 2027-08-31, +3d, none", v.text)
}

// origin is the corner from which positions are counted, in Chongzhou.
const (
	originLat, originLon = 30.63, 103.67
	metresPerDegree      = 95_680 // of longitude, at that latitude
)

// where reads metres along the street: "@120", "120m"; "?" is not known.
func where(v value) (lat, lon float64, err error) {
	text := strings.TrimSuffix(strings.TrimPrefix(v.text, "@"), "m")
	if text == "?" {
		return 0, 0, nil
	}
	metres := 0
	if text != "" {
		if metres, err = strconv.Atoi(text); err != nil || metres < -100_000 || metres > 100_000 {
			return 0, 0, flaw(v.place, "“%s”不是位置，像 @120（沿街 120 米）", "%q is no position like 120m (along the street)", v.text)
		}
	}
	return originLat, originLon + float64(metres)/metresPerDegree, nil
}
