package config

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
)

// Wechat is what the mini-program needs. Without an app id all of it is off.
type Wechat struct {
	AppID          string `env:"LINLI_WECHAT_APP_ID" help:"App id of the mini-program; with it WeChat is on." placeholder:"wx..."`
	Secret         string `env:"LINLI_WECHAT_SECRET" help:"Its secret; better in the environment, where no list of processes shows it." placeholder:"SECRET"`
	TemplateMatch  string `env:"LINLI_WECHAT_TEMPLATE_MATCH" help:"Subscribe template of 有着落了, as ID and keys: ID thing1=what thing2=say thing3=place time4=until." placeholder:"TEMPLATE"`
	TemplateDrop   string `env:"LINLI_WECHAT_TEMPLATE_DROP" help:"Of 请送到中转站." placeholder:"TEMPLATE"`
	TemplateReady  string `env:"LINLI_WECHAT_TEMPLATE_READY" help:"Of 可以来取了." placeholder:"TEMPLATE"`
	TemplateLapse  string `env:"LINLI_WECHAT_TEMPLATE_LAPSE" help:"Of 快到期了." placeholder:"TEMPLATE"`
	TemplateClosed string `env:"LINLI_WECHAT_TEMPLATE_CLOSED" help:"Of 结束了." placeholder:"TEMPLATE"`
	State          string `default:"formal" enum:"formal,trial,developer" env:"LINLI_WECHAT_STATE" help:"Which version of the mini-program a message opens."`
	CheckWords     bool   `env:"LINLI_WECHAT_CHECK_WORDS" help:"Let WeChat's content check look at notes, reasons and notices before they are posted."`
	CheckFile      string `env:"LINLI_WECHAT_CHECK_FILE" help:"The file by which WeChat checks that the domain is ours; served at its root." placeholder:"FILE"`
	OfficialID     string `env:"LINLI_WECHAT_OFFICIAL_ID" help:"App id of an official account, for JS-SDK signatures; not needed for the mini-program." placeholder:"wx..."`
	OfficialSecret string `env:"LINLI_WECHAT_OFFICIAL_SECRET" help:"Its secret." placeholder:"SECRET"`
	API            string `default:"https://api.weixin.qq.com" env:"LINLI_WECHAT_API" help:"Where WeChat's API answers." placeholder:"URL"`
}

// On reports whether WeChat is used at all.
func (w Wechat) On() bool { return w.AppID != "" }

// Templates are the texts of the templates by the name of their moment.
func (w Wechat) Templates() map[string]string {
	all := map[string]string{"match": w.TemplateMatch, "drop": w.TemplateDrop, "ready": w.TemplateReady, "lapse": w.TemplateLapse, "closed": w.TemplateClosed}
	for name, text := range all {
		if text == "" {
			delete(all, name)
		}
	}
	return all
}

var (
	appID     = regexp.MustCompile(`^wx[0-9a-f]{16}$`)
	checkFile = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}\.txt$`)
)

// maxCheckFile is far more than WeChat's file has.
const maxCheckFile = 4 << 10

// Check refuses what cannot work, naming the flag.
func (w Wechat) Check() error {
	if !w.On() && (w.Secret != "" || len(w.Templates()) > 0 || w.CheckWords) {
		return errors.New("--wechat-app-id: missing, and without it nothing of WeChat is on")
	}
	if w.On() && !appID.MatchString(w.AppID) {
		return fmt.Errorf("--wechat-app-id %q: want wx and 16 digits or letters a to f", w.AppID)
	}
	if w.On() && w.Secret == "" {
		return errors.New("--wechat-secret: missing")
	}
	if (w.OfficialID == "") != (w.OfficialSecret == "") {
		return errors.New("--wechat-official-id and --wechat-official-secret: want both or neither")
	}
	if w.OfficialID != "" && !w.On() {
		return errors.New("--wechat-official-id: wants --wechat-app-id too")
	}
	if base, err := url.Parse(w.API); w.API != "" && (err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https") {
		return fmt.Errorf("--wechat-api %q: want http:// or https:// and a host", w.API)
	}
	_, _, err := w.DomainCheck()
	return err
}

// DomainCheck gives the name and the content of the check file; "" without one.
func (w Wechat) DomainCheck() (name string, content []byte, err error) {
	if w.CheckFile == "" {
		return "", nil, nil
	}
	name = filepath.Base(w.CheckFile)
	if !checkFile.MatchString(name) {
		return "", nil, fmt.Errorf("--wechat-check-file %q: want the file as WeChat gives it, NAME.txt", name)
	}
	if content, err = os.ReadFile(w.CheckFile); err != nil {
		return "", nil, fmt.Errorf("--wechat-check-file: %w", err)
	}
	if len(content) == 0 || len(content) > maxCheckFile {
		return "", nil, fmt.Errorf("--wechat-check-file %q: want 1 to %d bytes", name, maxCheckFile)
	}
	return name, content, nil
}
