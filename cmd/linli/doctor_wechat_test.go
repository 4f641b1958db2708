package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linli/server/config"
	"linli/server/wechat/wechattest"
)

// TestDoctorWechat_SaysWhatIsMissing, and nothing more once all is there; it
// never tells the secret.
func TestDoctorWechat_SaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	fake := wechattest.New(t)
	file := filepath.Join(t.TempDir(), "AbC123.txt")
	if err := os.WriteFile(file, []byte("0a1b2c"), 0o600); err != nil {
		t.Fatal(err)
	}
	whole := config.Wechat{AppID: wechattest.AppID, Secret: wechattest.Secret, API: fake.URL, CheckFile: file, State: "formal",
		TemplateReady: "template-of-the-moment-ready thing1=what thing2=say time3=until"}
	for name, c := range map[string]struct {
		spoil func(w *config.Wechat, base *string)
		want  string
	}{
		"all is there":                   {func(*config.Wechat, *string) {}, ""},
		"nothing":                        {func(w *config.Wechat, base *string) { *w, *base = config.Wechat{API: fake.URL}, "" }, "app id|secret|business domain|check file"},
		"http":                           {func(_ *config.Wechat, base *string) { *base = "http://linli.example" }, "business domain"},
		"a number":                       {func(_ *config.Wechat, base *string) { *base = "https://10.0.0.1" }, "business domain"},
		"a port":                         {func(_ *config.Wechat, base *string) { *base = "https://linli.example:8443" }, "business domain"},
		"another key":                    {func(w *config.Wechat, _ *string) { w.Secret = strings.Repeat("0", 32) }, "WeChat answers"},
		"nobody":                         {func(w *config.Wechat, _ *string) { w.API = "http://127.0.0.1:1" }, "WeChat answers"},
		"no file":                        {func(w *config.Wechat, _ *string) { w.CheckFile = file + ".txt" }, "settings|check file"},
		"a bad key":                      {func(w *config.Wechat, _ *string) { w.TemplateReady = "template-of-the-moment-ready thing1=name" }, "template ready"},
		"a time of day":                  {func(w *config.Wechat, _ *string) { w.TemplateReady = "template-of-the-moment-ready thing1=until" }, "template ready"},
		"an official account of another": {func(w *config.Wechat, _ *string) { w.OfficialID, w.OfficialSecret = "wx0000000000000000", "x" }, "official account"},
	} {
		w, base := whole, "https://linli.example"
		c.spoil(&w, &base)
		var bad []string
		for _, s := range symptomsOf(t.Context(), w, base) {
			if s.mark == lacking || s.mark == wrong {
				bad = append(bad, s.what)
			}
			if w.Secret != "" && strings.Contains(s.why, w.Secret) {
				t.Errorf("%s: the secret is told: %s", name, s.why)
			}
		}
		if got := strings.Join(bad, "|"); got != c.want {
			t.Errorf("%s: %q, not %q", name, got, c.want)
		}
	}
}
