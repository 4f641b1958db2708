package fakes

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"testing"
	"time"
)

// WeCom is a group with a webhook: 20 cards a minute, text up to 2,048 bytes,
// markdown up to 4,096.
type WeCom struct {
	Group
	Key string
}

// NewWeCom starts one.
func NewWeCom(t testing.TB, key string, now func() time.Time) *WeCom {
	f := &WeCom{Key: key, Group: Group{now: now}}
	f.serve(t, f.send)
	return f
}

func (f *WeCom) send(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var m struct {
		Type     string `json:"msgtype"`
		Text     struct{ Content string }
		Markdown struct{ Content string }
		Card     struct {
			Type  string `json:"card_type"`
			Title struct {
				Title string `json:"title"`
			} `json:"main_title"`
			Sub    string `json:"sub_title_text"`
			Action struct {
				Type int    `json:"type"`
				URL  string `json:"url"`
			} `json:"card_action"`
		} `json:"template_card"`
	}
	bad := json.Unmarshal(body, &m) != nil
	switch text := m.Text.Content; {
	case r.URL.Path != "/cgi-bin/webhook/send" || r.URL.Query().Get("key") != f.Key:
		errcode(w, 93000, "invalid webhook url, hint: [1592021214_50_551fc8807c11f27ed0e6714d0c267ba4]")
	case f.tooOften(20, time.Minute):
		errcode(w, 45009, "api freq out of limit, hint: [1592021214]")
	case bad:
		errcode(w, 47001, "data format error")
	case m.Type == "text" && text != "" && len(text) <= 2048:
		f.keep(m.Type, text, body)
		errcode(w, 0, "ok")
	case m.Type == "markdown" && m.Markdown.Content != "" && len(m.Markdown.Content) <= 4096:
		f.keep(m.Type, m.Markdown.Content, body)
		errcode(w, 0, "ok")
	case m.Type == "markdown" || m.Type == "text":
		errcode(w, 40058, m.Type+".content exceed max length. invalid Request Parameter")
	case m.Type == "template_card" && m.Card.Type == "text_notice" && m.Card.Title.Title != "" && m.Card.Action.Type == 1 && m.Card.Action.URL != "":
		f.keep(m.Type, m.Card.Title.Title+"\n"+m.Card.Sub, body)
		errcode(w, 0, "ok")
	default:
		errcode(w, 40008, "invalid message type")
	}
}

// WeComCallback is the platform's side of a callback.
type WeComCallback struct {
	Token, EncodingAESKey, Receiver string
}

// App brings a member's message to an app.
func (c WeComCallback) App(target string, now time.Time, id, sender, text string) *http.Request {
	plain := fmt.Sprintf("<xml><ToUserName><![CDATA[%s]]></ToUserName><FromUserName><![CDATA[%s]]></FromUserName><CreateTime>%d</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[%s]]></Content><MsgId>%s</MsgId><AgentID>218</AgentID></xml>",
		c.Receiver, sender, now.Unix(), text, id)
	return c.Raw(target, now, plain, "<xml><ToUserName><![CDATA["+c.Receiver+"]]></ToUserName><Encrypt><![CDATA[%s]]></Encrypt><AgentID><![CDATA[218]]></AgentID></xml>")
}

// Smart brings what was said to a smart robot; an empty group is a talk alone.
func (c WeComCallback) Smart(target string, now time.Time, id, group, sender, text string) *http.Request {
	kind := "group"
	if group == "" {
		kind = "single"
	}
	plain, _ := json.Marshal(map[string]any{
		"msgid": id, "aibotid": "AIBOTID", "chatid": group, "chattype": kind, "from": map[string]string{"userid": sender},
		"response_url": "https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=R", "msgtype": "text", "text": map[string]string{"content": text},
	})
	return c.Raw(target, now, string(plain), `{"encrypt":"%s"}`)
}

// Check asks for the echo with which WeCom makes sure of an address.
func (c WeComCallback) Check(target string, now time.Time, echo string) *http.Request {
	r, _ := http.NewRequest(http.MethodGet, target, nil)
	sealed := c.seal(echo)
	query := c.query(now, sealed)
	query.Set("echostr", sealed)
	r.URL.RawQuery = query.Encode()
	return r
}

// Raw brings any text, sealed and put into the envelope at its %s.
func (c WeComCallback) Raw(target string, now time.Time, plain, envelope string) *http.Request {
	sealed := c.seal(plain)
	r, _ := http.NewRequest(http.MethodPost, target+"?"+c.query(now, sealed).Encode(), strings.NewReader(fmt.Sprintf(envelope, sealed)))
	return r
}

// Open reads what the callback was answered with: base64 in an envelope of XML
// or JSON, signed.
func (c WeComCallback) Open(body []byte) (string, error) {
	var at struct {
		Sealed, Signature, Nonce string
		Timestamp                json.Number
	}
	if bytes.HasPrefix(body, []byte("<xml>")) {
		between := func(tag string) string {
			_, rest, _ := strings.Cut(string(body), "<"+tag+">")
			text, _, _ := strings.Cut(rest, "</"+tag+">")
			return strings.TrimSuffix(strings.TrimPrefix(text, "<![CDATA["), "]]>")
		}
		at.Sealed, at.Signature, at.Nonce = between("Encrypt"), between("MsgSignature"), between("Nonce")
		at.Timestamp = json.Number(between("TimeStamp"))
	} else {
		var j struct {
			Encrypt, Msgsignature, Nonce string
			Timestamp                    json.Number
		}
		if err := json.Unmarshal(body, &j); err != nil {
			return "", err
		}
		at.Sealed, at.Signature, at.Nonce, at.Timestamp = j.Encrypt, j.Msgsignature, j.Nonce, j.Timestamp
	}
	if c.sign(at.Timestamp.String(), at.Nonce, at.Sealed) != at.Signature {
		return "", fmt.Errorf("the signature of %s is wrong", body)
	}
	text, err := base64.StdEncoding.DecodeString(at.Sealed)
	if err != nil || len(text)%32 != 0 {
		return "", fmt.Errorf("not sealed: %d bytes, %v", len(text), err)
	}
	block, key := c.block()
	cipher.NewCBCDecrypter(block, key[:16]).CryptBlocks(text, text)
	text = text[16 : len(text)-int(text[len(text)-1])]
	size := binary.BigEndian.Uint32(text)
	if got := string(text[4+size:]); got != c.Receiver {
		return "", fmt.Errorf("for %q", got)
	}
	return string(text[4 : 4+size]), nil
}

func (c WeComCallback) block() (cipher.Block, []byte) {
	key, err := base64.StdEncoding.DecodeString(c.EncodingAESKey + "=")
	if err != nil {
		panic(err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	return block, key
}

func (c WeComCallback) seal(plain string) string {
	text := []byte("0123456789abcdef")
	text = binary.BigEndian.AppendUint32(text, uint32(len(plain)))
	text = append(text, plain+c.Receiver...)
	pad := 32 - len(text)%32
	text = append(text, bytes.Repeat([]byte{byte(pad)}, pad)...)
	block, key := c.block()
	cipher.NewCBCEncrypter(block, key[:16]).CryptBlocks(text, text)
	return base64.StdEncoding.EncodeToString(text)
}

func (c WeComCallback) sign(timestamp, nonce, sealed string) string {
	parts := []string{c.Token, timestamp, nonce, sealed}
	sort.Strings(parts)
	return fmt.Sprintf("%x", sha1.Sum([]byte(strings.Join(parts, ""))))
}

func (c WeComCallback) query(now time.Time, sealed string) url.Values {
	timestamp := fmt.Sprint(now.Unix())
	return url.Values{"timestamp": {timestamp}, "nonce": {"1372623149"}, "msg_signature": {c.sign(timestamp, "1372623149", sealed)}}
}
