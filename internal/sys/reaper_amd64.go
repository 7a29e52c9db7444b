package sys

import (
	"bytes"
	"encoding/binary"
	"errors"
	"unsafe"
)

func reaperAddress() uintptr

// reaperCode is in reaper_amd64.s, declared for the assembler's checks.
//
//lint:ignore U1000 its address is taken in assembly
func reaperCode()

// reaperEnd stands behind the code: ud2 and a name.
const reaperEnd = "\x0f\x0bnetjail"

// reaperLimit bounds the search for reaperEnd.
const reaperLimit = 512

// reaperImage is a static ELF executable of a few hundred bytes: one segment
// that can be read and executed, and no stack that can.
func reaperImage() ([]byte, error) {
	var here unsafe.Pointer
	*(*uintptr)(unsafe.Pointer(&here)) = reaperAddress()
	code := unsafe.Slice((*byte)(here), reaperLimit)
	n := bytes.Index(code, []byte(reaperEnd))
	if n < 0 {
		return nil, errors.New("the reaper's code has no end")
	}
	return elfImage(code[:n]), nil
}

const (
	elfBase    = 0x400000
	elfHeaders = 64 + 2*56
)

// elfImage wraps position-independent code. Source: elf(5).
func elfImage(code []byte) []byte {
	size := uint64(elfHeaders + len(code))
	b := make([]byte, 0, size)
	b = append(b, "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00"...)
	b = append16(b, 2, 62) // ET_EXEC, EM_X86_64
	b = binary.LittleEndian.AppendUint32(b, 1)
	b = append64(b, elfBase+elfHeaders, 64, 0) // entry, program headers, no sections
	b = binary.LittleEndian.AppendUint32(b, 0)
	b = append16(b, 64, 56, 2, 0, 0, 0)
	b = programHeader(b, 1, 5, 0, elfBase, size) // PT_LOAD, read and execute
	b = programHeader(b, 0x6474e551, 6, 0, 0, 0) // PT_GNU_STACK, read and write
	return append(b, code...)
}

func programHeader(b []byte, kind, flags uint32, offset, addr, size uint64) []byte {
	b = binary.LittleEndian.AppendUint32(b, kind)
	b = binary.LittleEndian.AppendUint32(b, flags)
	return append64(b, offset, addr, addr, size, size, 0x1000)
}

func append16(b []byte, ns ...uint16) []byte {
	for _, n := range ns {
		b = binary.LittleEndian.AppendUint16(b, n)
	}
	return b
}

func append64(b []byte, ns ...uint64) []byte {
	for _, n := range ns {
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	return b
}
