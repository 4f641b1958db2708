package server

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"linli/models"
	"linli/models/store"
	"linli/server/config"
	"linli/server/jobs"
	"linli/server/miniprogram"
	"linli/server/wechat"
)

// remindEvery is how often it is looked for moments to tell; with the call it
// makes the time from a match to the message on the phone.
const remindEvery = 3 * time.Second

// miniProgram joins what the mini-program needs; nil where it is not configured.
func miniProgram(c config.Serve, s *store.Store, log *slog.Logger) (*miniprogram.Service, error) {
	w := c.Wechat
	if !w.On() {
		return nil, nil
	}
	o := miniprogram.Options{Store: s, State: w.State, WordsChecked: w.CheckWords, BaseURL: c.Base(), Log: log,
		Client: WechatClient(w, s.Now), Templates: map[models.Moment]miniprogram.Template{}}
	for name, text := range w.Templates() {
		t, err := miniprogram.ParseTemplate(text)
		if err != nil {
			return nil, fmt.Errorf("--wechat-template-%s %w", name, err)
		}
		o.Templates[models.Moment(name)] = t
	}
	if w.OfficialID != "" {
		o.Official = wechat.New(wechat.Options{Base: w.API, App: wechat.App{ID: w.OfficialID, Secret: w.OfficialSecret}, Now: s.Now})
	}
	return miniprogram.New(o), nil
}

// WechatClient speaks for the mini-program.
func WechatClient(w config.Wechat, now func() time.Time) *wechat.Client {
	return wechat.New(wechat.Options{Base: w.API, App: wechat.App{ID: w.AppID, Secret: w.Secret}, Now: now})
}

// Remind tells once what is to be told by WeChat.
func (srv *Server) Remind(ctx context.Context) error {
	if srv.mini == nil {
		return nil
	}
	return srv.mini.Work(ctx)
}

// remindOnTime does so until ctx ends, whenever this is the instance that does;
// beside the sweep, which must not wait for WeChat.
func (srv *Server) remindOnTime(ctx context.Context) {
	if srv.mini == nil {
		return
	}
	jobs.Run(ctx, jobs.Options{Store: srv.store, Log: srv.log, Lease: "remind", Holder: NewID()},
		jobs.Job{Name: "remind", Every: remindEvery, Do: func(ctx context.Context, _ int64) error { return srv.Remind(ctx) }},
		jobs.Job{Name: "tidy reminders", Every: tidyEvery, Do: func(ctx context.Context, _ int64) error { return srv.mini.Tidy(ctx) }})
}
