package evidence

import (
	"fmt"
	"syscall"

	"github.com/netjail/netjail/internal/caps"
	"github.com/netjail/netjail/internal/plan"
)

const callCaps = "capget(2), PR_CAPBSET_READ, PR_CAP_AMBIENT_IS_SET"

// caps puts the five sets together. They are known only as a whole: a set of
// which one capability is not known could hide that one.
func (t *table) caps() Fact[caps.Sets] {
	sets, err := t.capget()
	if err != nil {
		return Unknown[caps.Sets](callCaps, "capget(2): "+err.Error())
	}
	bounding, nBounding, err := t.capSet(plan.FactBounding)
	if err != nil {
		return Unknown[caps.Sets](callCaps, "PR_CAPBSET_READ "+err.Error())
	}
	ambient, nAmbient, err := t.capSet(plan.FactAmbient)
	if err != nil {
		return Unknown[caps.Sets](callCaps, "PR_CAP_AMBIENT_IS_SET "+err.Error())
	}
	if nBounding != nAmbient {
		return Unknown[caps.Sets](callCaps, fmt.Sprintf("%d capabilities were asked of the bounding set, %d of the ambient", nBounding, nAmbient))
	}
	sets.Bounding, sets.Ambient = bounding, ambient
	return Known(sets, callCaps)
}

// capget reads the answer of capget(2), version 3: two of {effective,
// permitted, inheritable}, first capabilities 0 to 31, then 32 to 63.
func (t *table) capget() (caps.Sets, error) {
	r, err := t.granted(plan.FactCapget)
	if err != nil {
		return caps.Sets{}, err
	}
	word, err := written(r, 6)
	if err != nil {
		return caps.Sets{}, err
	}
	half := func(i int) caps.Set { return caps.Set(word[i]) | caps.Set(word[i+3])<<32 }
	return caps.Sets{Effective: half(0), Permitted: half(1), Inheritable: half(2)}, nil
}

// capSet puts a set together from one result for each capability, from 0 on,
// until EINVAL says that the kernel knows no more or the plan asks no further.
// count is how many the kernel knew.
func (t *table) capSet(f plan.Fact) (s caps.Set, count int, err error) {
	r, err := t.done(f)
	if err != nil {
		return 0, 0, err
	}
	const bits = 64
	if len(r.Results) == 0 || len(r.Results) > bits {
		return 0, 0, fmt.Errorf("op %d was carried out for %d capabilities", r.Op, len(r.Results))
	}
	for n, result := range r.Results {
		switch {
		case result == -int64(syscall.EINVAL) && n > 0:
			continue
		case n > count:
			return 0, 0, fmt.Errorf("%s: one below it is not known", caps.Cap(n))
		case result < 0:
			return 0, 0, fmt.Errorf("%s: op %d: %s", caps.Cap(n), r.Op, errnoName(-result))
		case result > 1:
			return 0, 0, fmt.Errorf("%s: op %d: the call answered %d, which it never does", caps.Cap(n), r.Op, result)
		case result == 1:
			s = s.Add(caps.Cap(n))
		}
		count++
	}
	return s, count, nil
}
