package cli

import (
	"bytes"
	"encoding/binary"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// interpreter is the file that the kernel executes for a script or for a program
// that is linked dynamically, as its beginning names it; empty where it names none.
//
// Source: execve(2), elf(5).
func interpreter(path string) string {
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return ""
	}
	defer f.Close()
	head := make([]byte, 4096)
	n, _ := f.ReadAt(head, 0)
	return interpreterIn(head[:n])
}

func interpreterIn(head []byte) string {
	if line, ok := bytes.CutPrefix(head, []byte("#!")); ok {
		line, _, _ = bytes.Cut(line, []byte("\n"))
		words := strings.Fields(string(line))
		if len(words) == 0 {
			return ""
		}
		return words[0]
	}
	return loader(head)
}

// The parts of an ELF file for 64 bits, in the byte order of amd64 and arm64.
const (
	elfProgram   = 32 // offset of the program headers
	elfCount     = 56 // number of them
	elfHeader    = 64
	elfEntry     = 56
	elfInterp    = 3 // the type of the one that names the loader
	elfEntryFrom = 8
	elfEntrySize = 32
)

// loader is the dynamic loader of a program whose headers are at its beginning.
func loader(head []byte) string {
	if len(head) < elfHeader || string(head[:4]) != "\x7fELF" || head[4] != 2 || head[5] != 1 {
		return ""
	}
	at := binary.LittleEndian.Uint64(head[elfProgram:])
	for range binary.LittleEndian.Uint16(head[elfCount:]) {
		if at > uint64(len(head)) || uint64(len(head))-at < elfEntry {
			return ""
		}
		entry := head[at:]
		if binary.LittleEndian.Uint32(entry) == elfInterp {
			from, size := binary.LittleEndian.Uint64(entry[elfEntryFrom:]), binary.LittleEndian.Uint64(entry[elfEntrySize:])
			if from > uint64(len(head)) || size > uint64(len(head))-from {
				return ""
			}
			return unix.ByteSliceToString(head[from : from+size])
		}
		at += elfEntry
	}
	return ""
}

// mountOf is what a profile says to show the directory that holds a file of the
// host's.
func mountOf(file string) string {
	dir := file[:max(strings.LastIndexByte(file, '/'), 1)]
	return "`filesystem: {mounts: [{destination: " + dir + ", type: bind, source: " + dir + ", options: [rbind, ro]}]}`, or a directory above it"
}
