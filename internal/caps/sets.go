package caps

// Kind is one of the five sets of a thread.
type Kind uint8

// The five sets, in the order of /proc/PID/status.
const (
	Inheritable Kind = iota
	Permitted
	Effective
	Bounding
	Ambient
	kinds
)

// KindCount is the number of sets; the kinds are 0 to KindCount-1.
const KindCount = int(kinds)

var kindNames = [kinds]string{"inheritable", "permitted", "effective", "bounding", "ambient"}

// String is the set's name, in lower case as in a profile.
func (k Kind) String() string { return kindNames[k] }

// Kinds lists the five sets in the order of /proc/PID/status.
func Kinds() [KindCount]Kind {
	return [KindCount]Kind{Inheritable, Permitted, Effective, Bounding, Ambient}
}

// Sets are the five sets of a thread. Source: capabilities(7).
type Sets struct {
	Inheritable, Permitted, Effective, Bounding, Ambient Set
}

// Get is the set of one kind.
func (s Sets) Get(k Kind) Set { return *s.At(k) }

// With is the sets with that of one kind replaced.
func (s Sets) With(k Kind, set Set) Sets {
	*s.At(k) = set
	return s
}

// Uniform is the five sets all holding the same.
func Uniform(set Set) Sets {
	return Sets{Inheritable: set, Permitted: set, Effective: set, Bounding: set, Ambient: set}
}

// String is every set by its name: "inheritable none, permitted none, …".
func (s Sets) String() string {
	text := ""
	for _, k := range Kinds() {
		if k > 0 {
			text += ", "
		}
		text += k.String() + " " + s.Get(k).String()
	}
	return text
}

// At is where one of the five sets is kept.
func (s *Sets) At(k Kind) *Set {
	switch k {
	case Inheritable:
		return &s.Inheritable
	case Permitted:
		return &s.Permitted
	case Effective:
		return &s.Effective
	case Bounding:
		return &s.Bounding
	case Ambient:
		return &s.Ambient
	}
	panic("caps: no such kind of set")
}
