package plan

import (
	"strconv"
	"strings"
)

// String is the op as a call: `prctl(PR_SET_NO_NEW_PRIVS, 1)`.
func (o *Op) String() string {
	var s strings.Builder
	s.WriteString(o.Call + "(")
	for i := range o.Args {
		if i > 0 {
			s.WriteString(", ")
		}
		s.WriteString(o.argText(&o.Args[i]))
	}
	s.WriteString(")")
	switch o.Expect.Mode {
	case ExpectEqual:
		s.WriteString(" = " + strconv.FormatInt(o.Expect.Want, 10))
	case ExpectOK:
		for _, e := range o.Expect.Accept {
			s.WriteString(" or " + e.Name)
		}
	}
	return s.String()
}

// argText is an argument's text; for one that changes from call to call, the
// first and the last value and how many there are.
func (o *Op) argText(a *Arg) string {
	if a.Kind != ArgEach {
		return a.Text()
	}
	n := len(o.Each)
	return o.Each[0].Text() + " … " + o.Each[n-1].Text() + " (" + strconv.Itoa(n) + ")"
}
