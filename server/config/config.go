// Package config is the one struct of settings: defaults, environment, checks.
//
// Flags and LINLI_* variables flow in by way of the command line; a checked
// Config flows out. It opens nothing but WeChat's check file, and knows
// no other room.
package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// Data says where the data lies; every command that touches it takes these.
type Data struct {
	Database string `default:"data/linli.db" env:"LINLI_DATABASE" help:"SQLite file, or postgres://user@host/name." placeholder:"FILE|URL"`
	KeyFile  string `env:"LINLI_KEY_FILE" help:"Key of the sealed fields; made on the first start. Default: linli.key beside the SQLite file, data/linli.key with PostgreSQL." placeholder:"FILE"`
}

// SQLite reports whether the database is a file of our own.
func (d Data) SQLite() bool {
	return !strings.HasPrefix(d.Database, "postgres://") && !strings.HasPrefix(d.Database, "postgresql://")
}

// Key is the path of the key file.
func (d Data) Key() string {
	switch {
	case d.KeyFile != "":
		return d.KeyFile
	case d.SQLite():
		return filepath.Join(filepath.Dir(d.Database), "linli.key")
	}
	return filepath.Join("data", "linli.key")
}

// Robots say where the platforms of group robots are, and which of our own networks
// a webhook may lead to.
type Robots struct {
	WeComBase     string   `env:"LINLI_WECOM_BASE" help:"Address of WeCom's API; another for a private cloud." placeholder:"URL"`
	DingTalkBase  string   `env:"LINLI_DINGTALK_BASE" help:"Address of DingTalk's API." placeholder:"URL"`
	FeishuBase    string   `env:"LINLI_FEISHU_BASE" help:"Address of Feishu's API; Lark has another." placeholder:"URL"`
	RobotNetworks []string `env:"LINLI_ROBOT_NETWORKS" help:"Own networks that webhooks may lead to, also by http. Default: none." placeholder:"CIDR,..."`
}

// Networks are those that webhooks may lead to.
func (r Robots) Networks() ([]netip.Prefix, error) {
	return prefixes("--robot-networks", r.RobotNetworks)
}

// Serve is everything that `linli serve` can be told.
type Serve struct {
	Data
	Robots
	Addr           string   `default:"localhost:8080" env:"LINLI_ADDR" help:"Address to listen on; a demo takes loopback only." placeholder:"HOST:PORT"`
	BaseURL        string   `env:"LINLI_BASE_URL" help:"What door codes and invitations link to. Default: http:// and the address, which only works on this machine." placeholder:"URL"`
	Catalogue      string   `env:"LINLI_CATALOGUE" help:"Overlay of the catalogue; signed by a pharmacist it counts as reviewed." placeholder:"FILE"`
	CatalogueKey   string   `env:"LINLI_CATALOGUE_KEY" help:"Public key (base64, ed25519) that is trusted to sign the overlay." placeholder:"KEY"`
	Policy         string   `env:"LINLI_POLICY" help:"Figures of the plans, a changed copy of matching/policy.tsv with a version of its own." placeholder:"FILE"`
	TrustedProxies []string `env:"LINLI_TRUSTED_PROXIES" help:"Networks whose X-Forwarded-For is believed. Default: none." placeholder:"CIDR,..."`
	Origins        []string `env:"LINLI_ORIGINS" help:"Foreign pages that may open the stream, besides our own." placeholder:"URL,..."`
	NATS           []string `name:"nats" env:"LINLI_NATS" help:"Outside NATS cluster that joins several instances. Default: one in the process, without a port." placeholder:"nats://HOST:PORT,..."`
	Metrics        string   `env:"LINLI_METRICS" help:"Address that tells /metrics to a collector elsewhere. Without it: on --addr, to this machine only." placeholder:"HOST:PORT"`
	PersonRate     int      `default:"20" env:"LINLI_PERSON_RATE" help:"Calls a second of one person, three times that at once; 0: no limit."`
	AddressRate    int      `default:"20" env:"LINLI_ADDRESS_RATE" help:"Calls a second without a session from one address, ten times that at once; 0: no limit."`
	Notices        int      `default:"20" env:"LINLI_NOTICES" help:"Notices of one person in a day; 0: no limit."`
	Lanes          int      `default:"2" env:"LINLI_LANES" help:"Shared transactions under way at once on PostgreSQL."`
	LogJSON        bool     `env:"LINLI_LOG_JSON" help:"Log as JSON lines instead of text."`
	Demo           bool     `env:"LINLI_DEMO" help:"Load Chongzhou and four example people; every page says 示例."`
	Wechat         Wechat   `embed:"" prefix:"wechat-"`
	// Ahead lets an example show what time does: what nobody collects goes back
	// tomorrow, and nobody waits for it.
	Ahead time.Duration `env:"LINLI_AHEAD" help:"With --demo: the clock runs so far ahead, 26h or less than 30 days."`
}

// Check refuses what cannot work, naming the flag.
func (s Serve) Check() error {
	host, _, err := net.SplitHostPort(s.Addr)
	if err != nil {
		return fmt.Errorf("--addr %q: want HOST:PORT", s.Addr)
	}
	if s.Demo && !loopback(host) {
		return fmt.Errorf("--addr %q: a demo listens on loopback only, because anybody may sign in as anybody", s.Addr)
	}
	if _, err := s.Proxies(); err != nil {
		return err
	}
	if err := s.checkNATS(); err != nil {
		return err
	}
	if _, err := s.Networks(); err != nil {
		return err
	}
	for name, text := range map[string]string{"--we-com-base": s.WeComBase, "--ding-talk-base": s.DingTalkBase, "--feishu-base": s.FeishuBase} {
		if at, err := url.Parse(text); text != "" && (err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https") {
			return fmt.Errorf("%s %q: want http:// or https:// and a host", name, text)
		}
	}
	if base, err := url.Parse(s.Base()); err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return fmt.Errorf("--base-url %q: want http:// or https:// and a host", s.BaseURL)
	}
	if _, _, err := net.SplitHostPort(s.Metrics); s.Metrics != "" && err != nil {
		return fmt.Errorf("--metrics %q: want HOST:PORT", s.Metrics)
	}
	for name, rate := range map[string]int{"--person-rate": s.PersonRate, "--address-rate": s.AddressRate} {
		if rate < 0 || rate > 1_000_000 {
			return fmt.Errorf("%s %d: want 0 to 1000000", name, rate)
		}
	}
	if s.Notices < 0 || s.Notices > 1_000_000 {
		return fmt.Errorf("--notices %d: want 0 to 1000000", s.Notices)
	}
	if s.Ahead != 0 && (!s.Demo || s.Ahead < 0 || s.Ahead > maxAhead) {
		return fmt.Errorf("--ahead %s: want --demo and 0 to %s", s.Ahead, maxAhead)
	}
	if err := s.Wechat.Check(); err != nil {
		return err
	}
	if s.Lanes < 1 || s.Lanes > 64 {
		return errors.New("--lanes: want 1 to 64")
	}
	return nil
}

// maxNATS is more nodes than a client needs to know of.
const maxNATS = 32

// checkNATS never repeats a whole address, which may hold a password.
func (s Serve) checkNATS() error {
	if len(s.NATS) > maxNATS {
		return fmt.Errorf("--nats: %d addresses, want at most %d", len(s.NATS), maxNATS)
	}
	for i, text := range s.NATS {
		u, err := url.Parse(text)
		switch {
		case err != nil:
			return fmt.Errorf("--nats: address %d is not nats://HOST:PORT", i+1)
		case u.Scheme != "nats" && u.Scheme != "tls", u.Hostname() == "", u.Path != "" && u.Path != "/", u.RawQuery != "", u.Fragment != "":
			return fmt.Errorf("--nats %s: want nats://HOST:PORT or tls://HOST:PORT, with user:password@ or token@ if need be", u.Redacted())
		}
	}
	return nil
}

// maxAhead is longer than anything in an example waits.
const maxAhead = 30 * 24 * time.Hour

func loopback(host string) bool {
	return host == "localhost" || net.ParseIP(host) != nil && net.ParseIP(host).IsLoopback()
}

// Base is the address under which people reach the app.
func (s Serve) Base() string {
	if s.BaseURL != "" {
		return strings.TrimSuffix(s.BaseURL, "/")
	}
	host, port, err := net.SplitHostPort(s.Addr)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		host = "localhost" // every address of this machine; this one always leads to it
	}
	return "http://" + net.JoinHostPort(host, port)
}

// Proxies are the networks that are believed.
func (s Serve) Proxies() ([]netip.Prefix, error) {
	return prefixes("--trusted-proxies", s.TrustedProxies)
}

func prefixes(flag string, texts []string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, text := range texts {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("%s %q: want networks like 10.0.0.0/8", flag, text)
		}
		all = append(all, prefix)
	}
	return all, nil
}
