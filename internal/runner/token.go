package runner

import (
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/netjail/netjail/internal/plan"
)

// newToken is what the attempts of one audit write, and nobody else knows.
func newToken() ([]byte, error) {
	token := make([]byte, plan.TokenSize)
	if n, err := unix.Getrandom(token, 0); err != nil || n != len(token) {
		return nil, fmt.Errorf("make up a token: got %d bytes, %v", n, err)
	}
	return token, nil
}
