package fakes

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// DingTalk is a group with a custom robot that signs, and with a robot that
// hears: 20 cards a minute, and who sends more is blocked for ten.
type DingTalk struct {
	Group
	Token, Secret, AppSecret string
	Keyword                  string // when the robot has one
}

// NewDingTalk starts one.
func NewDingTalk(t testing.TB, token, secret, appSecret string, now func() time.Time) *DingTalk {
	f := &DingTalk{Token: token, Secret: secret, AppSecret: appSecret, Group: Group{now: now}}
	f.serve(t, f.send)
	return f
}

func dingSign(secret, timestamp string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp + "\n" + secret))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func (f *DingTalk) send(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var m struct {
		Type     string `json:"msgtype"`
		Text     struct{ Content string }
		Markdown struct{ Title, Text string }
	}
	bad := json.Unmarshal(body, &m) != nil
	text := m.Text.Content + m.Markdown.Text
	query := r.URL.Query()
	ms, _ := strconv.ParseInt(query.Get("timestamp"), 10, 64)
	switch {
	case r.URL.Path == "/robot/sendBySession" && query.Get("session") == "S1":
	case r.URL.Path != "/robot/send":
		answer(w, http.StatusNotFound, map[string]any{})
		return
	case query.Get("access_token") != f.Token:
		errcode(w, 300005, "token is not exist")
		return
	case f.now().Sub(time.UnixMilli(ms)).Abs() > time.Hour:
		errcode(w, 310000, "invalid timestamp")
		return
	case query.Get("sign") != dingSign(f.Secret, query.Get("timestamp")):
		errcode(w, 310000, "sign not match")
		return
	}
	if f.now().Before(f.mute) || f.tooOften(20, time.Minute) {
		if !f.now().Before(f.mute) {
			f.mute = f.now().Add(10 * time.Minute)
		}
		errcode(w, 130101, "send too fast, exceed 20 times per minute")
		return
	}
	switch {
	case bad:
		errcode(w, 40035, "缺少参数 json")
	case m.Type != "text" && (m.Type != "markdown" || m.Markdown.Title == "") || text == "":
		errcode(w, 400105, "unsupported msgtype")
	case len(body) > 20000:
		errcode(w, 460101, "message too long, exceed 20000 bytes")
	case f.Keyword != "" && !strings.Contains(text+m.Markdown.Title, f.Keyword):
		errcode(w, 310000, "keywords not in content, more: [https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq]")
	default:
		f.keep(m.Type, text, body)
		errcode(w, 0, "ok")
	}
}

// Message is DingTalk's sample body, with these values in it; an empty group is
// a talk alone. The answer goes to this fake.
func (f *DingTalk) Message(id, group, sender, text string) map[string]any {
	kind := "2"
	if group == "" {
		kind, group = "1", "alone"
	}
	return map[string]any{
		"conversationId": group, "sceneGroupCode": "project", "conversationType": kind, "conversationTitle": "xxx",
		"atUsers":       []any{map[string]string{"dingtalkId": "$:LWCP_v1:$0sIVIuw1HvQQ5gRAtFWzypo0+T1TgPOP"}},
		"chatbotUserId": "$:LWCP_v1:$I3cyfTzrws4nCbY289cXbKCVcdd1wize", "msgId": id, "senderNick": "Jioby", "isAdmin": false,
		"sessionWebhook": f.URL + "/robot/sendBySession?session=S1", "sessionWebhookExpiredTime": f.now().Add(90 * time.Minute).UnixMilli(),
		"createAt": f.now().UnixMilli(), "senderId": sender, "isInAtList": true,
		"text": map[string]string{"content": "  " + text}, "msgtype": "text", "robotCode": "normal",
	}
}

// Call brings a message to the robot's address, signed.
func (f *DingTalk) Call(target string, message any) *http.Request {
	body, _ := json.Marshal(message)
	r, _ := http.NewRequest(http.MethodPost, target, strings.NewReader(string(body)))
	timestamp := fmt.Sprint(f.now().UnixMilli())
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("timestamp", timestamp)
	r.Header.Set("sign", dingSign(f.AppSecret, timestamp))
	return r
}
