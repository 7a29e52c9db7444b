package evidence

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/netjail/netjail/internal/ns"
	"github.com/netjail/netjail/internal/plan"
)

// The decoders of a reading whose call fills a buffer. The result is not
// negative.

// poisonWord is what four bytes that nobody wrote hold.
const poisonWord = plan.Poison * 0x01010101

var (
	errUnwritten = errors.New("the call claimed success and wrote nothing")
	errShort     = errors.New("the buffer is smaller than the answer")
	errFilled    = errors.New("the answer filled its buffer, so it may go on")
)

// words reads n numbers of 32 bits. One that still holds the poison was not
// written; that no id and no set looks like it is the price.
func words(data []byte, n int) ([]uint32, error) {
	if n > len(data)/4 {
		return nil, errShort
	}
	numbers := make([]uint32, n)
	for i := range numbers {
		numbers[i] = binary.NativeEndian.Uint32(data[4*i:])
		if numbers[i] == poisonWord {
			return nil, errUnwritten
		}
	}
	return numbers, nil
}

// written is words for a call that answers 0 and fills n of them.
func written(r *plan.Reading, n int) ([]uint32, error) {
	if r.Result != 0 {
		return nil, outOfRange(r)
	}
	return words(r.Data, n)
}

// text is what a read(2) or readlink(2) put into the buffer.
func text(r *plan.Reading) ([]byte, error) {
	if r.Result > int64(len(r.Data)) {
		return nil, errShort
	}
	if r.Result == int64(len(r.Data)) {
		return nil, errFilled
	}
	text := r.Data[:r.Result]
	if bytes.IndexByte(text, plan.Poison) >= 0 {
		return nil, errUnwritten
	}
	return text, nil
}

func bufferIDs(r *plan.Reading) (IDs, error) {
	id, err := written(r, 3)
	if err != nil {
		return IDs{}, err
	}
	return IDs{Real: id[0], Effective: id[1], Saved: id[2]}, nil
}

func bufferGroups(r *plan.Reading) ([]uint32, error) {
	if r.Result > int64(len(r.Data)/4) {
		return nil, errShort
	}
	return words(r.Data, int(r.Result))
}

func bufferSignal(r *plan.Reading) (int, error) {
	word, err := written(r, 1)
	if err != nil {
		return 0, err
	}
	const last = 64 // SIGRTMAX
	if word[0] > last {
		return 0, fmt.Errorf("%d is no signal", word[0])
	}
	return int(word[0]), nil
}

func bufferNumber(r *plan.Reading) (int, error) {
	digits, err := text(r)
	if err != nil {
		return 0, err
	}
	n, err := decimal(digits, math.MaxInt32)
	return int(n), err
}

// bufferPath reads a path with the zero that ends it, as getcwd(2) counts it.
func bufferPath(r *plan.Reading) (string, error) {
	path, err := text(r)
	if err != nil {
		return "", err
	}
	path, ended := bytes.CutSuffix(path, []byte{0})
	if !ended || len(path) == 0 {
		return "", errUnwritten
	}
	return string(path), nil
}

func bufferIDMap(r *plan.Reading) ([]IDMapLine, error) {
	lines, err := text(r)
	if err != nil {
		return nil, err
	}
	return parseIDMap(lines)
}

func bufferSetgroups(r *plan.Reading) (string, error) {
	word, err := text(r)
	if err != nil {
		return "", err
	}
	return parseSetgroups(word)
}

func bufferNSLink(k ns.Kind) func(*plan.Reading) (NamespaceID, error) {
	return func(r *plan.Reading) (NamespaceID, error) {
		link, err := text(r)
		if err != nil {
			return 0, err
		}
		return parseNSLink(link, k)
	}
}

// bufferNodename reads the second of the six fields of struct utsname, each of
// them 65 bytes with the zero that ends it.
func bufferNodename(r *plan.Reading) (string, error) {
	const field = 65
	if r.Result != 0 {
		return "", outOfRange(r)
	}
	if len(r.Data) < 6*field {
		return "", errShort
	}
	name, _, ended := bytes.Cut(r.Data[field:2*field], []byte{0})
	if !ended {
		return "", errUnwritten
	}
	return string(name), nil
}
