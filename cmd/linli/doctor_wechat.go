package main

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
	"time"

	"linli/models"
	"linli/server"
	"linli/server/config"
	"linli/server/miniprogram"
	"linli/server/wechat"
)

// symptom is one line of what is missing for WeChat.
type symptom struct{ mark, what, why string }

const (
	fine    = "ok"
	lacking = "MISSING"
	wrong   = "WRONG"
	idle    = "-" // may be left out
)

// checkWechat says what WeChat still needs, and asks it for a token. It opens no
// database.
func checkWechat(ctx context.Context, w config.Wechat, base string) error {
	bad := 0
	for _, s := range symptomsOf(ctx, w, base) {
		fmt.Printf("%-7s %-24s %s\n", s.mark, s.what, s.why)
		if s.mark == lacking || s.mark == wrong {
			bad++
		}
	}
	if bad > 0 {
		return fmt.Errorf("WeChat is not ready: %d to do", bad)
	}
	fmt.Println("good: WeChat is ready")
	return nil
}

func symptomsOf(ctx context.Context, w config.Wechat, base string) []symptom {
	all := append(settingsOf(w), domainOf(base), proofOf(w))
	all = append(all, templatesOf(w)...)
	return append(all, reached(ctx, w), officialOf(ctx, w))
}

func settingsOf(w config.Wechat) []symptom {
	all := []symptom{{fine, "app id", w.AppID}, {fine, "secret", "set"}}
	if w.AppID == "" {
		all[0] = symptom{lacking, "app id", "LINLI_WECHAT_APP_ID, from 开发管理 of the mini-program"}
	}
	if w.Secret == "" {
		all[1] = symptom{lacking, "secret", "LINLI_WECHAT_SECRET, from the same page"}
	}
	// Of what is missing the lines above tell; this is about what is there.
	if err := w.Check(); err != nil && w.AppID != "" && w.Secret != "" {
		all = append(all, symptom{wrong, "settings", err.Error()})
	}
	return all
}

var hostname = regexp.MustCompile(`^([a-z0-9-]+\.)+[a-z]{2,}$`)

// domainOf looks at the address that the web-view opens: WeChat wants https, a
// name that is filed (ICP), and no port.
func domainOf(base string) symptom {
	const what = "business domain"
	address, err := url.Parse(base)
	switch {
	case base == "":
		return symptom{lacking, what, "LINLI_BASE_URL, the https address of the app"}
	case err != nil || address.Scheme != "https":
		return symptom{wrong, what, base + ": a web-view opens https only"}
	case net.ParseIP(address.Hostname()) != nil || !hostname.MatchString(strings.ToLower(address.Hostname())):
		return symptom{wrong, what, base + ": want a name of letters, digits and -, no number"}
	case address.Port() != "":
		return symptom{wrong, what, base + ": a business domain has no port"}
	}
	return symptom{fine, what, base + ", to be entered as 业务域名 and as request 合法域名"}
}

func proofOf(w config.Wechat) symptom {
	name, _, err := w.DomainCheck()
	switch {
	case err != nil:
		return symptom{wrong, "check file", err.Error()}
	case name == "":
		return symptom{lacking, "check file", "LINLI_WECHAT_CHECK_FILE, from 业务域名; WeChat reads it again now and then"}
	}
	return symptom{fine, "check file", "served at /" + name}
}

func templatesOf(w config.Wechat) []symptom {
	var all []symptom
	for _, m := range models.Moments {
		what, text := "template "+string(m), w.Templates()[string(m)]
		t, err := miniprogram.ParseTemplate(text)
		switch {
		case text == "":
			all = append(all, symptom{idle, what, "LINLI_WECHAT_TEMPLATE_" + strings.ToUpper(string(m)) + "; without it the app alone tells"})
		case err != nil:
			all = append(all, symptom{wrong, what, err.Error()})
		default:
			all = append(all, symptom{fine, what, t.ID})
		}
	}
	return all
}

func reached(ctx context.Context, w config.Wechat) symptom {
	if w.AppID == "" || w.Secret == "" {
		return symptom{idle, "WeChat answers", "not asked"}
	}
	return answered("WeChat answers", server.WechatClient(w, time.Now).Reach(ctx))
}

func officialOf(ctx context.Context, w config.Wechat) symptom {
	if w.OfficialID == "" || w.OfficialSecret == "" {
		return symptom{idle, "official account", "LINLI_WECHAT_OFFICIAL_ID; only for JS-SDK signatures"}
	}
	w.AppID, w.Secret = w.OfficialID, w.OfficialSecret
	return answered("official account", server.WechatClient(w, time.Now).Reach(ctx))
}

func answered(what string, err error) symptom {
	why := map[int]string{0: "a token was given", wechat.CodeAppID: "it does not know this app id", wechat.CodeSecret: "this is not its secret",
		wechat.CodeTokenBad: "this is not its secret", wechat.CodeAddress: "this machine's address is not in 开发管理 → IP白名单",
		wechat.CodeDailyLimit: "too many tokens were asked for today", wechat.CodeUnreachable: "no answer came back: is api.weixin.qq.com reachable from here?"}[wechat.CodeOf(err)]
	switch {
	case err == nil:
		return symptom{fine, what, why}
	case why == "":
		why = "it refused"
	}
	return symptom{wrong, what, why + " (" + err.Error() + ")"}
}
