package evidence

import (
	"bytes"
	"errors"
	"math"
	"strconv"
)

// Session says whose terminal signals reach a process, and which.
type Session struct {
	// Group and ID are those of its process group and session, in netjail's pid
	// namespace; 0 where that does not hold the leader.
	Group, ID int
	// Terminal is the device number of the session's terminal, 0 for none;
	// Foreground its foreground process group, -1 for none.
	Terminal   uint64
	Foreground int
}

var errNoStat = errors.New("it is not the line that proc_pid_stat(5) describes")

// ReadSession reads that of a process.
func ReadSession(pid int) Fact[Session] {
	d, err := openProcess(pid)
	if err != nil {
		return Unknown[Session]("/proc/"+strconv.Itoa(pid)+"/stat", whyNot(err))
	}
	defer d.close()
	return d.session()
}

func (d *procDir) session() Fact[Session] {
	source := d.path + "stat"
	text, err := d.read("stat")
	if err != nil {
		return Unknown[Session](source, whyNot(err))
	}
	s, err := parseSession(text)
	if err != nil {
		return Unknown[Session](source, err.Error())
	}
	return Known(s, source)
}

// parseSession reads the fields pgrp, session, tty_nr and tpgid. The name before
// them stands in parentheses and may hold anything, parentheses and line breaks
// as well.
func parseSession(text []byte) (s Session, err error) {
	rest := text[bytes.LastIndexByte(text, ')')+1:]
	if len(rest) == len(text) {
		return Session{}, errNoStat
	}
	fields := bytes.Fields(rest)
	if len(fields) < 6 {
		return Session{}, errNoStat
	}
	var n [4]int
	for i, f := range fields[2:6] {
		if n[i], err = strconv.Atoi(string(f)); err != nil || n[i] < math.MinInt32 || n[i] > math.MaxInt32 {
			return Session{}, errNoStat
		}
	}
	return Session{Group: n[0], ID: n[1], Terminal: uint64(uint32(n[2])), Foreground: n[3]}, nil
}
