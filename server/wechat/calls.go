package wechat

import (
	"context"
	"crypto/rand"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

var errNothing = errors.New("the answer holds nothing")

// Login turns a code of wx.login, which serves once within five minutes, into
// the openid of who tapped. The session_key that comes with it ends here.
func (c *Client) Login(ctx context.Context, code string) (string, error) {
	const call = "/sns/jscode2session"
	var got struct {
		OpenID string `json:"openid"`
	}
	err := c.get(ctx, call, url.Values{"appid": {c.app.ID}, "secret": {c.app.Secret}, "js_code": {code},
		"grant_type": {"authorization_code"}}, &got)
	if err == nil && got.OpenID == "" {
		err = &Error{Call: call, cause: errNothing}
	}
	return got.OpenID, err
}

// Suggestion is what the content check thinks of a text.
type Suggestion string

// The suggestions. An errcode of 0 alone means nothing.
const (
	Pass   Suggestion = "pass"
	Review Suggestion = "review"
	Risky  Suggestion = "risky"
)

// MaxChecked is how many characters one check takes.
const MaxChecked = 2500

// Verdict is the answer of a check; Trace finds it again at WeChat.
type Verdict struct {
	Suggest Suggestion
	Label   int
	Trace   string
}

const sceneForum = 3

// Check asks what WeChat thinks of a text that this openid, who must have used
// the mini-program within two hours, is about to post.
func (c *Client) Check(ctx context.Context, openid, text string) (Verdict, error) {
	const call = "/wxa/msg_sec_check"
	var got struct {
		Trace  string `json:"trace_id"`
		Result struct {
			Suggest Suggestion `json:"suggest"`
			Label   int        `json:"label"`
		} `json:"result"`
	}
	err := c.authorised(ctx, func(query url.Values) error {
		return c.post(ctx, call, query, map[string]any{"version": 2, "openid": openid, "scene": sceneForum,
			"content": cut(text, MaxChecked)}, &got)
	})
	if err == nil && got.Result.Suggest == "" {
		err = &Error{Call: call, cause: errNothing}
	}
	return Verdict{Suggest: got.Result.Suggest, Label: got.Result.Label, Trace: got.Trace}, err
}

// Message is a subscribe message: Data by the keys of its template, such as
// thing1. Send cuts what is too long for a key.
type Message struct {
	OpenID   string
	Template string
	Page     string
	State    string // developer, trial or formal
	Data     map[string]string
}

// Send sends it. It is called once even where WeChat is busy: whoever sends
// keeps a queue of her own.
func (c *Client) Send(ctx context.Context, m Message) error {
	data := map[string]map[string]string{}
	for key, value := range m.Data {
		data[key] = map[string]string{"value": Fit(key, value)}
	}
	body, err := json.Marshal(map[string]any{"touser": m.OpenID, "template_id": m.Template,
		"page": m.Page, "data": data, "miniprogram_state": m.State, "lang": "zh_CN"})
	if err != nil {
		return err
	}
	var got struct{}
	return c.authorised(ctx, func(query url.Values) error {
		return c.once(ctx, http.MethodPost, "/cgi-bin/message/subscribe/send", query, body, &got)
	})
}

// fieldLimits are how many characters the keys of a template take, by the kind
// that stands before their number.
var fieldLimits = map[string]int{"thing": 20, "phrase": 5, "name": 10, "character_string": 32, "number": 32, "letter": 32,
	"symbol": 5, "phone_number": 17, "time": 32, "date": 32, "amount": 12, "car_number": 8}

// FieldKnown reports whether a key of a template is of a kind that is known.
func FieldKnown(key string) bool {
	kind := strings.TrimRight(key, "0123456789")
	_, known := fieldLimits[kind]
	return known && kind != key
}

// Fit cuts a value to what its key takes, by characters and not by bytes.
func Fit(key, value string) string {
	if limit := fieldLimits[strings.TrimRight(key, "0123456789")]; limit > 0 {
		return cut(value, limit)
	}
	return value
}

func cut(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most])
}

// Signature lets a page of an official account call the JS-SDK.
type Signature struct {
	AppID, Nonce, Signature string
	Timestamp               int64
}

// Sign signs the address of a page, as it was opened; what follows # is none of
// it. The account must be an official account's.
func (c *Client) Sign(ctx context.Context, page string) (Signature, error) {
	ticket, err := c.ticket.get(ctx, "")
	if err != nil {
		return Signature{}, err
	}
	s := Signature{AppID: c.app.ID, Nonce: rand.Text(), Timestamp: c.now().Unix()}
	s.Signature = signatureOf(ticket, s.Nonce, strconv.FormatInt(s.Timestamp, 10), page)
	return s, nil
}

func signatureOf(ticket, nonce, timestamp, page string) string {
	page, _, _ = strings.Cut(page, "#")
	sum := sha1.Sum([]byte(fmt.Sprintf("jsapi_ticket=%s&noncestr=%s&timestamp=%s&url=%s", ticket, nonce, timestamp, page)))
	return hex.EncodeToString(sum[:])
}
