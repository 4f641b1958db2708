package feishu

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"linli/server/chat/platform"
	"linli/server/chat/platform/post"
)

// early is how long before its end a token is not used any more.
const early = 5 * time.Minute

// token is the app's tenant_access_token, fetched by one caller at a time.
type token struct {
	mu    sync.Mutex
	value string
	ends  time.Time
}

type tokenAnswer struct {
	answer
	Token  string `json:"tenant_access_token"`
	Expire int64  `json:"expire"` // seconds
}

func (a *tokenAnswer) Failure() *platform.Failure {
	if failed := a.answer.Failure(); failed != nil {
		return failed
	}
	if a.Token == "" || a.Expire <= 0 {
		return &platform.Failure{Text: "no token in the answer"}
	}
	return nil
}

// get gives a token that is good and is not the spent one.
func (in *Inbound) get(ctx context.Context, spent string) (string, error) {
	t := &in.token
	t.mu.Lock()
	defer t.mu.Unlock()
	now := in.o.Now()
	if t.value != "" && t.value != spent && now.Before(t.ends) {
		return t.value, nil
	}
	var fetched tokenAnswer
	err := post.JSON(ctx, in.o.Client, in.o.Base+"/open-apis/auth/v3/tenant_access_token/internal", nil,
		map[string]string{"app_id": in.o.AppID, "app_secret": in.o.AppSecret}, &fetched)
	if err != nil {
		return "", err
	}
	life := time.Duration(min(fetched.Expire, 7200)) * time.Second
	t.value, t.ends = fetched.Token, now.Add(max(life-early, life/2))
	return t.value, nil
}

// withToken calls with a token, and once more with a new one where Feishu says
// that it has ended.
func (in *Inbound) withToken(ctx context.Context, call func(http.Header) error) error {
	spent := ""
	for range 2 {
		value, err := in.get(ctx, spent)
		if err != nil {
			return err
		}
		err = call(http.Header{"Authorization": {"Bearer " + value}})
		var failed *platform.Failure
		if !errors.As(err, &failed) || failed.Code != 99991663 && failed.Code != 99991661 && failed.Code != 99991668 {
			return err
		}
		spent = value
	}
	return &platform.Failure{Code: 99991663, Text: "the app's token is refused", Gone: true}
}
