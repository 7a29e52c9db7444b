package crew

import (
	"io"
	"os"
	"sync"
	"time"
)

// most is how much is kept of each stream.
const most = 1 << 20

// grace is how long the streams are read when nothing is known to hold them any
// more.
const grace = 2 * time.Second

// streams are the two ends of what a program writes: to 1, 2 and 3.
type streams struct {
	null  *os.File
	read  [3]*os.File
	write [3]*os.File
	text  [3][]byte
	cut   [3]bool
	wait  sync.WaitGroup
}

func newStreams() (s *streams, err error) {
	s = &streams{}
	if s.null, err = os.OpenFile(os.DevNull, os.O_RDONLY, 0); err != nil {
		return nil, err
	}
	for i := range s.read {
		if s.read[i], s.write[i], err = os.Pipe(); err != nil {
			s.close()
			return nil, err
		}
	}
	return s, nil
}

// files are the program's descriptors.
func (s *streams) files() []*os.File {
	return []*os.File{s.null, s.write[0], s.write[1], s.write[2]}
}

// started gives up the program's ends and begins to read.
func (s *streams) started() {
	for i := range s.write {
		s.write[i].Close()
		s.wait.Go(func() { s.text[i], s.cut[i] = keep(s.read[i]) })
	}
}

// keep reads to the end and keeps the beginning.
func keep(from io.Reader) (text []byte, cut bool) {
	text, err := io.ReadAll(io.LimitReader(from, most))
	if err != nil {
		return text, false
	}
	more, _ := io.Copy(io.Discard, from)
	return text, more > 0
}

// collect waits for the end of the streams.
func (s *streams) collect(e *Ended) {
	for _, f := range s.read {
		f.SetReadDeadline(time.Now().Add(grace))
	}
	s.wait.Wait()
	e.Stdout, e.Stderr, e.Note = s.text[0], s.text[1], s.text[2]
	e.Cut = s.cut[0] || s.cut[1]
}

// close gives everything up.
func (s *streams) close() {
	s.null.Close()
	for i := range s.read {
		if s.read[i] != nil {
			s.read[i].Close()
			s.write[i].Close()
		}
	}
	s.wait.Wait()
}
