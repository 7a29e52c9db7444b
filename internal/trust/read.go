package trust

import (
	"errors"
	"io"
)

// readUpTo reads a whole file, and refuses one that is longer than limit bytes.
func readUpTo(from io.Reader, limit int64) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(from, limit+1))
	if err == nil && int64(len(text)) > limit {
		err = errors.New("it is longer than any record")
	}
	return text, err
}
