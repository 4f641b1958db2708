// Package miniprogram holds the use cases of Linli inside WeChat: who taps
// there, what she allows to be sent, the five moments of which a subscribe
// message tells, and the check of free text.
//
// Codes and taps flow in from the API, committed events from the table of
// events after a cursor for each grid; subscribe messages flow out by way of
// server/wechat. It writes no row of the exchange, and never a phone, a door, an
// item or a pickup code into a message: a message says that there is something
// to see, and the app shows it to whose phone it is. It opens no session.
//
// # Use cases
//
// Login, Status, Allow, CheckWords, Sign; Work and Tidy on time.
package miniprogram

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/server/wechat"
)

// Options of a Service.
type Options struct {
	Store  *store.Store
	Client *wechat.Client
	// Official signs pages for the JS-SDK; nil without an official account.
	Official *wechat.Client
	// Templates of the moments that are told; a moment without one is only told
	// in the app.
	Templates map[models.Moment]Template
	// State is which mini-program a message opens: developer, trial or formal.
	State string
	// WordsChecked sends free text to WeChat's content check before it is posted.
	WordsChecked bool
	// BaseURL is under which our pages lie.
	BaseURL string
	Log     *slog.Logger
}

// Service serves every use case of the mini-program; safe for concurrent use.
type Service struct{ o Options }

// New gives a Service; nothing is called until it is asked for something.
func New(o Options) *Service { return &Service{o: o} }

// Login turns a code of wx.login into the openid of who tapped.
func (s *Service) Login(ctx context.Context, code string) (string, error) {
	openid, err := s.o.Client.Login(ctx, code)
	return openid, loginFault(err)
}

func loginFault(err error) error {
	switch wechat.CodeOf(err) {
	case 0:
		return nil
	case wechat.CodeLogin, wechat.CodeLoginUsed:
		return fault.New(fault.Refused, "wechat_code").Because(err)
	case wechat.CodeLoginRisky:
		return fault.New(fault.Refused, "wechat_blocked").Because(err)
	case wechat.CodeTooOften:
		return fault.New(fault.RateLimited, "wechat_too_often").Because(err)
	}
	return fault.New(fault.Unavailable, "wechat_down").Because(err)
}

// Status is what WeChat is for one person.
type Status struct {
	Bound   bool
	Moments []MomentStatus // those that can be told, in order
}

// MomentStatus is one moment: its template, and how many messages are allowed.
type MomentStatus struct {
	Moment   models.Moment
	Template string
	Left     int
}

// Status tells what is bound and allowed.
func (s *Service) Status(ctx context.Context, actor models.Actor) (Status, error) {
	var status Status
	err := s.o.Store.View(ctx, func(tx *store.Tx) (err error) {
		status, err = s.status(tx, actor.PersonID)
		return err
	})
	return status, err
}

func (s *Service) status(tx *store.Tx, person models.ID) (Status, error) {
	var bindings []models.WechatBinding
	var grants []models.WechatGrant
	who := []models.ID{person}
	if err := tx.Load(store.WechatBindingOf(who, &bindings), store.WechatGrantsOf(who, &grants)); err != nil {
		return Status{}, err
	}
	status := Status{Bound: len(bindings) == 1, Moments: []MomentStatus{}}
	for _, m := range models.Moments {
		t, told := s.o.Templates[m]
		if !told {
			continue
		}
		one := MomentStatus{Moment: m, Template: t.ID}
		for _, g := range grants {
			if g.Moment == m {
				one.Left = g.Budget
			}
		}
		status.Moments = append(status.Moments, one)
	}
	return status, nil
}

// Allow counts a tap on "allow" in the native page: one message of each of these
// moments. Who says more than she tapped gains nothing, because WeChat keeps
// count itself and its refusal empties ours.
func (s *Service) Allow(ctx context.Context, actor models.Actor, moments []models.Moment) (Status, error) {
	for i, m := range moments {
		if _, told := s.o.Templates[m]; !told || slices.Index(moments, m) != i {
			return Status{}, fault.InvalidField("moments", "not_a_choice")
		}
	}
	return store.Register(ctx, s.o.Store, actor, func(tx *store.Tx) (Status, error) {
		status, err := s.status(tx, actor.PersonID)
		if err != nil {
			return status, err
		}
		if !status.Bound {
			return status, fault.New(fault.Conflict, "wechat_unbound")
		}
		if err := tx.FollowWechat(actor.GridID); err != nil {
			return status, err
		}
		for _, m := range moments {
			if err := tx.AllowWechat(actor.PersonID, m); err != nil {
				return status, err
			}
		}
		return s.status(tx, actor.PersonID)
	})
}

// checkWait is how long a post waits for WeChat's opinion.
const checkWait = 2 * time.Second

// CheckWords refuses free text that WeChat calls risky. What it wants looked at
// is posted and logged by its trace, for the platform's routine inspection; and
// so is what cannot be checked: nobody waits for medicine because WeChat is down
// or because she came by a browser.
func (s *Service) CheckWords(ctx context.Context, actor models.Actor, texts ...string) error {
	parts := checked(texts)
	if !s.o.WordsChecked || len(parts) == 0 {
		return nil
	}
	var bindings []models.WechatBinding
	if err := s.o.Store.Read(ctx, store.WechatBindingOf([]models.ID{actor.PersonID}, &bindings)); err != nil || len(bindings) == 0 {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, checkWait)
	defer cancel()
	for _, part := range parts {
		verdict, err := s.o.Client.Check(ctx, bindings[0].OpenID, part)
		switch {
		case err != nil:
			s.o.Log.Warn("words not checked", "person", actor.PersonID, "error", err)
			return nil
		case verdict.Suggest == wechat.Risky:
			return fault.New(fault.Refused, "words_risky")
		case verdict.Suggest == wechat.Review:
			s.o.Log.Warn("words to be looked at", "person", actor.PersonID, "trace", verdict.Trace, "label", verdict.Label)
		}
	}
	return nil
}

// checked puts the texts of one post together into as few checks as take them whole.
func checked(texts []string) []string {
	var parts []string
	room := 0
	for _, text := range texts {
		text = strings.TrimSpace(text)
		size := utf8.RuneCountInString(text) + 1
		switch {
		case text == "":
		case size > room:
			parts = append(parts, text)
			room = wechat.MaxChecked - size
		default:
			parts[len(parts)-1] += "\n" + text
			room -= size
		}
	}
	return parts
}

// Sign signs one of our own pages for the JS-SDK of an official account.
func (s *Service) Sign(ctx context.Context, page string) (wechat.Signature, error) {
	if s.o.Official == nil {
		return wechat.Signature{}, fault.New(fault.NotFound, "wechat_off")
	}
	if page != s.o.BaseURL && !strings.HasPrefix(page, s.o.BaseURL+"/") {
		return wechat.Signature{}, fault.InvalidField("url", "wechat_page")
	}
	signature, err := s.o.Official.Sign(ctx, page)
	if err != nil {
		return signature, fault.New(fault.Unavailable, "wechat_down").Because(err)
	}
	return signature, nil
}
