package catalog

// Place is where a profile was found.
type Place uint8

// The places.
const (
	Project Place = iota // a directory `.netjail` from the working directory up to the repository's root
	User                 // below the user's configuration directory
	System               // for everybody on this machine
	BuiltIn              // in netjail itself
	places
)

var placeNames = [places]string{"project", "user", "system", "built-in"}

// String is the place in lower case, e.g. "built-in".
func (p Place) String() string { return placeNames[p] }

// Places lists every place.
func Places() []Place { return []Place{Project, User, System, BuiltIn} }

// Dir is a directory that holds profiles: NAME.yaml is the profile NAME.
type Dir struct {
	Place Place
	Path  string // absolute
}

// file is the path of a profile.
func (d *Dir) file(name string) string { return d.Path + "/" + name + extension }

const extension = ".yaml"
