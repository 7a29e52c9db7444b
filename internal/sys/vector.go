package sys

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// errOutside says that a pointer leads out of the Program.
var errOutside = errors.New("the vector leads out of the program's memory")

// Vector reads the strings of an array as execve(2) takes it, which lies in the
// Program's data: what a Step with this argument passes on.
func (p *Program) Vector(addr uint64) ([]string, error) {
	var list []string
	for {
		word, err := p.at(addr)
		if err != nil || len(word) < 8 {
			return nil, errOutside
		}
		next := binary.LittleEndian.Uint64(word)
		if next == 0 {
			return list, nil
		}
		text, err := p.at(next)
		n := bytes.IndexByte(text, 0)
		if err != nil || n < 0 {
			return nil, errOutside
		}
		list = append(list, string(text[:n]))
		addr += 8
	}
}

// at is the Program's data from an address on.
func (p *Program) at(addr uint64) ([]byte, error) {
	if first := p.DataAddress(HeaderSize + p.max*StepSize); addr < first || addr >= p.DataAddress(p.data) {
		return nil, errOutside
	}
	return p.mem[addr-uint64(p.base) : p.data], nil
}
