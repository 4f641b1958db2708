package wecom

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"linli/server/chat/platform"
)

// maxStream is the limit of an answer in bytes.
// https://developer.work.weixin.qq.com/document/path/101031
const maxStream = 20480

// Smart hears what is said to a smart robot, in groups and alone. It is a
// platform.Inbound.
type Smart struct {
	crypt *crypt
	name  string
	now   func() time.Time
}

// NewSmart checks the options.
func NewSmart(o CallbackOptions) (*Smart, error) {
	if o.Now == nil {
		return nil, errors.New("wecom: the clock is missing")
	}
	crypt, err := newCrypt(o.Token, o.EncodingAESKey, "")
	if err != nil {
		return nil, err
	}
	return &Smart{crypt: crypt, name: o.Name, now: o.Now}, nil
}

type (
	sealedJSON struct {
		Sealed string `json:"encrypt"`
	}
	incomingJSON struct {
		ID       string `json:"msgid"`
		Group    string `json:"chatid"`
		ChatType string `json:"chattype"`
		From     struct {
			ID string `json:"userid"`
		} `json:"from"`
		Type  string  `json:"msgtype"`
		Text  content `json:"text"`
		Voice content `json:"voice"` // what WeCom heard, as text
		Mixed struct {
			Items []struct {
				Type string  `json:"msgtype"`
				Text content `json:"text"`
			} `json:"msg_item"`
		} `json:"mixed"`
	}
	sealedReplyJSON struct {
		Sealed    string `json:"encrypt"`
		Signature string `json:"msgsignature"`
		Timestamp int64  `json:"timestamp"`
		Nonce     string `json:"nonce"`
	}
	streamJSON struct {
		Type   string `json:"msgtype"`
		Stream stream `json:"stream"`
	}
	stream struct {
		ID      string `json:"id"`
		Finish  bool   `json:"finish"`
		Content string `json:"content"`
	}
)

func (m *incomingJSON) said() string {
	switch m.Type {
	case "text":
		return m.Text.Content
	case "voice":
		return m.Voice.Content
	case "mixed":
		var said []string
		for _, item := range m.Mixed.Items {
			if item.Type == "text" {
				said = append(said, item.Text.Content)
			}
		}
		return strings.Join(said, "\n")
	}
	return ""
}

// Receive reads one call: the check of the address, or a message.
func (s *Smart) Receive(r *http.Request, now time.Time) (platform.Incoming, *platform.Answer, error) {
	nothing := platform.Incoming{}
	at, text, echo, err := s.crypt.hear(r, now, func(body []byte) (string, error) {
		var sealed sealedJSON
		err := json.Unmarshal(body, &sealed)
		return sealed.Sealed, err
	})
	if err != nil || echo != nil {
		return nothing, echo, err
	}
	var m incomingJSON
	if err := json.Unmarshal(text, &m); err != nil {
		return nothing, nil, platform.ErrUnreadable
	}
	in := platform.Incoming{ID: m.ID, Sender: m.From.ID, Text: strings.TrimSpace(m.said()), At: at}
	if m.ChatType == "group" {
		in.Group = m.Group
		in.Text = platform.Unmention(in.Text, s.name)
	}
	if in.ID == "" || in.Sender == "" || in.Text == "" || m.ChatType == "group" && in.Group == "" {
		return nothing, platform.Nothing(), nil
	}
	return in, nil, nil
}

// Reply seals the answer for the body of the call: a stream that is finished at
// once, the only kind of plain words that WeCom takes there.
func (s *Smart) Reply(_ context.Context, to platform.Incoming, card platform.Card) (*platform.Answer, error) {
	id := sha256.Sum256([]byte(to.ID))
	text, err := json.Marshal(streamJSON{Type: "stream", Stream: stream{
		ID: hex.EncodeToString(id[:16]), Finish: true, Content: card.Markdown(maxStream, "\n"),
	}})
	if err != nil {
		return nil, err
	}
	now := s.now()
	sealed, signature, timestamp, nonce, err := s.crypt.reply(text, now)
	if err != nil {
		return nil, err
	}
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(sealedReplyJSON{Sealed: sealed, Signature: signature, Timestamp: seconds, Nonce: nonce})
	if err != nil {
		return nil, err
	}
	return &platform.Answer{ContentType: "application/json; charset=utf-8", Body: body}, nil
}
