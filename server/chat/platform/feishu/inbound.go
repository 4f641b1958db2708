package feishu

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"linli/server/chat/platform"
	"linli/server/chat/platform/post"
)

// window is how old a call may be. Feishu calls again after 15 seconds, five
// minutes, one hour and six hours, and does not say whether it signs anew.
const window = 7 * time.Hour

// InboundOptions are what the app's pages show.
type InboundOptions struct {
	AppID             string
	AppSecret         string
	VerificationToken string
	EncryptKey        string
	Base              string // empty: Base
	Now               func() time.Time
	Client            *http.Client
}

// Inbound hears the events of an app. It is a platform.Inbound.
type Inbound struct {
	o     InboundOptions
	token token
}

// NewInbound checks the options.
func NewInbound(o InboundOptions) (*Inbound, error) {
	switch {
	case o.AppID == "" || o.AppSecret == "":
		return nil, errors.New("feishu: the App ID or the App Secret is missing")
	case o.VerificationToken == "" || o.EncryptKey == "":
		return nil, errors.New("feishu: the Verification Token or the Encrypt Key is missing")
	case o.Now == nil:
		return nil, errors.New("feishu: the clock is missing")
	}
	if o.Base == "" {
		o.Base = Base
	}
	o.Base = strings.TrimSuffix(o.Base, "/")
	if o.Client == nil {
		o.Client = post.Client()
	}
	return &Inbound{o: o}, nil
}

type (
	sealed struct {
		Sealed string `json:"encrypt"`
	}
	event struct {
		// of the check of the address
		Type      string `json:"type"`
		Token     string `json:"token"`
		Challenge string `json:"challenge"`
		// of schema 2.0
		Header struct {
			ID    string `json:"event_id"`
			Type  string `json:"event_type"`
			Token string `json:"token"`
			AppID string `json:"app_id"`
		} `json:"header"`
		Event struct {
			Sender struct {
				ID struct {
					OpenID string `json:"open_id"`
				} `json:"sender_id"`
				Type string `json:"sender_type"`
			} `json:"sender"`
			Message struct {
				ID       string `json:"message_id"`
				ChatID   string `json:"chat_id"`
				ChatType string `json:"chat_type"`
				Type     string `json:"message_type"`
				Content  string `json:"content"` // JSON in a string
			} `json:"message"`
		} `json:"event"`
	}
)

// Receive reads one call: the check of the address, or an event.
func (in *Inbound) Receive(r *http.Request, now time.Time) (platform.Incoming, *platform.Answer, error) {
	nothing := platform.Incoming{}
	body, err := platform.Body(r)
	if err != nil {
		return nothing, nil, err
	}
	timestamp, signature := r.Header.Get("X-Lark-Request-Timestamp"), r.Header.Get("X-Lark-Signature")
	isSigned := signed(signature, timestamp, r.Header.Get("X-Lark-Request-Nonce"), in.o.EncryptKey, body)
	if !isSigned && signature != "" {
		return nothing, nil, platform.ErrUnsigned
	}
	var outer sealed
	if err := json.Unmarshal(body, &outer); err != nil || outer.Sealed == "" {
		return nothing, nil, platform.ErrUnreadable
	}
	text, err := open(in.o.EncryptKey, outer.Sealed)
	if err != nil {
		return nothing, nil, err
	}
	var e event
	if err := json.Unmarshal(text, &e); err != nil {
		return nothing, nil, platform.ErrUnreadable
	}
	// The check of the address comes unsigned; the token inside proves it.
	if e.Type == "url_verification" {
		answer, err := in.challenge(e)
		return nothing, answer, err
	}
	if !isSigned {
		return nothing, nil, platform.ErrUnsigned
	}
	at, err := platform.Fresh(timestamp, time.Second, now, window)
	if err != nil {
		return nothing, nil, err
	}
	if !same(e.Header.Token, in.o.VerificationToken) || !same(e.Header.AppID, in.o.AppID) {
		return nothing, nil, platform.ErrNotOurs
	}
	said, ok := e.incoming(at)
	if !ok {
		return nothing, platform.Nothing(), nil
	}
	return said, nil, nil
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func (in *Inbound) challenge(e event) (*platform.Answer, error) {
	if !same(e.Token, in.o.VerificationToken) {
		return nil, platform.ErrNotOurs
	}
	body, err := json.Marshal(map[string]string{"challenge": e.Challenge})
	if err != nil {
		return nil, err
	}
	return &platform.Answer{ContentType: "application/json; charset=utf-8", Body: body}, nil
}

// incoming is the message in an event, if there is one of a person. Robots are
// not heard, or two of them would talk for ever.
func (e *event) incoming(at time.Time) (platform.Incoming, bool) {
	m := e.Event.Message
	in := platform.Incoming{ID: e.Header.ID, Sender: e.Event.Sender.ID.OpenID, Text: words(m.Type, m.Content), At: at, ReplyTo: m.ID}
	if m.ChatType != "p2p" {
		in.Group = m.ChatID
	}
	return in, e.Header.Type == "im.message.receive_v1" && e.Event.Sender.Type == "user" &&
		in.ID != "" && in.Sender != "" && in.Text != "" && (in.Group != "" || m.ChatType == "p2p")
}

// mention stands in a text for a person or the robot.
var mention = regexp.MustCompile(`@_(user_\d+|all)`)

// words are those of a text or a post.
func words(kind, content string) string {
	var c struct {
		Text  string `json:"text"`
		Title string `json:"title"`
		Lines [][]struct {
			Tag  string `json:"tag"`
			Text string `json:"text"`
		} `json:"content"`
	}
	if kind != "text" && kind != "post" || json.Unmarshal([]byte(content), &c) != nil {
		return ""
	}
	lines := []string{c.Text + c.Title}
	for _, line := range c.Lines {
		var said strings.Builder
		for _, run := range line {
			if run.Tag == "text" || run.Tag == "a" {
				said.WriteString(run.Text)
			}
		}
		lines = append(lines, said.String())
	}
	return strings.TrimSpace(mention.ReplaceAllString(strings.Join(lines, "\n"), ""))
}

type reply struct {
	Type    string `json:"msg_type"`
	Content string `json:"content"` // JSON in a string
	Once    string `json:"uuid"`    // Feishu posts the same one only once an hour
}

// Reply posts an answer under the message.
func (in *Inbound) Reply(ctx context.Context, to platform.Incoming, card platform.Card) (*platform.Answer, error) {
	if to.ReplyTo == "" {
		return nil, &platform.Failure{Text: "there is no message to answer to", Permanent: true}
	}
	content, err := json.Marshal(article{rich(card)})
	if err != nil {
		return nil, err
	}
	once := sha256.Sum256(append([]byte(to.ID), content...))
	body := reply{Type: "post", Content: string(content), Once: hex.EncodeToString(once[:16])}
	address := in.o.Base + "/open-apis/im/v1/messages/" + url.PathEscape(to.ReplyTo) + "/reply"
	return nil, in.withToken(ctx, func(header http.Header) error {
		return post.JSON(ctx, in.o.Client, address, header, body, &answer{})
	})
}
