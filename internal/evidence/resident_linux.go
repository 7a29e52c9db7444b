package evidence

import (
	"errors"
	"slices"
	"strconv"
)

// mostRead bounds how many residents are read in full.
const mostRead = 64

// read reads everybody but those of whom enough is known.
func (c *Census) read(apart []int) {
	read := 0
	for i := 0; i < len(c.Residents); i++ {
		one := &c.Residents[i]
		switch {
		case slices.Contains(apart, one.PID):
			one.Why = whyNotAsked
			continue
		case read == mostRead:
			one.Why = "there are more than " + strconv.Itoa(mostRead) + " of them"
			continue
		}
		read++
		if !one.read() {
			c.Residents = slices.Delete(c.Residents, i, i+1)
			i--
		}
	}
}

// read reads one, again where it becomes another one meanwhile. It is false where
// it has ended.
func (r *Resident) read() bool {
	const tries = 3
	for range tries {
		target, err := ReadTarget(r.PID, nil)
		var changed *ChangedError
		switch {
		case err == nil && target.Start != r.Start, errors.Is(err, ErrGone), errors.Is(err, ErrNoTarget):
			return false
		case err == nil:
			r.Target, r.Why = target, ""
			target.readFiles()
			return true
		}
		r.Why = err.Error()
		if !errors.As(err, &changed) {
			return true
		}
	}
	return true
}

// readFiles reads of each open file through which mount it was opened.
func (t *Target) readFiles() {
	for i := range t.Kinds {
		k := &t.Kinds[i]
		d, err := openThread(t.PID, k.TID)
		if err != nil {
			continue // its descriptors then have no mount
		}
		for n := range k.FDs.Value {
			if f := &k.FDs.Value[n]; f.Kind == FDFile && !f.Info.Known {
				f.Info = d.fdInfo(f.Number)
			}
		}
		d.close()
	}
}
