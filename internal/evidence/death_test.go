package evidence

import (
	"testing"

	"github.com/netjail/netjail/internal/plan"
)

func TestDeath(t *testing.T) {
	status := func(result int64, bytes ...byte) []plan.Reading {
		return []plan.Reading{{Fact: plan.FactCompat, Done: true, Result: result, Data: bytes}}
	}
	for name, c := range map[string]struct {
		readings []plan.Reading
		want     Death
		known    bool
	}{
		"killed":     {status(3, 31, 0, 0, 0), Death{Signal: "SIGSYS"}, true},
		"dumped":     {status(3, 0x80|31, 0, 0, 0), Death{Signal: "SIGSYS"}, true},
		"faulted":    {status(3, 11, 0, 0, 0), Death{Signal: "SIGSEGV"}, true},
		"ended":      {status(3, 0, 42, 0, 0), Death{Status: 42}, true},
		"stopped":    {status(3, 0x7f, 19, 0, 0), Death{}, false},
		"no child":   {status(0, 0, 42, 0, 0), Death{}, false},
		"refused":    {status(-10, 0, 42, 0, 0), Death{}, false},
		"unwritten":  {status(3, plan.Poison, plan.Poison, plan.Poison, plan.Poison), Death{}, false},
		"cut":        {status(3, 31), Death{}, false},
		"no reading": {nil, Death{}, false},
	} {
		got := FromReadings(c.readings, true).Tries.Compat
		if got.Known != c.known || got.Value != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
