// Package dingtalk speaks with DingTalk (钉钉).
//
// Cards flow out, signed, to a custom robot (自定义机器人) of one group.
// Messages flow in from a robot in HTTP mode, signed by its app secret, and the
// answer goes to the sessionWebhook that came along.
//
// The signature of what flows in covers the time alone, not the body: so a
// sessionWebhook is used only where its host is on the list, and nothing else
// of a body leads anywhere. It retries nothing and remembers no message.
package dingtalk

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

// Base is where DingTalk's robots live.
const Base = "https://oapi.dingtalk.com"

// The body may have 20,000 bytes; the text leaves room for JSON's escapes.
const (
	maxText  = 9000
	maxTitle = 120
	blocked  = 10 * time.Minute // who sent more than 20 in a minute
)

// Options of a Robot.
type Options struct {
	Token  string // access_token, or the whole address as DingTalk shows it
	Secret string // "SEC…", of the setting 加签
	Base   string // empty: Base
	Now    func() time.Time
	Client *http.Client
}

// Robot posts into one group. It is a platform.Robot.
type Robot struct {
	base, token, secret string
	now                 func() time.Time
	client              *http.Client
}

// NewRobot checks the options.
func NewRobot(o Options) (*Robot, error) {
	token := strings.TrimSpace(o.Token)
	if at, err := url.Parse(token); err == nil && at.Host != "" {
		token = at.Query().Get("access_token")
	}
	secret := strings.TrimSpace(o.Secret)
	switch {
	case token == "":
		return nil, errors.New("dingtalk: the access_token is missing")
	case !strings.HasPrefix(secret, "SEC"):
		return nil, errors.New("dingtalk: the secret of 加签 begins with SEC")
	case o.Now == nil:
		return nil, errors.New("dingtalk: the clock is missing")
	}
	r := &Robot{base: strings.TrimSuffix(o.Base, "/"), token: token, secret: secret, now: o.Now, client: o.Client}
	if r.base == "" {
		r.base = Base
	}
	if r.client == nil {
		r.client = post.Client()
	}
	return r, nil
}

// Rate is 20 a minute for each robot.
func (r *Robot) Rate() platform.Rate { return platform.Rate{PerMinute: 20} }

// Send posts one card.
func (r *Robot) Send(ctx context.Context, card platform.Card) error {
	timestamp := strconv.FormatInt(r.now().UnixMilli(), 10)
	query := url.Values{"access_token": {r.token}, "timestamp": {timestamp}, "sign": {sign(r.secret, timestamp)}}
	return post.JSON(ctx, r.client, r.base+"/robot/send?"+query.Encode(), nil, message(card), &answer{})
}

// sign is the same for both directions: of the time, keyed with the secret.
func sign(secret, timestamp string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp + "\n" + secret))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

type (
	outgoing struct {
		Type     string   `json:"msgtype"`
		Markdown markdown `json:"markdown"`
	}
	markdown struct {
		Title string `json:"title"` // what the list of chats shows
		Text  string `json:"text"`
	}
)

// message breaks lines with a paragraph: DingTalk joins what stands on the next
// line only.
func message(card platform.Card) outgoing {
	title := "邻里药箱"
	if said := card.Said(); len(said) > 0 {
		title = platform.Cut(said[0], maxTitle)
	}
	return outgoing{Type: "markdown", Markdown: markdown{Title: title, Text: card.Markdown(maxText, "\n\n")}}
}

type answer struct {
	Code int    `json:"errcode"`
	Text string `json:"errmsg"`
}

// Failure reads DingTalk's code. 310000 stands for all three security
// settings; only the words tell which.
func (a *answer) Failure() *platform.Failure {
	failed := &platform.Failure{Code: a.Code, Text: a.Text}
	switch a.Code {
	case 0:
		return nil
	case 130101, 410100: // too fast
		failed.RetryAfter = blocked
	case 90030: // too many today
		failed.RetryAfter = time.Hour
	case 310000: // keyword; signature, time or address
		failed.Permanent = strings.Contains(a.Text, "keyword")
		failed.Gone = !failed.Permanent
	case 300001, 300005, 400013, 400101, 400102, 400106: // token, group or robot is no more
		failed.Gone = true
	case 40035, 43004, 400105, 430101, 430102, 430103, 430104, 460101: // body, type, words, length
		failed.Permanent = true
	}
	return failed
}
