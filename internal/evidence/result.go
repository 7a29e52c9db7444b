package evidence

import (
	"fmt"
	"math"

	"github.com/netjail/netjail/internal/plan"
)

// The decoders of a reading whose call answers by its result alone. The result
// is not negative.

func resultUint32(r *plan.Reading) (uint32, error) {
	if r.Result > math.MaxUint32 {
		return 0, outOfRange(r)
	}
	return uint32(r.Result), nil
}

func resultInt(r *plan.Reading) (int, error) {
	if r.Result > math.MaxInt32 {
		return 0, outOfRange(r)
	}
	return int(r.Result), nil
}

func resultFlag(r *plan.Reading) (bool, error) {
	if r.Result > 1 {
		return false, outOfRange(r)
	}
	return r.Result == 1, nil
}

func resultSeccomp(r *plan.Reading) (int, error) {
	const filter = 2 // SECCOMP_MODE_FILTER
	if r.Result > filter {
		return 0, outOfRange(r)
	}
	return int(r.Result), nil
}

func outOfRange(r *plan.Reading) error {
	return fmt.Errorf("the call answered %d, which it never does", r.Result)
}
