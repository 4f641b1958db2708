package wecom

import (
	"context"
	"encoding/xml"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"linli/server/chat/platform"
)

// CallbackOptions are what WeCom's admin page shows for a callback.
type CallbackOptions struct {
	Token          string
	EncodingAESKey string
	CorpID         string           // of the app; a smart robot has none
	Name           string           // of a smart robot, if it has blanks in it: its mention is no part of what is said
	Now            func() time.Time // for the signature of an answer
}

// App hears what members write to an app. It is a platform.Inbound.
type App struct {
	crypt *crypt
	now   func() time.Time
}

// NewApp checks the options.
func NewApp(o CallbackOptions) (*App, error) {
	if o.CorpID == "" || o.Now == nil {
		return nil, errors.New("wecom: the corp id or the clock is missing")
	}
	crypt, err := newCrypt(o.Token, o.EncodingAESKey, o.CorpID)
	if err != nil {
		return nil, err
	}
	return &App{crypt: crypt, now: o.Now}, nil
}

type (
	sealedXML struct {
		XMLName xml.Name `xml:"xml"`
		Sealed  string   `xml:"Encrypt"`
	}
	incomingXML struct {
		XMLName xml.Name `xml:"xml"`
		From    string   `xml:"FromUserName"`
		Created int64    `xml:"CreateTime"`
		Type    string   `xml:"MsgType"`
		Content string   `xml:"Content"`
		ID      string   `xml:"MsgId"`
	}
	cdata struct {
		Text string `xml:",cdata"`
	}
	replyXML struct {
		XMLName xml.Name `xml:"xml"`
		To      cdata    `xml:"ToUserName"`
		From    cdata    `xml:"FromUserName"`
		Created int64    `xml:"CreateTime"`
		Type    cdata    `xml:"MsgType"`
		Content cdata    `xml:"Content"`
	}
	sealedReplyXML struct {
		XMLName   xml.Name `xml:"xml"`
		Sealed    cdata    `xml:"Encrypt"`
		Signature cdata    `xml:"MsgSignature"`
		Timestamp string   `xml:"TimeStamp"`
		Nonce     cdata    `xml:"Nonce"`
	}
)

// Receive reads one call: the check of the address, or a message.
func (a *App) Receive(r *http.Request, now time.Time) (platform.Incoming, *platform.Answer, error) {
	nothing := platform.Incoming{}
	at, text, echo, err := a.crypt.hear(r, now, func(body []byte) (string, error) {
		var sealed sealedXML
		err := xml.Unmarshal(body, &sealed)
		return sealed.Sealed, err
	})
	if err != nil || echo != nil {
		return nothing, echo, err
	}
	var said incomingXML
	if err := xml.Unmarshal(text, &said); err != nil {
		return nothing, nil, platform.ErrUnreadable
	}
	if said.Type != "text" || said.ID == "" || said.From == "" || strings.TrimSpace(said.Content) == "" {
		return nothing, platform.Nothing(), nil
	}
	return platform.Incoming{ID: said.ID, Sender: said.From, Text: strings.TrimSpace(said.Content), At: at}, nil, nil
}

// Reply seals the answer for the body of the call.
func (a *App) Reply(_ context.Context, to platform.Incoming, card platform.Card) (*platform.Answer, error) {
	now := a.now()
	text, err := xml.Marshal(replyXML{
		To: cdata{to.Sender}, From: cdata{a.crypt.receiver}, Created: now.Unix(),
		Type: cdata{"text"}, Content: cdata{card.Text(maxText)},
	})
	if err != nil {
		return nil, err
	}
	sealed, signature, timestamp, nonce, err := a.crypt.reply(text, now)
	if err != nil {
		return nil, err
	}
	body, err := xml.Marshal(sealedReplyXML{
		Sealed: cdata{sealed}, Signature: cdata{signature}, Timestamp: timestamp, Nonce: cdata{nonce},
	})
	if err != nil {
		return nil, err
	}
	return &platform.Answer{ContentType: "application/xml; charset=utf-8", Body: body}, nil
}

// hear opens one call, whose body holds what is sealed in a form of its own; or
// gives the answer to WeCom's check of the address.
func (c *crypt) hear(r *http.Request, now time.Time, sealedIn func(body []byte) (string, error)) (time.Time, []byte, *platform.Answer, error) {
	if r.Method == http.MethodGet {
		echo, err := c.echo(r, now)
		return time.Time{}, nil, echo, err
	}
	body, err := platform.Body(r)
	if err != nil {
		return time.Time{}, nil, nil, err
	}
	sealed, err := sealedIn(body)
	if err != nil || sealed == "" {
		return time.Time{}, nil, nil, platform.ErrUnreadable
	}
	at, text, err := c.receive(r, sealed, now)
	return at, text, nil, err
}

// echo answers WeCom's check of the address: the echostr, opened, bare.
func (c *crypt) echo(r *http.Request, now time.Time) (*platform.Answer, error) {
	_, text, err := c.receive(r, r.URL.Query().Get("echostr"), now)
	if err != nil {
		return nil, err
	}
	return &platform.Answer{ContentType: "text/plain; charset=utf-8", Body: text}, nil
}

// receive checks a call's signature and age, then opens it.
func (c *crypt) receive(r *http.Request, sealed string, now time.Time) (time.Time, []byte, error) {
	query := r.URL.Query()
	timestamp := query.Get("timestamp")
	if !c.signed(query.Get("msg_signature"), timestamp, query.Get("nonce"), sealed) {
		return time.Time{}, nil, platform.ErrUnsigned
	}
	at, err := platform.Fresh(timestamp, time.Second, now, platform.Window)
	if err != nil {
		return time.Time{}, nil, err
	}
	text, err := c.open(sealed)
	return at, text, err
}

func (c *crypt) reply(text []byte, now time.Time) (sealed, signature, timestamp, nonce string, err error) {
	if sealed, err = c.seal(text); err != nil {
		return "", "", "", "", err
	}
	timestamp, nonce = strconv.FormatInt(now.Unix(), 10), newNonce()
	return sealed, c.sign(timestamp, nonce, sealed), timestamp, nonce, nil
}
