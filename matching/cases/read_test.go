package cases_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"linli/matching/cases"
	"linli/matching/catalogue"
	"linli/models/words"
)

// What is not understood is refused, in both languages, naming the place.
func TestRead_RefusesAndSaysWhere(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		``:                           "no case",
		`{"needs": {}}`:              "needs: want a list",
		`{"need": []}`:               `need: "need" is no field of a case`,
		`{"needs": [], "needs": []}`: "needs: stands twice",
		`{"needs": [{"home": "张", "item": "抗原", "home": "李"}]}`:         "needs[0].home: stands twice",
		`{"needs": [{"home": "张", "item": "抗原", "unit": 2}]}`:           `needs[0].unit: "unit" is no field here`,
		`{"needs": [{"home": "张", "item": "抗原", "units": 2, "数量": 3}]}`: `stands twice`,
		`{"needs": [{"home": "张", "item": "抗原", "units": 2.5}]}`:        `needs[0].units: "2.5" is no amount`,
		`{"needs": [{"home": "张", "item": "抗原", "units": "2箱"}]}`:       "nobody knows how many are in one 箱",
		`{"needs": [{"home": "张", "item": "布洛"}]}`:                      `needs[0].item: the catalogue has no "布洛"; near: 布洛芬`,
		`{"needs": [{"home": "张", "item": "抗原", "age": "8"}]}`:          `needs[0].age: "8" must be one of`,
		`{"needs": [{"home": "张", "item": "抗原", "at": "gestern"}]}`:     `needs[0].at: "gestern" is no time`,
		`{"needs": [{"home": "张", "item": "抗原", "yes": ["Gicht"]}]}`:    `needs[0].yes: "Gicht" must be one of`,
		`{"needs": [{"home": "张", "item": "抗原", "age": null}]}`:         "needs[0].age: no null",
		`{"needs": [{"home": "张", "item": {"id": 1}}]}`:                 "needs[0].item: want text",
		`{"needs": [{"home": "", "item": "抗原"}]}`:                       "needs[0].home: want a name",
		`{"needs": ["张"]}`: "needs[0]: want an object",
		`{"lots": [{"home": "王", "item": "抗原", "expires": "soon"}]}`:            `lots[0].expires: "soon" is no expiry`,
		`{"homes": [{"name": "张"}, {"name": "张"}]}`:                             "homes[1].name: the home",
		`{"homes": [{"name": "张", "grid": "月球"}]}`:                              "homes[0].grid: no grid",
		`{"asks": [{"need": "张", "home": "李"}]}`:                                "asks[0].need: there is no need",
		`{"policy": {"windo": "60s"}}`:                                          `"windo" is unknown`,
		`{"policy": {"window": "soon"}}`:                                        "window: a length of time",
		`{"now": "now and then"}`:                                               `now: "now and then" is no time`,
		`{"needs": [], "expect": ["must 张 gets 2"]}`:                            `expect[0]: the case has no "张"`,
		`{"needs": [{"home": "张", "item": "抗原"}], "expect": ["must 张 fliegt"]}`: `expect[0]: "fliegt" is no verb here`,
		`{"needs": [{"home": "张", "item": "抗原"}], "expect": ["张 gets 2"]}`:      "expect[0]: must begin with must or never",
		"{\"needs\": [\n  {\"home\": 张}\n]}":                                    "line 2, column",
		`{"needs": [`:                                                           "too early",
		`{} {}`:                                                                 "something follows",
		`{"a": [[[[[[1]]]]]]}`:                                                  "nested too deep",
		"## 题\n- 求 张家":                                                          "line 2: \"求\" wants at least 3 values",
		"## 题\n- 买 张家 抗原 2":                                                     "line 2: a line cannot begin with \"买\"",
		"## 题\n- 求 张家 抗原 2 快点":                                                  "line 2: \"快点\" means nothing here",
		"## 题\n- 求 张家 抗原 2 今天 急=今天":                                             "line 2: \"急\" stands twice",
		"## 题\n\n## 题\n":                                                        "two cases are called",
		strings.Repeat(" ", cases.MaxBytes+1):                                   "too long",
		strings.Repeat("[", 1<<19):                                              "no case",
		`{"a": ` + strings.Repeat("[", 1<<19):                                   "nested too deep",
		"## 题\n" + strings.Repeat("- 户 a\n", 2):                                 "stands twice",
	} {
		_, err := cases.Read(catalogue.Embedded(), text)
		var flaw *cases.Flaw
		if !errors.As(err, &flaw) || !strings.Contains(flaw.In(words.EN), want) {
			t.Errorf("%.60s: %v, want %s", text, err, want)
			continue
		}
		if zh := flaw.In(words.ZH); zh == flaw.In(words.EN) {
			t.Errorf("%.60s: not said in Chinese: %s", text, zh)
		}
	}
}

func TestRead_TooManyRows(t *testing.T) {
	t.Parallel()
	text := "## 题\n" + strings.Repeat("- 求 张家 抗原 1\n", cases.MaxRows+1)
	if _, err := cases.Read(catalogue.Embedded(), text); err == nil || !strings.Contains(err.Error(), "rows at most") {
		t.Error(err)
	}
}

// A case says the same in both forms.
func TestRead_JSONAndMarkdownAreOne(t *testing.T) {
	t.Parallel()
	asJSON := `{"title": "题", "homes": [{"name": "张", "care": "alone", "where": "100m"}],
		"needs": [{"home": "张", "item": "泰诺林", "units": "6片", "age": "elder", "urgency": "now", "at": "-1h", "fever": 2, "yes": ["driving"]}],
		"lots": [{"home": "王", "item": "M004", "units": 10, "expires": "2027年8月", "seal": "blister"}]}`
	asMarkdown := "## 题\n- 户 张 独居 @100\n- 求 张 对乙酰氨基酚 6 老人 现在就要 1小时前 发烧2天 是=开车\n- 有 王 泰诺林 10片 2027-08到期 整板\n"
	a, errA := cases.Read(catalogue.Embedded(), asJSON)
	b, errB := cases.Read(catalogue.Embedded(), "# 书\n前言\n\n"+asMarkdown)
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	if x, y := planned(a[0]), planned(b[0]); x != y || !strings.Contains(x, "elder_alone") {
		t.Errorf("%s\n%s", x, y)
	}
	if lot := a[0].Pool.Lots[0]; lot.ExpiresOn != "2027-08-31" || b[0].Pool.Lots[0].ExpiresOn != lot.ExpiresOn {
		t.Errorf("%v", lot.ExpiresOn)
	}
}

// A broken expectation is told with its line and with what happened instead.
func TestBroken_NamesTheLine(t *testing.T) {
	t.Parallel()
	k, err := cases.Read(catalogue.Embedded(), "## 题\n- 求 张 泰诺林 4\n- 有 王 泰诺林 10\n- 应 张 得 3\n- 应 张 得 4\n- 绝不 张 得\n")
	if err != nil {
		t.Fatal(err)
	}
	got := k[0].Run(catalogue.Embedded()).Broken()
	if len(got) != 3 || !strings.HasPrefix(got[0], "line 4: 应 张 得 3") || !strings.Contains(got[2], "even when pressed") {
		t.Errorf("%q", got)
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"examples/rule_fever.json", "examples/policy.json", "book/6-time.md"} {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(_ *testing.T, text string) {
		all, err := cases.Read(catalogue.Embedded(), text)
		if err != nil {
			return
		}
		for _, k := range all {
			k.Run(catalogue.Embedded()).Broken()
		}
	})
}
