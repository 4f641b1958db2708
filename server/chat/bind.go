package chat

import (
	"context"
	"regexp"
	"strings"

	"linli/models"
	"linli/models/fault"
)

// codeWritten is a pairing code or a door code as the last word, with or without a
// word before it: what robots are called may stand there too, in more words than one.
var codeWritten = regexp.MustCompile(`^(?:.{0,60}[\s\p{Z}])?(?:绑定|口令|bind)?[\s\p{Z}:：]*([0-9A-Za-z-]{26,40})$`)

// mentioned is a mention that a text begins with.
var mentioned = regexp.MustCompile(`^@[^\s\p{Z}]*[\s\p{Z}]+`)

const codeSigns = 26

// bind answers what is about who somebody is; done says that it was.
func (s *Service) bind(ctx context.Context, robot models.Robot, m Message) (answer string, done bool, err error) {
	text := strings.TrimSpace(mentioned.ReplaceAllString(strings.TrimSpace(m.Text), ""))
	if text == "解绑" || strings.EqualFold(text, "unbind") {
		return say("chat.unbound"), true, s.Outreach.Unbind(ctx, robot, m.Sender)
	}
	if text == "绑定" || strings.EqualFold(text, "bind") {
		return say("chat.how_to_bind", "link", s.app("/settings")), true, nil
	}
	found := codeWritten.FindStringSubmatch(text)
	if found == nil || len(models.DoorText(found[1])) != codeSigns {
		return "", false, nil
	}
	switch err := s.Outreach.Pair(ctx, robot, m.Sender, found[1]); {
	case fault.Is(err, fault.NotFound):
		return say("chat.code_unknown"), true, nil
	case err != nil:
		return "", true, err
	}
	return say("chat.bound"), true, nil
}
