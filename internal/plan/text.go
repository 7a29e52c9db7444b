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
		s.WriteString(o.Args[i].Text())
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
