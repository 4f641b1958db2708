package server_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// TestBus_CarriesNoPersonalData: what a neighbour writes goes into the database;
// what the other instances hear of it are ids and figures.
func TestBus_CarriesNoPersonalData(t *testing.T) {
	t.Parallel()
	node, err := natsserver.NewServer(&natsserver.Options{Host: "127.0.0.1", Port: -1, NoSigs: true, NoLog: true})
	must(t, err)
	node.Start()
	defer func() {
		node.Shutdown()
		node.WaitForShutdown()
	}()
	if !node.ReadyForConnections(20 * time.Second) {
		t.Fatal("NATS does not start")
	}
	conn, err := nats.Connect(node.ClientURL())
	must(t, err)
	defer conn.Close()
	heard, err := conn.SubscribeSync("linli.>")
	must(t, err)
	must(t, conn.Flush())
	c := serveOn("localhost:8080")
	c.NATS = []string{node.ClientURL()}
	s := run(t, c)
	for end := time.Now().Add(20 * time.Second); ; {
		who, err := node.Subsz(&natsserver.SubszOptions{Subscriptions: true, Test: "linli.revoked"})
		must(t, err)
		if len(who.Subs) == 2 { // ours and its own
			break
		}
		if time.Now().After(end) {
			t.Fatal("the server does not listen")
		}
	}
	const note, body = "门卫电话 13800001234，三号楼后门", `{"way":"relay","note":"门卫电话 13800001234，三号楼后门","lines":[{"item_id":"M123","quantity":1,"urgency":"today","patient":{"age":"adult","answers":{"kidney":"yes"}}}]}`
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+s.address+"/api/v1/requests", strings.NewReader(body))
	must(t, err)
	req.Header.Set("Authorization", "Bearer "+s.token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", "a-key")
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	answer, err := io.ReadAll(res.Body)
	must(t, err)
	must(t, res.Body.Close())
	if res.StatusCode != http.StatusCreated {
		t.Fatalf("%d %s", res.StatusCode, answer)
	}
	var all strings.Builder
	for !strings.Contains(all.String(), "need.opened") {
		m, err := heard.NextMsg(20 * time.Second)
		must(t, err)
		all.WriteString(m.Subject + " " + string(m.Data) + "\n")
		onlyFigures(t, m.Data)
	}
	for _, personal := range []string{note, "13800001234", "张婆婆", "kidney", "adult", s.token} {
		if strings.Contains(all.String(), personal) {
			t.Errorf("%q is on the bus:\n%s", personal, all.String())
		}
	}
	s.stop()
	s.wait(t)
}

// onlyFigures fails for a field that nobody has judged yet: whoever adds one to
// the events must say here that it tells nothing of a person.
func onlyFigures(t *testing.T, text []byte) {
	t.Helper()
	known := map[string]bool{"grid": true, "seq": true, "id": true, "kind": true, "thing": true, "thing_id": true, "version": true,
		"state": true, "quantities": true, "at": true, "audience": true}
	var m struct {
		Events []map[string]any `json:"events"`
	}
	must(t, json.Unmarshal(text, &m))
	for _, e := range m.Events {
		for field := range e {
			if !known[field] {
				t.Errorf("an event on the bus has a field %q", field)
			}
		}
	}
}
