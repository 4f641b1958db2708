package api

import (
	"context"
	"net/http"

	"linli/models"
	"linli/models/store"
	"linli/server/outreach"
)

type robotSettings struct {
	Address   *string `json:"address,omitempty" maxLength:"2000" doc:"Of the group's robot, as its page shows it"`
	Secret    *string `json:"secret,omitempty" maxLength:"2000" doc:"That our calls are signed with: 加签, 签名校验, whsec_…"`
	Callback  *string `json:"callback,omitempty" maxLength:"2000" doc:"That the platform's calls are sealed or signed with: EncodingAESKey, AppSecret, Encrypt Key"`
	Token     *string `json:"token,omitempty" maxLength:"2000" doc:"Of the callback: Token, Verification Token"`
	App       *string `json:"app,omitempty" maxLength:"2000" doc:"App ID; of WeCom the CorpID, for an app"`
	AppSecret *string `json:"app_secret,omitempty" maxLength:"2000"`
	Style     *string `json:"style,omitempty" enum:"text,markdown,template_card" doc:"Of WeCom's messages; markdown where nothing is said"`
}

// named are those that are given, also the empty ones, which take a setting away.
func (s robotSettings) named() map[string]string {
	all := map[string]string{}
	for name, value := range map[string]*string{outreach.SettingAddress: s.Address, outreach.SettingSecret: s.Secret, outreach.SettingCallback: s.Callback,
		outreach.SettingToken: s.Token, outreach.SettingApp: s.App, outreach.SettingAppSecret: s.AppSecret, outreach.SettingStyle: s.Style} {
		if value != nil {
			all[name] = *value
		}
	}
	return all
}

type newRobot struct {
	Body struct {
		Name          string        `json:"name" minLength:"1" maxLength:"40"`
		Platform      string        `json:"platform" enum:"wecom,dingtalk,feishu,webhook,chat" doc:"chat: it writes to us and hears of nothing"`
		GridIDs       []string      `json:"grid_ids" minItems:"1" maxItems:"20" nullable:"false"`
		Settings      robotSettings `json:"settings,omitempty"`
		GatherMinutes int           `json:"gather_minutes,omitempty" minimum:"5" maximum:"1440" default:"30" doc:"What is not urgent is gathered so long"`
		DigestHour    *int          `json:"digest_hour,omitempty" minimum:"0" maximum:"24" doc:"In Shanghai; 24, or nothing said: no digest"`
	}
}

type editRobot struct {
	One
	Body struct {
		Name          string        `json:"name,omitempty" maxLength:"40"`
		GridIDs       []string      `json:"grid_ids,omitempty" minItems:"1" maxItems:"20" nullable:"false"`
		Settings      robotSettings `json:"settings,omitempty" doc:"Those that are given replace the old ones; an empty one is taken away"`
		GatherMinutes int           `json:"gather_minutes,omitempty" minimum:"5" maximum:"1440"`
		DigestHour    *int          `json:"digest_hour,omitempty" minimum:"0" maximum:"24"`
	}
}

type deliveryPage struct {
	One
	Paging
	State string `query:"state" enum:"queued,sent,dead,dropped" default:"dead"`
}

func (a *API) robotRoutes() {
	handle(a, route{method: http.MethodGet, path: "/robots", id: "robots", tag: "robots", summary: "Robots of my grids, and how they are"}, a.robots)
	handle(a, route{method: http.MethodPost, path: "/robots", id: "addRobot", tag: "robots", created: true,
		summary: "Connect a group: platform, address, secret"}, a.addRobot)
	handle(a, route{method: http.MethodGet, path: "/robots/{id}", id: "robot", tag: "robots", summary: "One of them"}, a.robot)
	handle(a, route{method: http.MethodPost, path: "/robots/{id}/edit", id: "editRobot", tag: "robots",
		summary: "Other grids, habits or settings"}, a.editRobot)
	handle(a, route{method: http.MethodPost, path: "/robots/{id}/pause", id: "pauseRobot", tag: "robots", summary: "Silence it"}, a.robotStep((*outreach.Service).Pause))
	handle(a, route{method: http.MethodPost, path: "/robots/{id}/resume", id: "resumeRobot", tag: "robots", summary: "Let it speak again"}, a.robotStep((*outreach.Service).Resume))
	handle(a, route{method: http.MethodPost, path: "/robots/{id}/test", id: "testRobot", tag: "robots", summary: "Send the group a test card"}, a.robotStep((*outreach.Service).Test))
	handle(a, route{method: http.MethodPost, path: "/robots/{id}/token", id: "robotToken", tag: "robots", created: true, noKey: true,
		summary: "A token for POST /chat/messages, told once; the one before ends"}, a.robotToken)
	handleSilent(a, route{method: http.MethodDelete, path: "/robots/{id}", id: "removeRobot", tag: "robots", noKey: true,
		summary: "Disconnect the group for good"}, a.removeRobot)
	handle(a, route{method: http.MethodGet, path: "/robots/{id}/deliveries", id: "deliveries", tag: "robots",
		summary: "What was not taken, or waits"}, a.deliveries)
	handle(a, route{method: http.MethodPost, path: "/deliveries/{id}/retry", id: "retryDelivery", tag: "robots",
		summary: "Try a dead one for another five days"}, a.retryDelivery)
}

func (a *API) robots(ctx context.Context, me models.Actor, _ *struct{}) (list[Robot], error) {
	all, err := a.o.Outreach.Robots(ctx, me)
	return list[Robot]{Items: mapped(all, a.robotCard)}, err
}

func (a *API) addRobot(ctx context.Context, me models.Actor, in *newRobot) (Robot, error) {
	b := in.Body
	v, err := a.o.Outreach.Add(ctx, me, outreach.RobotInput{Name: b.Name, Platform: b.Platform, GridIDs: b.GridIDs, Settings: b.Settings.named(),
		GatherMinutes: b.GatherMinutes, DigestHour: b.DigestHour})
	return a.robotCard(v), err
}

func (a *API) robot(ctx context.Context, me models.Actor, in *One) (Robot, error) {
	v, err := a.o.Outreach.Robot(ctx, me, in.ID)
	return a.robotCard(v), err
}

func (a *API) editRobot(ctx context.Context, me models.Actor, in *editRobot) (Robot, error) {
	b := in.Body
	v, err := a.o.Outreach.Edit(ctx, me, in.ID, outreach.RobotInput{Name: b.Name, GridIDs: b.GridIDs, Settings: b.Settings.named(),
		GatherMinutes: b.GatherMinutes, DigestHour: b.DigestHour})
	return a.robotCard(v), err
}

// robotStep is a route that takes a robot one step on. The service is not there yet
// when routes are published.
func (a *API) robotStep(step func(*outreach.Service, context.Context, models.Actor, models.ID) (outreach.RobotView, error)) func(context.Context, models.Actor, *One) (Robot, error) {
	return func(ctx context.Context, me models.Actor, in *One) (Robot, error) {
		v, err := step(a.o.Outreach, ctx, me, in.ID)
		return a.robotCard(v), err
	}
}

func (a *API) robotToken(ctx context.Context, me models.Actor, in *One) (Token, error) {
	token, err := a.o.Outreach.Token(ctx, me, in.ID)
	return Token{Token: token}, err
}

func (a *API) removeRobot(ctx context.Context, me models.Actor, in *One) error {
	return a.o.Outreach.Remove(ctx, me, in.ID)
}

func (a *API) deliveries(ctx context.Context, me models.Actor, in *deliveryPage) (list[Delivery], error) {
	before, err := store.ParseCursor(in.Cursor)
	if err != nil {
		return list[Delivery]{}, err
	}
	all, err := a.o.Outreach.Deliveries(ctx, me, in.ID, models.DeliveryState(in.State), before, in.Limit)
	page := list[Delivery]{Items: mapped(all, a.delivery)}
	if len(all) == in.Limit && in.Limit > 0 {
		last := all[len(all)-1]
		page.Next = store.Cursor{At: last.CreatedAt, ID: last.ID}.String()
	}
	return page, err
}

func (a *API) retryDelivery(ctx context.Context, me models.Actor, in *One) (Delivery, error) {
	d, err := a.o.Outreach.Retry(ctx, me, in.ID)
	return a.delivery(d), err
}
