package host

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"slices"

	"golang.org/x/sys/unix"
)

// maxIndex bounds the index that is read: one of a million files is smaller.
const maxIndex = 256 << 20

var (
	errNoIndex    = errors.New("it is no index of a version that is known")
	errSplitIndex = errors.New("a part of it is kept in another file (`git update-index --no-split-index` puts it together)")
	errLongIndex  = errors.New("it is too long")
)

// gitLinks are the paths that the index file of a repository has as submodules.
// It is the command's to write: a file that is missing has none, and one that is
// no index is an error.
func gitLinks(path string) ([]string, error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	switch {
	case errors.Is(err, unix.ENOENT):
		return nil, nil
	case err != nil:
		return nil, err
	}
	f := os.NewFile(uintptr(fd), path)
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errNoIndex
	case info.Size() > maxIndex:
		return nil, errLongIndex
	}
	text := make([]byte, info.Size())
	if n, err := f.ReadAt(text, 0); n < len(text) {
		return nil, err
	}
	return parseGitLinks(text)
}

// parseGitLinks reads an index with object names of SHA-1 or of SHA-256, which
// does not say of which. What is an index in both ways is read in both.
func parseGitLinks(text []byte) ([]string, error) {
	found, err := readGitLinks(text, 20)
	more, failed := readGitLinks(text, 32)
	if err != nil && failed == nil {
		err = nil
	}
	return append(found, more...), err
}

// The parts of an index. Source: gitformat-index(5).
const (
	indexHeader = 12
	indexMode   = 24
	indexObject = 40     // the object's name, and behind it two bytes of flags
	indexLonger = 0x4000 // two bytes of flags more
	modeGitLink = 0o160000
	modeGitType = 0o170000
)

// readGitLinks reads the names of submodules from an index whose object names, and
// the checksum at its end, have this many bytes.
func readGitLinks(text []byte, object int) ([]string, error) {
	if len(text) < indexHeader+object || string(text[:4]) != "DIRC" {
		return nil, errNoIndex
	}
	version, count := binary.BigEndian.Uint32(text[4:]), binary.BigEndian.Uint32(text[8:])
	if version < 2 || version > 4 {
		return nil, errNoIndex
	}
	rest := text[indexHeader : len(text)-object]
	var found []string
	var name []byte
	for range count {
		size, link, next, ok := indexName(rest, name, indexObject+object, version == 4)
		if !ok {
			return nil, errNoIndex
		}
		name = next
		if link {
			found = append(found, string(name))
		}
		rest = rest[size:]
	}
	if err := notSplit(rest); err != nil {
		return nil, err
	}
	return found, nil
}

// indexName reads one entry, whose flags are at a place: its size, whether it is a
// submodule, and its name, of which version 4 has only what differs from the name
// before.
func indexName(entry, before []byte, flags int, short bool) (size int, link bool, name []byte, ok bool) {
	at := flags + 2
	if len(entry) < at {
		return 0, false, nil, false
	}
	link = binary.BigEndian.Uint32(entry[indexMode:])&modeGitType == modeGitLink
	if binary.BigEndian.Uint16(entry[flags:])&indexLonger != 0 {
		at += 2
	}
	keep := 0
	if short {
		n, drop := indexOffset(entry[min(at, len(entry)):])
		if n == 0 || drop > uint64(len(before)) {
			return 0, false, nil, false
		}
		at, keep = at+n, len(before)-int(drop)
	}
	if at > len(entry) {
		return 0, false, nil, false
	}
	end := bytes.IndexByte(entry[at:], 0)
	if end < 0 {
		return 0, false, nil, false
	}
	name = append(slices.Clip(before[:keep]), entry[at:at+end]...)
	size = at + end + 1
	if !short {
		size = (at+end)&^7 + 8 // one to eight zeros, so that the next begins at a multiple of eight
	}
	return size, link, name, size <= len(entry)
}

// indexOffset reads a number of variable length; n is 0 where there is none.
func indexOffset(text []byte) (n int, value uint64) {
	for n < len(text) && n < 9 {
		c := text[n]
		if n > 0 {
			value++
		}
		value, n = value<<7|uint64(c&0x7f), n+1
		if c&0x80 == 0 {
			return n, value
		}
	}
	return 0, 0
}

// notSplit makes sure that no extension says that entries are somewhere else.
func notSplit(rest []byte) error {
	for len(rest) > 0 {
		if len(rest) < 8 {
			return errNoIndex
		}
		size := uint64(binary.BigEndian.Uint32(rest[4:]))
		if size > uint64(len(rest)-8) {
			return errNoIndex
		}
		if string(rest[:4]) == "link" {
			return errSplitIndex
		}
		rest = rest[8+size:]
	}
	return nil
}
