package webhook

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"linli/server/chat/platform/post"
)

// blocked are the networks that are not the open internet, after the special
// purpose registries of IANA (RFC 6890 and later), and one address that Azure
// gives a door to its inside among the open ones.
var blocked = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", // this host, private
	"100.64.0.0/10",                                                                                        // shared by carriers; Alibaba's metadata
	"169.254.0.0/16",                                                                                       // link-local; everybody's metadata
	"192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", // protocols, examples, tests
	"224.0.0.0/4", "240.0.0.0/4", // to many, reserved, broadcast
	"168.63.129.16/32",
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", // protocols, examples; Teredo and 6to4 hide a v4 address
)

// open6 is all of IPv6 that is open; loopback, local and mapped lie outside.
var open6 = netip.MustParsePrefix("2000::/3")

func prefixes(list ...string) []netip.Prefix {
	read := make([]netip.Prefix, len(list))
	for i, one := range list {
		read[i] = netip.MustParsePrefix(one)
	}
	return read
}

var errBlocked = errors.New("a network that is not allowed")

// Guard lets connections go to the open internet, and to Allowed.
type Guard struct {
	Allowed []netip.Prefix
	Only    bool // to Allowed and nowhere else
}

// Check says whether one may connect to that address.
func (g Guard) Check(address netip.Addr) error {
	bare := address.Unmap().WithZone("")
	for _, prefix := range g.Allowed {
		if prefix.Contains(bare) {
			return nil
		}
	}
	closed := g.Only || !bare.IsValid() || bare.Is6() && !open6.Contains(bare)
	for _, prefix := range blocked {
		closed = closed || prefix.Contains(bare)
	}
	if closed {
		return fmt.Errorf("%s lies in %w", address, errBlocked)
	}
	return nil
}

// Client is an HTTP client that checks each connection when the name has been
// resolved: what a name pointed at a moment ago says nothing. A proxy would
// resolve it behind our back, so there is none.
func (g Guard) Client() *http.Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return errBlocked
		}
		return g.Check(at.Addr())
	}}
	return &http.Client{Timeout: patience, CheckRedirect: post.Stay, Transport: &http.Transport{
		DialContext:            dialer.DialContext,
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  patience,
		MaxResponseHeaderBytes: maxAnswer,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        30 * time.Second,
		ForceAttemptHTTP2:      true,
	}}
}
