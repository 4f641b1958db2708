package webhook

import (
	"bytes"
	"encoding/base64"
	"net/netip"
	"strings"
	"testing"
)

// TestSign_IsThePublishedOne is the vector of the standard's own libraries.
func TestSign_IsThePublishedOne(t *testing.T) {
	t.Parallel()
	k, err := readKey("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	const want = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
	if got := sign([]key{k}, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`)); got != want {
		t.Error(got)
	}
	other := key(bytes.Repeat([]byte{1}, 32))
	if got := sign([]key{k, other}, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`)); !strings.HasPrefix(got, want+" v1,") {
		t.Error(got)
	}
}

func TestReadKey_TakesWhatTheStandardTakes(t *testing.T) {
	t.Parallel()
	for size, good := range map[int]bool{0: false, 23: false, 24: true, 32: true, 64: true, 65: false} {
		text := base64.StdEncoding.EncodeToString(make([]byte, size))
		if _, err := readKey("whsec_" + text); (err == nil) != good {
			t.Errorf("%d bytes: %v", size, err)
		}
		if _, err := readKey(text); err == nil {
			t.Errorf("%d bytes without whsec_ are taken", size)
		}
	}
	if _, err := readKey("whsec_!"); err == nil || strings.Contains(err.Error(), "!") {
		t.Errorf("%v", err)
	}
}

func TestGuard_LetsOnlyTheOpenInternetThrough(t *testing.T) {
	t.Parallel()
	for address, open := range map[string]bool{
		"8.8.8.8": true, "101.226.0.1": true, "172.15.255.255": true, "172.32.0.1": true, "100.63.255.255": true, "100.128.0.0": true,
		"168.63.129.15": true, "2400:3200::1": true, "2606:4700::1111": true, "::ffff:8.8.8.8": true,
		"0.0.0.0": false, "10.0.0.1": false, "127.0.0.1": false, "127.255.255.255": false, "172.16.0.1": false, "172.31.255.255": false,
		"192.168.1.1": false, "100.64.0.1": false, "100.100.100.200": false, "169.254.169.254": false, "169.254.0.23": false,
		"192.0.0.192": false, "198.18.0.1": false, "203.0.113.1": false, "224.0.0.1": false, "255.255.255.255": false, "168.63.129.16": false,
		"::": false, "::1": false, "::ffff:127.0.0.1": false, "::ffff:169.254.169.254": false, "::127.0.0.1": false, "64:ff9b::a9fe:a9fe": false,
		"fd00:ec2::254": false, "fe80::1%eth0": false, "fec0::1": false, "ff02::1": false, "2002:7f00:1::": false, "2001::1": false, "2001:db8::1": false,
	} {
		if err := (Guard{}).Check(netip.MustParseAddr(address)); (err == nil) != open {
			t.Errorf("%s: %v", address, err)
		}
	}
	allowing := Guard{Allowed: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00::/8")}}
	for address, open := range map[string]bool{"10.1.2.3": true, "::ffff:10.1.2.3": true, "fd12::1": true, "10.2.0.1": false, "127.0.0.1": false} {
		if err := allowing.Check(netip.MustParseAddr(address)); (err == nil) != open {
			t.Errorf("%s: %v", address, err)
		}
	}
	if (Guard{}).Check(netip.Addr{}) == nil {
		t.Error("no address at all is let through")
	}
}

// FuzzGuard: whatever netip or net calls local is never let through.
func FuzzGuard(f *testing.F) {
	f.Add([]byte{127, 0, 0, 1})
	f.Add(make([]byte, 16))
	f.Fuzz(func(t *testing.T, raw []byte) {
		address, ok := netip.AddrFromSlice(raw)
		if !ok {
			return
		}
		bare := address.Unmap()
		local := bare.IsLoopback() || bare.IsPrivate() || bare.IsLinkLocalUnicast() || bare.IsMulticast() || bare.IsUnspecified() || !bare.IsGlobalUnicast()
		if local && (Guard{}).Check(address) == nil {
			t.Fatal(address)
		}
	})
}
