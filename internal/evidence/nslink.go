package evidence

import (
	"bytes"
	"fmt"
	"math"

	"github.com/netjail/netjail/internal/ns"
)

// parseNSLink reads what a link of /proc/PID/ns says, such as
// "net:[4026531833]".
func parseNSLink(text []byte, k ns.Kind) (NamespaceID, error) {
	number, kind := bytes.CutPrefix(text, []byte(k.Link()))
	number, open := bytes.CutPrefix(number, []byte(":["))
	number, closed := bytes.CutSuffix(number, []byte("]"))
	if !kind || !open || !closed {
		return 0, fmt.Errorf("%q is no link of a %s namespace", text, k)
	}
	n, err := decimal(number, math.MaxUint64)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%q is no link of a %s namespace", text, k)
	}
	return NamespaceID(n), nil
}
