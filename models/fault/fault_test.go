package fault_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"linli/models/fault"
)

// TestFault_IsNeverChangedByWhoAddsToIt: one fault may be the start of many.
func TestFault_IsNeverChangedByWhoAddsToIt(t *testing.T) {
	t.Parallel()
	start := fault.New(fault.Invalid, "invalid_input").With("a", "1").Field("x", "answer_missing")
	cause := errors.New("the disk")
	one := start.With("b", "2").Field("y", "not_yours").Because(cause)
	two := start.Field("z", "not_yours").With("a", "3")
	if len(start.Args) != 1 || start.Args["a"] != "1" || len(start.Fields) != 1 || errors.Unwrap(start) != nil {
		t.Errorf("the start has become %+v", start)
	}
	if len(one.Fields) != 2 || one.Fields[1].Path != "y" || one.Args["b"] != "2" || two.Fields[1].Path != "z" || two.Args["a"] != "3" {
		t.Errorf("%+v, %+v", one, two)
	}
	if !errors.Is(one, cause) || !strings.Contains(one.Error(), "the disk") || !strings.Contains(one.Error(), "[y not_yours]") {
		t.Errorf("for the log: %s", one.Error())
	}
}

func TestFrom_FindsTheFaultOrCallsItOurMistake(t *testing.T) {
	t.Parallel()
	f := fault.New(fault.Conflict, "stale")
	wrapped := fmt.Errorf("save need: %w", f)
	if fault.From(wrapped) != f || !fault.Is(wrapped, fault.Conflict) || fault.Is(wrapped, fault.Gone) {
		t.Errorf("%v", fault.From(wrapped))
	}
	strange := errors.New("strange")
	if got := fault.From(strange); got.Code != fault.Internal || got.Reason != "internal" || !errors.Is(got, strange) {
		t.Errorf("%v", got)
	}
	if fault.Is(strange, fault.Internal) || fault.Is(nil, fault.Internal) {
		t.Error("what is no fault has no code")
	}
}
