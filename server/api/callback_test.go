package api_test

import (
	"strings"
	"testing"

	"linli/models/store/storetest"
	"linli/server/chat/platform/fakes"
)

// TestCallback_AnAnswerThatFailedIsTriedAgain, beside the call; when the platform calls
// again nothing is done or said a second time.
func TestCallback_AnAnswerThatFailedIsTriedAgain(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"dingtalk", "feishu"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, all := newChat(t, storetest.SQLite(t))
			g := all[name]
			robot, _ := dig(w.do(t, worker, "/robots", `{"name":"邻里","platform":"`+name+`","grid_ids":["`+w.Micro.ID+`"],`+g.connect+`}`), ".id").(string)
			target := w.url + "/api/v1/robots/" + robot + "/callback"
			g.next(fakes.Wish{Status: 403, Body: "<html>a proxy</html>"}, fakes.Wish{Status: 502})
			if status, body := called(t, g.call(target, "1", "u-giver", "求 额温枪 1 把")); status != 200 && status != 503 {
				t.Errorf("%d %s", status, body)
			}
			g.hears(t, "还不认识你")
			for status := 503; status != 200; { // until it is written down that it was said
				status, _ = called(t, g.call(target, "1", "u-giver", "求 额温枪 1 把"))
			}
			if n := g.count("还不认识你"); n != 1 {
				t.Errorf("said %d times", n)
			}
		})
	}
}

// TestCallback_TooLongIsAnswered, in the group and in WeCom's own call.
func TestCallback_TooLongIsAnswered(t *testing.T) {
	t.Parallel()
	w, all := newChat(t, storetest.SQLite(t))
	long := strings.Repeat("今天天气真好。", 400)
	for _, name := range []string{"wecom", "dingtalk", "feishu"} {
		g := all[name]
		robot, _ := dig(w.do(t, worker, "/robots", `{"name":"邻里","platform":"`+name+`","grid_ids":["`+w.Micro.ID+`"],`+g.connect+`}`), ".id").(string)
		if said := g.writes(t, w.world, robot, "", "1", "u-giver", long); !strings.Contains(said, "太长了") {
			t.Errorf("%s: %q", name, said)
		}
		if said := g.writes(t, w.world, robot, "", "2", "u-giver", long+"我爸胸口痛得厉害"); !strings.Contains(said, "120") {
			t.Errorf("%s: %q", name, said)
		}
	}
}

// TestChatMessages_IDsOfAnyPlatform: of Matrix, of wechaty, in any letters; control
// signs are none. What is no command has no answer, unless the robot was spoken to.
func TestChatMessages_IDsOfAnyPlatform(t *testing.T) {
	t.Parallel()
	w, _ := newChat(t, storetest.SQLite(t))
	robot, _ := dig(w.do(t, worker, "/robots", `{"name":"邻里","platform":"chat","grid_ids":["`+w.Micro.ID+`"]}`), ".id").(string)
	w.tokens["robot"], _ = dig(w.do(t, worker, "/robots/"+robot+"/token", ""), ".token").(string)
	for id, want := range map[string]int{`$event:srv.example`: 200, `@wxid_1`: 200, `消息 1`: 200, `~!#%&*()'`: 200, `a\u0001b`: 422, `a\nb`: 422, `\u202ea`: 422, ` `: 422, ``: 422, strings.Repeat("x", 129): 422} {
		got := w.send(t, "robot", "POST", "/api/v1/chat/messages", `{"id":"`+id+`","sender":"@a:srv.example","text":"今天天气真好"}`)
		if got.status != want || want == 200 && !strings.Contains(string(got.body), `"answer":""`) {
			t.Errorf("%q: %d %s", id, got.status, got.body)
		}
		got = w.send(t, "robot", "POST", "/api/v1/chat/messages", `{"id":"`+id+`/","sender":"`+id+`","text":"今天天气真好","addressed":true}`)
		if got.status != want || want == 200 && !strings.Contains(string(got.body), "这样写我就能办") {
			t.Errorf("%q: %d %s", id, got.status, got.body)
		}
	}
}
