package report

import "io"

// Listing is the list of profiles that can be called by name.
type Listing struct{ Profiles []Listed }

// Listed is one profile, or why there is none.
type Listed struct {
	Name string
	// Source is where it was found: one of the words of ListSources.
	Source string
	// Path is its file; empty for a built-in profile.
	Path string
	// Digest and Description are empty where Error is not.
	Digest, Description string
	// Trust is one of the words of ListTrust.
	Trust string
	// Error says why it cannot be run by its name.
	Error string
}

// ListSources are the words for where a profile was found.
func ListSources() []string { return []string{"project", "user", "system", BuiltIn} }

// The words for whether a profile may run by its name.
const (
	TrustNotNeeded = "not needed" // it is not a project's
	Trusted        = "trusted"
	Untrusted      = "untrusted"
	TrustChanged   = "changed" // another state of it is trusted
	TrustUnknown   = "unknown" // what is trusted cannot be told, or the profile is broken
)

// ListTrust are the words for whether a profile may run by its name.
func ListTrust() []string {
	return []string{TrustNotNeeded, Trusted, Untrusted, TrustChanged, TrustUnknown}
}

// ListSchemaID is where the schema of the list is published.
const ListSchemaID = "https://github.com/netjail/netjail/docs/schema/netjail-list-v1.schema.json"

func listObject() object[Listing] {
	return object[Listing]{
		fixed[Listing]("version", "Version of this form.", Version),
		parts("profiles", "By name, then from the project outward.", listedObject(), func(l *Listing) []Listed { return l.Profiles }),
	}
}

func listedObject() object[Listed] {
	return object[Listed]{
		text("name", "Name of the profile; empty for a directory that cannot be listed.", func(l *Listed) string { return l.Name }),
		word("source", "Where it was found.", func(l *Listed) string { return l.Source }, ListSources()),
		text("path", "Its file, absolute; empty for a built-in profile.", func(l *Listed) string { return l.Path }),
		text("digest", "sha256 over the resolved profile; empty where there is an error.", func(l *Listed) string { return l.Digest }),
		text("description", "What it is for.", func(l *Listed) string { return l.Description }),
		word("trust", "Whether it may run by its name: a project's profile needs to be trusted.", func(l *Listed) string { return l.Trust }, ListTrust()),
		text("error", "Why it cannot be called by its name; empty where it can.", func(l *Listed) string { return l.Error }),
	}
}

// WriteListJSON writes the list as one JSON object by the schema that ListSchema
// gives, and a line break.
func WriteListJSON(w io.Writer, l *Listing) error {
	_, err := w.Write(append(listObject().append(nil, l), '\n'))
	return err
}

// ListSchema is the JSON Schema (draft 2020-12) of WriteListJSON's output.
func ListSchema() []byte {
	return document(ListSchemaID, "netjail list of profiles, version 1", listObject().shape())
}
