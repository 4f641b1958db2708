package dingtalk

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"linli/server/chat/platform"
	"linli/server/chat/platform/post"
)

// InboundOptions of a robot in HTTP mode.
type InboundOptions struct {
	AppSecret string
	RobotCode string   // empty: any robot of the app
	Sessions  []string // addresses on whose hosts answers may go; empty: Base
	Client    *http.Client
}

// Inbound hears a robot in HTTP mode. It is a platform.Inbound.
type Inbound struct {
	secret, robotCode string
	sessions          []string
	client            *http.Client
}

// NewInbound checks the options.
func NewInbound(o InboundOptions) (*Inbound, error) {
	if o.AppSecret == "" {
		return nil, errors.New("dingtalk: the app secret is missing")
	}
	in := &Inbound{secret: o.AppSecret, robotCode: o.RobotCode, client: o.Client}
	if len(o.Sessions) == 0 {
		o.Sessions = []string{Base}
	}
	for _, session := range o.Sessions {
		at, err := url.Parse(session)
		if err != nil || at.Host == "" {
			return nil, errors.New("dingtalk: an address for answers is none")
		}
		in.sessions = append(in.sessions, origin(at))
	}
	if in.client == nil {
		in.client = post.Client()
	}
	return in, nil
}

type incoming struct {
	ID           string `json:"msgId"`
	Type         string `json:"msgtype"`
	Conversation string `json:"conversationId"`
	ChatType     string `json:"conversationType"`
	SenderID     string `json:"senderId"`
	StaffID      string `json:"senderStaffId"` // only of the robot's own company
	RobotCode    string `json:"robotCode"`
	Created      int64  `json:"createAt"`
	Session      string `json:"sessionWebhook"`
	SessionEnds  int64  `json:"sessionWebhookExpiredTime"`
	Text         struct {
		Content string `json:"content"`
	} `json:"text"`
	Content struct {
		Heard string `json:"recognition"` // of msgtype audio
		Rich  []struct {
			Text string `json:"text"`
		} `json:"richText"`
	} `json:"content"`
}

const inGroup = "2" // a conversationType

func (m *incoming) said() string {
	switch m.Type {
	case "text":
		return m.Text.Content
	case "audio":
		return m.Content.Heard
	case "richText":
		var said []string
		for _, run := range m.Content.Rich {
			said = append(said, run.Text)
		}
		return strings.Join(said, "")
	}
	return ""
}

// Receive reads one call.
func (in *Inbound) Receive(r *http.Request, now time.Time) (platform.Incoming, *platform.Answer, error) {
	nothing := platform.Incoming{}
	timestamp := r.Header.Get("timestamp")
	if subtle.ConstantTimeCompare([]byte(r.Header.Get("sign")), []byte(sign(in.secret, timestamp))) != 1 {
		return nothing, nil, platform.ErrUnsigned
	}
	at, err := platform.Fresh(timestamp, time.Millisecond, now, platform.Window)
	if err != nil {
		return nothing, nil, err
	}
	body, err := platform.Body(r)
	if err != nil {
		return nothing, nil, err
	}
	var m incoming
	if err := json.Unmarshal(body, &m); err != nil {
		return nothing, nil, platform.ErrUnreadable
	}
	if in.robotCode != "" && subtle.ConstantTimeCompare([]byte(m.RobotCode), []byte(in.robotCode)) != 1 {
		return nothing, nil, platform.ErrNotOurs
	}
	// The body is not signed: one that leads elsewhere is a forgery whole.
	if m.Session != "" && !in.allowed(m.Session) {
		return nothing, nil, platform.ErrNotOurs
	}
	if m.SessionEnds < now.UnixMilli() {
		m.Session = ""
	}
	said := platform.Incoming{ID: m.ID, Sender: m.StaffID, Text: strings.TrimSpace(m.said()), At: at, ReplyTo: m.Session}
	if said.Sender == "" {
		said.Sender = m.SenderID
	}
	if m.ChatType == inGroup {
		said.Group = m.Conversation
	}
	if said.ID == "" || said.Sender == "" || said.Text == "" || m.ChatType == inGroup && said.Group == "" {
		return nothing, platform.Nothing(), nil
	}
	return said, nil, nil
}

// allowed says whether an answer may go there.
func (in *Inbound) allowed(session string) bool {
	at, err := url.Parse(session)
	return err == nil && at.User == nil && len(session) <= 2048 && slices.Contains(in.sessions, origin(at))
}

// origin is the scheme and the host of an address, whose port may be the usual one.
func origin(at *url.URL) string {
	port := at.Port()
	if at.Scheme == "https" && port == "443" || at.Scheme == "http" && port == "80" {
		port = ""
	}
	host := strings.ToLower(at.Hostname())
	if port != "" {
		return at.Scheme + "://" + net.JoinHostPort(host, port)
	}
	return at.Scheme + "://" + host
}

// Reply posts to the session of the message.
func (in *Inbound) Reply(ctx context.Context, to platform.Incoming, card platform.Card) (*platform.Answer, error) {
	if to.ReplyTo == "" || !in.allowed(to.ReplyTo) {
		return nil, &platform.Failure{Text: "there is no session to answer to", Permanent: true}
	}
	return nil, post.JSON(ctx, in.client, to.ReplyTo, nil, message(card), &answer{})
}
