package config

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func good() Serve {
	return Serve{Data: Data{Database: "data/linli.db"}, Addr: "localhost:8080", PersonRate: 20, AddressRate: 20, Lanes: 2}
}

func TestCheck_NamesTheFlagThatCannotWork(t *testing.T) {
	t.Parallel()
	if err := good().Check(); err != nil {
		t.Fatal(err)
	}
	for flag, spoil := range map[string]func(*Serve){
		"--addr":               func(s *Serve) { s.Addr = "8080" },
		"--metrics":            func(s *Serve) { s.Metrics = "9100" },
		"--base-url":           func(s *Serve) { s.BaseURL = "linli.example" },
		"--trusted-proxies":    func(s *Serve) { s.TrustedProxies = []string{"10.0.0.0/8", "10.0.0.1"} },
		"--person-rate":        func(s *Serve) { s.PersonRate = -1 },
		"--address-rate":       func(s *Serve) { s.AddressRate = 1_000_001 },
		"--nats http":          func(s *Serve) { s.NATS = []string{"nats://a:4222", "http://b:4222"} },
		"--nats nats://:":      func(s *Serve) { s.NATS = []string{"nats://:4222"} },
		"--nats nats://u:x":    func(s *Serve) { s.NATS = []string{"nats://u:xxxxx@a/topic"} },
		"--nats: address 1":    func(s *Serve) { s.NATS = []string{"nats://a:port"} },
		"--nats: 33":           func(s *Serve) { s.NATS = make([]string, 33) },
		"--lanes":              func(s *Serve) { s.Lanes = 0 },
		"--ahead":              func(s *Serve) { s.Ahead = time.Hour }, // without --demo: a real place lives now
		"--ahead 721":          func(s *Serve) { s.Demo, s.Ahead = true, maxAhead+time.Hour },
		"--ahead -":            func(s *Serve) { s.Demo, s.Ahead = true, -time.Hour },
		"--wechat-app-id":      func(s *Serve) { s.Wechat.Secret = "x" },
		"--wechat-app-id \"w":  func(s *Serve) { s.Wechat = Wechat{AppID: "wx1", Secret: "x"} },
		"--wechat-secret":      func(s *Serve) { s.Wechat.AppID = "wx0123456789abcdef" },
		"--wechat-official-id": func(s *Serve) { s.Wechat = Wechat{AppID: "wx0123456789abcdef", Secret: "x", OfficialID: "y"} },
		"--wechat-api":         func(s *Serve) { s.Wechat.API = "api.weixin.qq.com" },
		"--wechat-check-file":  func(s *Serve) { s.Wechat.CheckFile = "missing.txt" },
	} {
		s := good()
		spoil(&s)
		if err := s.Check(); err == nil || !strings.Contains(err.Error(), flag) {
			t.Errorf("%s: %v", flag, err)
		}
	}
}

func TestCheck_NATSTakesClustersAndTellsNoPassword(t *testing.T) {
	t.Parallel()
	s := good()
	s.NATS = []string{"nats://a:4222", "nats://linli:secret@[::1]:4222", "tls://token@b.example:4222/", "nats://c"}
	if err := s.Check(); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"nats://linli:secret@a/x", "nats://linli:secret@a:port", "nats://linli:sec%ret@a"} {
		s.NATS = []string{bad}
		if err := s.Check(); err == nil || strings.Contains(err.Error(), "sec") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestCheck_DemoListensOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]bool{"localhost:8080": true, "127.0.0.1:80": true, "127.8.8.8:80": true, "[::1]:80": true,
		"0.0.0.0:8080": false, ":8080": false, "[::]:8080": false, "192.168.1.7:8080": false, "linli.example:8080": false,
		"localhost.example:80": false, "[::ffff:127.0.0.1]:80": true} {
		s := good()
		s.Addr, s.Demo = addr, true
		if err := s.Check(); (err == nil) != want {
			t.Errorf("%s: %v", addr, err)
		}
		s.Demo = false
		if err := s.Check(); err != nil {
			t.Errorf("%s without --demo: %v", addr, err)
		}
	}
}

func TestBase_IsWherePeopleReachTheApp(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]Serve{
		"http://localhost:8080":       {Addr: "localhost:8080"},
		"http://localhost:80":         {Addr: ":80"},
		"http://localhost:81":         {Addr: "[::]:81"},
		"http://10.0.0.7:80":          {Addr: "10.0.0.7:80"},
		"https://linli.example/grids": {Addr: "localhost:8080", BaseURL: "https://linli.example/grids/"},
	} {
		if got := s.Base(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestKey_LiesBesideTheDatabase(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		data Data
		want string
	}{
		{Data{Database: filepath.Join("here", "linli.db")}, filepath.Join("here", "linli.key")},
		{Data{Database: "demo.db"}, "linli.key"},
		{Data{Database: "postgres://linli@localhost/linli"}, filepath.Join("data", "linli.key")},
		{Data{Database: "postgresql://linli@localhost/linli", KeyFile: "my.key"}, "my.key"},
	} {
		if got := c.data.Key(); got != c.want {
			t.Errorf("%s: %q, want %q", c.data.Database, got, c.want)
		}
	}
}
