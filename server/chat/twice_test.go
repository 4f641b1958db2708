package chat

import (
	"slices"
	"testing"

	"linli/models/fault"
)

func TestTwice_TriesOnceMoreWhereSomebodyWasQuicker(t *testing.T) {
	t.Parallel()
	stale, running := fault.New(fault.Conflict, "stale"), fault.New(fault.Conflict, "key_in_flight")
	for name, c := range map[string]struct {
		answers []error
		tries   int
		want    error
	}{
		"at once":            {[]error{nil}, 1, nil},
		"the second time":    {[]error{stale, nil}, 2, nil},
		"never":              {[]error{stale, stale, nil}, 2, stale},
		"the same call runs": {[]error{running, nil}, 1, running},
		"not hers":           {[]error{fault.New(fault.NotFound, "not_found"), nil}, 1, fault.New(fault.NotFound, "not_found")},
	} {
		tries, left := 0, slices.Clone(c.answers)
		_, err := twice(func() (int, error) {
			err := left[0]
			left, tries = left[1:], tries+1
			return tries, err
		})
		if tries != c.tries || (err == nil) != (c.want == nil) || err != nil && fault.From(err).Reason != fault.From(c.want).Reason {
			t.Errorf("%s: %d tries, %v", name, tries, err)
		}
	}
}
