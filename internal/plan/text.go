package plan

import (
	"strconv"
	"strings"
)

// String is the op as a call: `prctl(PR_SET_NO_NEW_PRIVS, 1)`.
func (o *Op) String() string {
	var s strings.Builder
	s.WriteString(o.Call + "(")
	for i, a := range o.shown() {
		if i > 0 {
			s.WriteString(", ")
		}
		s.WriteString(a.Text)
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

// shown leaves out the zeros that pad prctl's arguments.
func (o *Op) shown() []Arg {
	args := o.Args
	for o.Call == "prctl" && len(args) > 1 && args[len(args)-1].Text == "0" {
		args = args[:len(args)-1]
	}
	return args
}
