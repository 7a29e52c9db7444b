package policy

import (
	"slices"
	"strconv"

	"github.com/netjail/netjail/internal/diag"
)

// Addition is one value that somebody adds to a profile for one start: a path
// that is shared, a variable that passes or a descriptor that stays open. It
// loosens the profile, and nothing that loosens otherwise can be added.
type Addition struct {
	// Key is the list that is added to: one of AdditionKeys.
	Key string
	// Value is an item of that list, as a profile writes it.
	Value string
}

// The keys that can be added to.
const (
	KeyWritable = "filesystem.writable"
	KeyPass     = "process.environment.pass"
	KeyFDs      = "process.inheritFds"
)

// AdditionKeys lists them.
func AdditionKeys() []string { return []string{KeyWritable, KeyPass, KeyFDs} }

// AdditionError says what is wrong with an addition.
type AdditionError struct {
	Addition
	Message, Help string
}

func (e *AdditionError) Error() string { return "add to " + e.Key + ": " + e.Message }

// CommandLine is what an origin says of a value that was added.
const CommandLine = "command line"

// With is the profile with what is added to it, and the additions that change
// it: what it holds already changes nothing. r stays as it is.
//
// The checks of single values are made here; rules about several keys are kept
// by whoever compiles what Print makes of the result.
//
// Errors: *AdditionError.
func (r *Resolved) With(all []Addition) (*Resolved, []Addition, error) {
	if len(all) == 0 {
		return r, nil, nil
	}
	p, origins := *r.Policy, slices.Clone(r.Origins)
	var made []Addition
	for _, a := range all {
		changed, err := p.add(a)
		if err != nil {
			return nil, nil, err
		}
		if changed {
			made, origins = append(made, a), origins.add(a.Key)
		}
	}
	return &Resolved{Policy: &p, Origins: origins, Digest: p.Digest()}, made, nil
}

// add adds one value, and says whether it was not there.
func (p *Policy) add(a Addition) (changed bool, err error) {
	switch a.Key {
	case KeyWritable:
		return p.addWritable(a)
	case KeyPass:
		return p.addVariable(a)
	case KeyFDs:
		return p.addFD(a)
	}
	return false, &AdditionError{a, "nothing can be added to it", "write it into the profile"}
}

func (p *Policy) addWritable(a Addition) (bool, error) {
	list := &p.Filesystem.Writable
	switch d := checkPlaceText(a.Value); {
	case d != nil:
		return false, &AdditionError{a, d.Message, d.Help}
	case p.Filesystem.Root == RootHost:
		return false, &AdditionError{a, "it has no effect: with `root: host` the command may write wherever the caller may", "leave it out"}
	case p.Filesystem.Root == RootJoined:
		return false, &AdditionError{a, "with `root: joined` the files are those of the mount namespace that is joined", "leave it out"}
	case slices.Contains(*list, a.Value):
		return false, nil
	}
	*list = insert(*list, a.Value)
	return true, nil
}

// checkPlaceText is checkPlace for text that may be empty.
func checkPlaceText(s string) *diag.Diagnostic {
	if s == "" {
		return wrong(diag.BadPath, "the path is empty", "name a directory or a file")
	}
	return checkPlace(s)
}

func (p *Policy) addVariable(a Addition) (bool, error) {
	e := &p.Process.Environment
	switch {
	case !variableName(a.Value, false):
		return false, &AdditionError{a, diag.Quote(a.Value) + " is not a variable's name", "name one variable; its value is the caller's: NAME=VALUE netjail …"}
	case e.sets(a.Value):
		return false, &AdditionError{a, "it has no effect: the profile sets " + a.Value + " itself, below `set`", "leave it out"}
	case slices.Contains(e.Pass, a.Value):
		return false, nil
	}
	e.Pass = append(slices.Clone(e.Pass), a.Value)
	return true, nil
}

func (p *Policy) addFD(a Addition) (bool, error) {
	n, err := strconv.ParseUint(a.Value, 10, 32)
	if err != nil || n > maxFD || strconv.FormatUint(n, 10) != a.Value {
		return false, &AdditionError{a, diag.Quote(a.Value) + " is not a descriptor", "write a plain number, such as 3"}
	}
	list := &p.Process.InheritFDs
	if slices.Contains(*list, int(n)) {
		return false, nil
	}
	*list = insert(*list, int(n))
	return true, nil
}

// insert puts a value into a copy of a sorted list.
func insert[T string | int](list []T, v T) []T {
	i, _ := slices.BinarySearch(list, v)
	return slices.Insert(slices.Clone(list), i, v)
}

// add notes that the command line added to a key's value.
func (o Origins) add(key string) Origins {
	for i := range o {
		if o[i].Key == key {
			o[i].Added = true
			return o
		}
	}
	return o // the value is not printed: nothing stands there
}
