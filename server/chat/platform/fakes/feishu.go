package fakes

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
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

// Feishu is a group with a custom robot that signs, and the app that hears:
// five cards a second, a hundred a minute, bodies up to 20 KB.
type Feishu struct {
	Group
	Hook, Secret                               string
	AppID, AppSecret, Verification, EncryptKey string

	// Tokens counts the tenant tokens that were asked for; the last one counts.
	Tokens int
}

// NewFeishu starts one.
func NewFeishu(t testing.TB, now func() time.Time) *Feishu {
	f := &Feishu{
		Group: Group{now: now}, Hook: "dfa56fac-b84b-4e8f-b4d2-9d7b0a3a2d11", Secret: "a5Q2sTWWrWnwYBBzpNbNhc",
		AppID: "cli_a1b2", AppSecret: "app-secret", Verification: "v-token", EncryptKey: "test key",
	}
	f.serve(t, f.route)
	return f
}

func (f *Feishu) route(w http.ResponseWriter, r *http.Request) {
	switch path := r.URL.Path; {
	case path == "/open-apis/bot/v2/hook/"+f.Hook:
		f.send(w, r)
	case strings.HasPrefix(path, "/open-apis/bot/v2/hook/"):
		feishuCode(w, http.StatusOK, 19001, "param invalid: incoming webhook access token invalid")
	case path == "/open-apis/auth/v3/tenant_access_token/internal":
		f.token(w, r)
	case strings.HasPrefix(path, "/open-apis/im/v1/messages/") && strings.HasSuffix(path, "/reply"):
		f.reply(w, r)
	default:
		feishuCode(w, http.StatusNotFound, 99991668, "not found")
	}
}

func feishuCode(w http.ResponseWriter, status, code int, words string) {
	answer(w, status, map[string]any{"code": code, "msg": words, "data": map[string]any{}})
}

func (f *Feishu) send(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var m struct {
		Timestamp, Sign string
		Type            string `json:"msg_type"`
		Content         json.RawMessage
	}
	bad := json.Unmarshal(body, &m) != nil
	mac := hmac.New(sha256.New, []byte(m.Timestamp+"\n"+f.Secret))
	seconds, _ := strconv.ParseInt(m.Timestamp, 10, 64)
	text, known := feishuText(m.Type, m.Content)
	switch {
	case len(body) > 20<<10 || bad || !known:
		feishuCode(w, http.StatusBadRequest, 9499, "Bad Request")
	case f.now().Sub(time.Unix(seconds, 0)).Abs() > time.Hour || m.Sign != base64.StdEncoding.EncodeToString(mac.Sum(nil)):
		feishuCode(w, http.StatusOK, 19021, "sign match fail or timestamp is not within one hour from current time")
	case f.tooOften(5, time.Second) || f.tooOften(100, time.Minute):
		feishuCode(w, http.StatusOK, 11232, "frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]")
	default:
		f.keep(m.Type, text, body)
		feishuCode(w, http.StatusOK, 0, "success")
	}
}

// feishuText are the words of a text or a post.
func feishuText(kind string, content []byte) (string, bool) {
	type run struct{ Tag, Text, Href string }
	type post struct {
		Title   string
		Content [][]run
	}
	var c struct {
		Text string
		Post struct {
			ZhCN post `json:"zh_cn"`
		}
		ZhCN post `json:"zh_cn"`
	}
	if json.Unmarshal(content, &c) != nil {
		return "", false
	}
	p := c.Post.ZhCN
	if c.ZhCN.Content != nil {
		p = c.ZhCN
	}
	switch kind {
	case "text":
		return c.Text, c.Text != ""
	case "post":
		lines := []string{p.Title}
		for _, line := range p.Content {
			words := ""
			for _, run := range line {
				words += run.Text
				if run.Tag == "a" {
					words += " " + run.Href
				} else if run.Tag != "text" {
					return "", false
				}
			}
			lines = append(lines, words)
		}
		return strings.Join(lines, "\n"), len(p.Content) > 0
	}
	return "", false
}

func (f *Feishu) token(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		ID     string `json:"app_id"`
		Secret string `json:"app_secret"`
	}
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || asked.ID != f.AppID || asked.Secret != f.AppSecret {
		answer(w, http.StatusOK, map[string]any{"code": 10014, "msg": "app secret invalid"})
		return
	}
	f.Tokens++
	answer(w, http.StatusOK, map[string]any{"code": 0, "msg": "ok", "tenant_access_token": fmt.Sprintf("t-%d", f.Tokens), "expire": 7200})
}

func (f *Feishu) reply(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var m struct {
		Type    string `json:"msg_type"`
		Content string
	}
	bad := json.Unmarshal(body, &m) != nil
	text, known := feishuText(m.Type, []byte(m.Content))
	switch {
	case r.Header.Get("Authorization") != fmt.Sprintf("Bearer t-%d", f.Tokens):
		feishuCode(w, http.StatusBadRequest, 99991663, "Invalid access token for authorization. Please make a request with token attached.")
	case bad || !known:
		feishuCode(w, http.StatusBadRequest, 230001, "Your request contains an invalid request parameter.")
	default:
		f.keep("reply to "+strings.Split(r.URL.Path, "/")[5], text, body)
		feishuCode(w, http.StatusOK, 0, "success")
	}
}

// Event brings a message of a person, as schema 2.0 has it; an empty group is
// a talk alone. The content is Feishu's: `{"text":"@_user_1 …"}`.
func (f *Feishu) Event(target, id, group, sender, kind, content string) *http.Request {
	chat := "group"
	if group == "" {
		chat, group = "p2p", "oc_alone"
	}
	return f.Call(target, map[string]any{
		"schema": "2.0",
		"header": map[string]any{"event_id": id, "event_type": "im.message.receive_v1", "create_time": fmt.Sprint(f.now().UnixMilli()),
			"token": f.Verification, "app_id": f.AppID, "tenant_key": "2ca1d211f64f6438"},
		"event": map[string]any{
			"sender": map[string]any{"sender_id": map[string]string{"open_id": sender}, "sender_type": "user", "tenant_key": "2ca1d211f64f6438"},
			"message": map[string]any{"message_id": "om_" + id, "create_time": fmt.Sprint(f.now().UnixMilli()), "chat_id": group, "chat_type": chat,
				"message_type": kind, "content": content, "mentions": []any{map[string]any{"key": "@_user_1", "name": "邻里", "id": map[string]string{"open_id": "ou_robot"}}}},
		},
	})
}

// Call brings anything, sealed and signed.
func (f *Feishu) Call(target string, plain any) *http.Request {
	text, _ := json.Marshal(plain)
	body := fmt.Sprintf(`{"encrypt":%q}`, f.seal(text))
	r, _ := http.NewRequest(http.MethodPost, target, strings.NewReader(body))
	timestamp := fmt.Sprint(f.now().Unix())
	r.Header.Set("X-Lark-Request-Timestamp", timestamp)
	r.Header.Set("X-Lark-Request-Nonce", "n0nce")
	r.Header.Set("X-Lark-Signature", fmt.Sprintf("%x", sha256.Sum256([]byte(timestamp+"n0nce"+f.EncryptKey+body))))
	return r
}

func (f *Feishu) seal(text []byte) string {
	pad := 16 - len(text)%16
	text = append(text, bytes.Repeat([]byte{byte(pad)}, pad)...)
	key := sha256.Sum256([]byte(f.EncryptKey))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err)
	}
	iv := []byte("fedcba9876543210")
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(text, text)
	return base64.StdEncoding.EncodeToString(append(iv, text...))
}
