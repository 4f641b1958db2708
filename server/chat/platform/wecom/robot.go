// Package wecom speaks with WeCom (企业微信).
//
// Cards flow out to the webhook of one internal work group (消息推送, formerly
// 群机器人). Messages flow in from two sides, both encrypted and signed: an
// app's callback, which a member writes to alone, and a smart robot (智能机器人),
// which hears its name in a group; the answer goes back in the same call.
//
// It reaches no customer group: WeCom lets no robot in there. It retries
// nothing and remembers no message.
package wecom

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"linli/server/chat/platform"
	"linli/server/chat/platform/post"
)

// Base is where WeCom's API lives.
const Base = "https://qyapi.weixin.qq.com"

// Style is how a card looks.
type Style string

// The styles. A template card needs a link and few words; a card without or
// with more goes as markdown, so that nothing is lost.
const (
	Markdown     Style = "markdown"
	Text         Style = "text"
	TemplateCard Style = "template_card"
)

// The limits of WeCom in bytes, and two that it recommends in signs.
// https://developer.work.weixin.qq.com/document/path/99110
const (
	maxText     = 2048
	maxMarkdown = 4096
	maxTitle    = 26
	maxSubTitle = 112
)

// Options of a Robot.
type Options struct {
	Key    string // of the webhook, or its whole address as WeCom shows it
	Style  Style  // empty: Markdown
	Base   string // empty: Base
	Client *http.Client
}

// Robot posts into one group. It is a platform.Robot.
type Robot struct {
	address string
	style   Style
	client  *http.Client
}

// NewRobot checks the options.
func NewRobot(o Options) (*Robot, error) {
	key := strings.TrimSpace(o.Key)
	if at, err := url.Parse(key); err == nil && at.Host != "" {
		key = at.Query().Get("key")
	}
	if key == "" {
		return nil, errors.New("wecom: the key of the webhook is missing")
	}
	r := &Robot{style: o.Style, client: o.Client}
	switch r.style {
	case "":
		r.style = Markdown
	case Markdown, Text, TemplateCard:
	default:
		return nil, errors.New("wecom: the style is text, markdown or template_card")
	}
	if o.Base == "" {
		o.Base = Base
	}
	if r.client == nil {
		r.client = post.Client()
	}
	r.address = strings.TrimSuffix(o.Base, "/") + "/cgi-bin/webhook/send?" + url.Values{"key": {key}}.Encode()
	return r, nil
}

// Rate is 20 a minute for each robot.
func (r *Robot) Rate() platform.Rate { return platform.Rate{PerMinute: 20} }

// Send posts one card.
func (r *Robot) Send(ctx context.Context, card platform.Card) error {
	return post.JSON(ctx, r.client, r.address, nil, message(card, r.style), &answer{})
}

type (
	outgoing struct {
		Type     string    `json:"msgtype"`
		Text     *content  `json:"text,omitempty"`
		Markdown *content  `json:"markdown,omitempty"`
		Card     *template `json:"template_card,omitempty"`
	}
	content struct {
		Content string `json:"content"`
	}
	template struct {
		Type     string `json:"card_type"`
		Source   source `json:"source"`
		Title    title  `json:"main_title"`
		SubTitle string `json:"sub_title_text,omitempty"`
		Jumps    []jump `json:"jump_list,omitempty"`
		Action   action `json:"card_action"`
	}
	source struct {
		Words string `json:"desc"`
	}
	title struct {
		Title string `json:"title"`
	}
	jump struct {
		Type  int    `json:"type"`
		Title string `json:"title"`
		URL   string `json:"url"`
	}
	action struct {
		Type int    `json:"type"`
		URL  string `json:"url"`
	}
)

const toURL = 1 // of a jump and an action

func message(card platform.Card, style Style) outgoing {
	lines := strings.Join(card.Said(), "\n")
	heading := platform.Line(card.Title)
	below := strings.TrimPrefix(strings.TrimPrefix(lines, heading), "\n")
	fits := card.Address() != "" && heading != "" && len([]rune(heading)) <= maxTitle && len([]rune(below)) <= maxSubTitle
	switch {
	case style == Text:
		return outgoing{Type: string(Text), Text: &content{card.Text(maxText)}}
	case style == TemplateCard && fits:
		return outgoing{Type: string(TemplateCard), Card: &template{
			Type: "text_notice", Source: source{"邻里药箱"}, Title: title{heading}, SubTitle: below,
			Jumps:  []jump{{toURL, card.LinkWords(), card.Address()}},
			Action: action{toURL, card.Address()},
		}}
	}
	return outgoing{Type: string(Markdown), Markdown: &content{card.Markdown(maxMarkdown, "\n")}}
}

type answer struct {
	Code int    `json:"errcode"`
	Text string `json:"errmsg"`
}

// Failure reads WeCom's code. 93000 stands for a wrong key and for a wrong
// body; only the words tell.
func (a *answer) Failure() *platform.Failure {
	failed := &platform.Failure{Code: a.Code, Text: a.Text}
	switch a.Code {
	case 0:
		return nil
	case 45009, 45033: // too many calls, too many at once
		failed.RetryAfter = time.Minute
	case 93000:
		failed.Gone = strings.Contains(a.Text, "webhook url")
		failed.Permanent = !failed.Gone
	case 40008, 40058, 44004, 45002, 47001: // type, parameter, empty, too long, no JSON
		failed.Permanent = true
	}
	return failed
}
