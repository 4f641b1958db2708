package fleet

import (
	"errors"
	"net"
	"net/url"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// NATS is a cluster of real servers, in this process. It keeps nothing: who
// starts it again has wiped it.
type NATS struct {
	clients, routes []string // addresses, one of each a node
	running         []*server.Server
}

// natsWait is how long a node may take to start.
const natsWait = time.Minute

func newNATS(nodes int) (*NATS, error) {
	addrs, err := freeAddrs(2 * nodes)
	if err != nil {
		return nil, err
	}
	return &NATS{clients: addrs[:nodes], routes: addrs[nodes:]}, nil
}

// URLs are the addresses for clients.
func (n *NATS) URLs() []string {
	var urls []string
	for _, addr := range n.clients {
		urls = append(urls, "nats://"+addr)
	}
	return urls
}

// Start starts every node.
func (n *NATS) Start() error {
	var peers []*url.URL
	for _, addr := range n.routes {
		peers = append(peers, &url.URL{Scheme: "nats", Host: addr})
	}
	for i, addr := range n.clients {
		host, port, err := split(addr)
		if err != nil {
			return err
		}
		routeHost, routePort, err := split(n.routes[i])
		if err != nil {
			return err
		}
		s, err := server.NewServer(&server.Options{ServerName: "node-" + strconv.Itoa(i+1), Host: host, Port: port, NoSigs: true, NoLog: true,
			Routes: peers, Cluster: server.ClusterOpts{Name: "linli", Host: routeHost, Port: routePort}})
		if err != nil {
			return err
		}
		s.Start()
		n.running = append(n.running, s)
	}
	for _, s := range n.running {
		if !s.ReadyForConnections(natsWait) {
			return errors.New("a NATS node does not start")
		}
	}
	return nil
}

// Stop ends every node.
func (n *NATS) Stop() {
	for _, s := range n.running {
		s.Shutdown()
	}
	for _, s := range n.running {
		s.WaitForShutdown()
	}
	n.running = nil
}

func split(addr string) (string, int, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", 0, err
	}
	number, err := strconv.Atoi(port)
	return host, number, err
}
