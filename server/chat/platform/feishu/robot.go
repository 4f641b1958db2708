// Package feishu speaks with Feishu (飞书) and, at another base, with Lark.
//
// Cards flow out, signed, to a custom robot (自定义机器人) of one group. Messages
// flow in as events of an app, encrypted and signed, and the answer is posted
// under the message with the app's own token, which is kept while it is good.
//
// It takes no event that is not encrypted. It retries nothing but a token that
// has ended, and remembers no message.
package feishu

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"linli/server/chat/platform"
	"linli/server/chat/platform/post"
)

// Where the API lives.
const (
	Base     = "https://open.feishu.cn"
	LarkBase = "https://open.larksuite.com"
)

// The body may have 20 KB. Each byte of a card may take two in JSON, and each
// line some for its tags.
// https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
const (
	maxBody  = 16 << 10
	maxTitle = 200
	tags     = 40
)

// Options of a Robot.
type Options struct {
	Hook   string // the last part of the webhook's address, or the whole of it
	Secret string // of the setting 签名校验
	Base   string // empty: Base
	Now    func() time.Time
	Client *http.Client
}

// Robot posts into one group. It is a platform.Robot.
type Robot struct {
	address, secret string
	now             func() time.Time
	client          *http.Client
}

const hookPath = "/open-apis/bot/v2/hook/"

// NewRobot checks the options.
func NewRobot(o Options) (*Robot, error) {
	hook := strings.TrimSpace(o.Hook)
	if at, err := url.Parse(hook); err == nil && at.Host != "" {
		hook, _ = strings.CutPrefix(at.Path, hookPath)
	}
	secret := strings.TrimSpace(o.Secret)
	switch {
	case hook == "" || strings.Contains(hook, "/"):
		return nil, errors.New("feishu: the hook is the last part of the webhook's address")
	case secret == "":
		return nil, errors.New("feishu: the secret of 签名校验 is missing")
	case o.Now == nil:
		return nil, errors.New("feishu: the clock is missing")
	}
	if o.Base == "" {
		o.Base = Base
	}
	r := &Robot{address: strings.TrimSuffix(o.Base, "/") + hookPath + url.PathEscape(hook), secret: secret, now: o.Now, client: o.Client}
	if r.client == nil {
		r.client = post.Client()
	}
	return r, nil
}

// Rate is five a second and a hundred a minute; at full and half hours Feishu
// is busy with everybody's robots.
func (r *Robot) Rate() platform.Rate {
	return platform.Rate{PerSecond: 5, PerMinute: 100, OffTheHour: time.Minute}
}

// Send posts one card.
func (r *Robot) Send(ctx context.Context, card platform.Card) error {
	timestamp := strconv.FormatInt(r.now().Unix(), 10)
	body := outgoing{Timestamp: timestamp, Sign: sign(r.secret, timestamp), Type: "post", Content: content{article{rich(card)}}}
	return post.JSON(ctx, r.client, r.address, nil, body, &answer{})
}

// sign has the secret in the key and signs nothing, as Feishu wants it.
func sign(secret, timestamp string) string {
	mac := hmac.New(sha256.New, []byte(timestamp+"\n"+secret))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

type (
	outgoing struct {
		Timestamp string  `json:"timestamp"`
		Sign      string  `json:"sign"`
		Type      string  `json:"msg_type"`
		Content   content `json:"content"`
	}
	content struct {
		Post article `json:"post"`
	}
	article struct {
		Chinese written `json:"zh_cn"`
	}
	written struct {
		Title string  `json:"title,omitempty"`
		Lines [][]run `json:"content"`
	}
	run struct {
		Tag  string `json:"tag"`
		Text string `json:"text"`
		Href string `json:"href,omitempty"`
	}
)

// rich writes a card as runs of text, in which nothing is a command.
func rich(card platform.Card) written {
	words := written{Title: platform.Cut(platform.Line(card.Title), maxTitle), Lines: [][]run{}}
	for _, line := range card.Fit(maxBody-2*len(card.Address()), tags) {
		words.Lines = append(words.Lines, []run{{Tag: "text", Text: line}})
	}
	if at := card.Address(); at != "" {
		words.Lines = append(words.Lines, []run{{Tag: "a", Text: card.LinkWords(), Href: at}})
	}
	if len(words.Lines) == 0 { // a title alone is no post
		words.Lines, words.Title = [][]run{{{Tag: "text", Text: words.Title}}}, ""
	}
	return words
}

type answer struct {
	Code int    `json:"code"`
	Text string `json:"msg"`
}

// Failure reads Feishu's code. The API of apps has longer ones.
func (a *answer) Failure() *platform.Failure {
	failed := &platform.Failure{Code: a.Code, Text: a.Text}
	switch a.Code {
	case 0:
		return nil
	case 11232, 99991400, 230020: // too often
		failed.RetryAfter = time.Minute
	case 9499:
		if strings.Contains(strings.ToLower(a.Text), "too many") {
			failed.RetryAfter = time.Minute
		} else {
			failed.Permanent = true
		}
	case 19001, 19021, 19022: // hook, signature or time, address
		failed.Gone = true
	case 10003, 10014, 230002, 230006, 99991672: // app, secret; not in the group, no robot, no right
		failed.Gone = true
	case 19002, 19024, 230001, 230011, 230025, 230028: // body, keyword; body, message withdrawn, too long, words
		failed.Permanent = true
	}
	return failed
}
