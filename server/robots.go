package server

import (
	"errors"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"linli/models"
	"linli/server/chat/platform"
	"linli/server/chat/platform/dingtalk"
	"linli/server/chat/platform/feishu"
	"linli/server/chat/platform/post"
	"linli/server/chat/platform/webhook"
	"linli/server/chat/platform/wecom"
	"linli/server/config"
	"linli/server/outreach"
)

// adapters makes the adapters of robots from their settings, and keeps what hears,
// because it may hold a platform's token.
type adapters struct {
	c      config.Robots
	now    func() time.Time
	client *http.Client
	hooks  *http.Client // what strangers gave the address of
	near   *http.Client // the same by http, which leads to our own networks alone
	own    []netip.Prefix

	mu   sync.Mutex
	ears map[models.ID]ear
}

type ear struct {
	version int
	inbound platform.Inbound
}

// earsKept bounds the memory; a city has fewer robots that hear.
const earsKept = 10_000

func newAdapters(c config.Robots, allowed []netip.Prefix, now func() time.Time) *adapters {
	return &adapters{c: c, now: now, client: post.Client(), hooks: webhook.Guard{Allowed: allowed}.Client(),
		near: webhook.Guard{Allowed: allowed, Only: true}.Client(), own: allowed, ears: map[models.ID]ear{}}
}

// dial gives what a robot speaks by.
func (a *adapters) dial(r models.Robot) (platform.Robot, error) {
	address, secret := r.Settings[outreach.SettingAddress], r.Settings[outreach.SettingSecret]
	switch r.Platform {
	case outreach.WeCom:
		return wecom.NewRobot(wecom.Options{Key: address, Style: wecom.Style(r.Settings[outreach.SettingStyle]), Base: a.c.WeComBase, Client: a.client})
	case outreach.DingTalk:
		return dingtalk.NewRobot(dingtalk.Options{Token: address, Secret: secret, Base: a.c.DingTalkBase, Now: a.now, Client: a.client})
	case outreach.Feishu:
		return feishu.NewRobot(feishu.Options{Hook: address, Secret: secret, Base: a.c.FeishuBase, Now: a.now, Client: a.client})
	case outreach.Webhook:
		return webhook.NewRobot(webhook.Options{Address: address, Secrets: []string{secret}, Now: a.now, Client: a.hooks, Plain: a.own, PlainClient: a.near})
	}
	return nil, errors.New("this platform hears nothing")
}

// hear gives what a robot is spoken to by.
func (a *adapters) hear(r models.Robot) (platform.Inbound, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if known, ok := a.ears[r.ID]; ok && known.version == r.Version {
		return known.inbound, nil
	}
	inbound, err := a.listen(r)
	if err != nil {
		return nil, err
	}
	if len(a.ears) >= earsKept {
		clear(a.ears)
	}
	a.ears[r.ID] = ear{r.Version, inbound}
	return inbound, nil
}

func (a *adapters) listen(r models.Robot) (platform.Inbound, error) {
	set := r.Settings
	switch r.Platform {
	case outreach.WeCom:
		o := wecom.CallbackOptions{Token: set[outreach.SettingToken], EncodingAESKey: set[outreach.SettingCallback], CorpID: set[outreach.SettingApp],
			Name: r.Name, Now: a.now}
		if o.CorpID != "" {
			return wecom.NewApp(o)
		}
		return wecom.NewSmart(o)
	case outreach.DingTalk:
		o := dingtalk.InboundOptions{AppSecret: set[outreach.SettingCallback], Client: a.client}
		if a.c.DingTalkBase != "" {
			o.Sessions = []string{a.c.DingTalkBase}
		}
		return dingtalk.NewInbound(o)
	case outreach.Feishu:
		return feishu.NewInbound(feishu.InboundOptions{AppID: set[outreach.SettingApp], AppSecret: set[outreach.SettingAppSecret],
			VerificationToken: set[outreach.SettingToken], EncryptKey: set[outreach.SettingCallback], Base: a.c.FeishuBase, Now: a.now, Client: a.client})
	}
	return nil, errors.New("this platform calls nobody")
}
