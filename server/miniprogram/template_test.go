package miniprogram_test

import (
	"strings"
	"testing"

	"linli/server/miniprogram"
)

func TestParseTemplate_TakesKnownKeysAndSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	const id = "abcdefghijklmnopqrstuvwxyz_-0123456789"
	got, err := miniprogram.ParseTemplate(" " + id + "  thing1=what  phrase2=say time3=until character_string4=place ")
	if err != nil || got.ID != id || len(got.Fields) != 4 || got.Fields["phrase2"] != "say" {
		t.Errorf("%+v, %v", got, err)
	}
	for text, quoted := range map[string]string{
		"": "want an id", id: "want an id", "short thing1=what": "no id", id + " thing=what": "thing=what", id + " thing1": "thing1",
		id + " thing1=name": "thing1=name", id + " thing1=what thing1=say": "thing1=say", id + " time1=say": "time1=say",
		id + " thing1=until": "thing1=until", id + " secret1=what": "secret1=what",
	} {
		if _, err := miniprogram.ParseTemplate(text); err == nil || !strings.Contains(err.Error(), quoted) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
