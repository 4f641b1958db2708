package outreach

import (
	"strconv"
	"strings"

	"linli/server/chat/platform"
)

const failOther = "fail_other"

// failureText is what is kept of a failure: the code of a sentence, and behind it
// what the platform itself said.
func failureText(f *platform.Failure) string {
	code, text := failOther, platform.Line(f.Text)
	switch {
	case f.Ours != "":
		code, text = string(f.Ours), ""
	case f.Gone:
		code = "fail_gone"
	case f.RetryAfter > 0:
		code = "fail_busy"
	case f.Permanent:
		code = "fail_refused"
	case f.Code >= 500 && f.Code <= 599: // a status: no platform has such numbers
		code = "fail_down"
	case f.Code == 0:
		code = "fail_silent"
	}
	if f.Code != 0 {
		text = strconv.Itoa(f.Code) + " " + text
	}
	return platform.Cut(strings.TrimSpace(code+" "+text), maxFailure)
}

// Failed parts what is kept of a failure into the code of a sentence and what the
// platform said; what an older version kept has no code of its own.
func Failed(kept string) (code, said string) {
	if kept == "" {
		return "", ""
	}
	code, said, _ = strings.Cut(kept, " ")
	if !strings.HasPrefix(code, "fail_") {
		return failOther, kept
	}
	return code, said
}
