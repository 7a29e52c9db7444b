package plan

import (
	"strconv"
	"strings"
)

// String is the op as a call: `prctl(PR_SET_NO_NEW_PRIVS, 1)`.
func (o *Op) String() string {
	var s strings.Builder
	s.WriteString(o.Call + "(")
	place := 0
	for i := range o.Args {
		if i > 0 {
			s.WriteString(", ")
		}
		if o.Args[i].Kind == ArgEach {
			s.WriteString(o.eachText(place))
			place++
			continue
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

// eachText is the text of the place-th argument that changes from call to call:
// the values or, for plain numbers, the first and the last and how many there are.
func (o *Op) eachText(place int) string {
	step, n := o.places(), o.Calls()
	at := func(i int) *Arg { return &o.Each[i*step+place] }
	switch {
	case sameText(n, at):
		return at(0).Text()
	case at(0).Kind == ArgValue:
		return at(0).Text() + " … " + at(n-1).Text() + " (" + strconv.Itoa(n) + ")"
	}
	return listText(n, func(i int) string { return at(i).Text() })
}

// sameText says whether n arguments print as one.
func sameText(n int, at func(i int) *Arg) bool {
	for i := 1; i < n; i++ {
		if at(i).Text() != at(0).Text() {
			return false
		}
	}
	return true
}
