package push

import (
	"linli/models/fault"

	"github.com/gorilla/websocket"
)

// Closing is why a socket ends. Back tells the client to reconnect after a
// random pause and resume; without it, trying again would end the same way.
type Closing struct {
	Code int
	Text string
	Back bool
}

// Every close code that Linli sends. 1012, 1013 and 4000 to 4099 mean "come
// back", all others are final.
var (
	closeProtocol = Closing{websocket.CloseProtocolError, "protocol", false}
	closeBinary   = Closing{websocket.CloseUnsupportedData, "text_only", false}
	closeEncoding = Closing{websocket.CloseInvalidFramePayloadData, "not_utf8", false}
	closePolicy   = Closing{websocket.ClosePolicyViolation, "policy", false}
	closeUnknown  = Closing{websocket.ClosePolicyViolation, "unknown_message", false}
	closeForeign  = Closing{websocket.ClosePolicyViolation, "grid_not_followed", false}
	closeFlood    = Closing{websocket.ClosePolicyViolation, "too_many_pings", false}
	closeTooBig   = Closing{websocket.CloseMessageTooBig, "too_big", false}
	closeSession  = Closing{4401, "session_ended", false}

	closeRestart  = Closing{websocket.CloseServiceRestart, "restart", true}
	closeBusy     = Closing{websocket.CloseTryAgainLater, "try_later", true}
	closeRenew    = Closing{4000, "renew", true} // open for long: sign in anew
	closeSlow     = Closing{4001, "slow", true}
	closeRights   = Closing{4002, "rights_changed", true}
	closeSilent   = Closing{4003, "silent", true} // no answer to pings
	closeNoResume = Closing{4004, "no_resume", true}
	closeInternal = Closing{4005, "internal", true}
	closeEpoch    = Closing{4006, "epoch_changed", true}

	// closeGone is no code: the client has left, and nobody hears an answer.
	closeGone = Closing{websocket.CloseNormalClosure, "client_left", true}
)

// closings maps the kinds of faults; what is not listed is our own mistake.
var closings = map[fault.Code]Closing{
	fault.Invalid:         closePolicy,
	fault.Refused:         closePolicy,
	fault.Unauthenticated: closeSession,
	fault.Forbidden:       closePolicy,
	fault.NotFound:        closePolicy,
	fault.Conflict:        closePolicy,
	fault.Gone:            closePolicy,
	fault.TooLarge:        closeTooBig,
	fault.RateLimited:     closeBusy,
	fault.Unavailable:     closeBusy,
	fault.Internal:        closeInternal,
}

// ClosingOf is how a socket ends after that error.
func ClosingOf(err error) Closing {
	if c, ok := closings[fault.From(err).Code]; ok {
		return c
	}
	return closeInternal
}
