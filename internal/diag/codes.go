package diag

// Code names a kind of problem. Codes are stable: scripts may match them.
type Code string

// Info is the documentation of a Code.
type Info struct {
	Code        Code
	Title       string // a few words
	Explanation string // why it is a problem and what to do; whole sentences
}

// The codes, in the order of the table below.
const (
	FileNotFound    Code = "file-not-found"
	FileUnreadable  Code = "file-unreadable"
	FileNotRegular  Code = "file-not-regular"
	FileTooLarge    Code = "file-too-large"
	NotText         Code = "not-text"
	HiddenCharacter Code = "hidden-character"
	TooDeep         Code = "too-deep"
	TooManyNodes    Code = "too-many-nodes"
	EmptyProfile    Code = "empty-profile"

	YAMLSyntax    Code = "yaml-syntax"
	YAMLTab       Code = "yaml-tab"
	YAMLDocument  Code = "yaml-document"
	YAMLDirective Code = "yaml-directive"
	YAMLAnchor    Code = "yaml-anchor"
	YAMLAlias     Code = "yaml-alias"
	YAMLMerge     Code = "yaml-merge"
	YAMLTag       Code = "yaml-tag"
	YAMLBoolean   Code = "yaml-boolean"
	DuplicateKey  Code = "duplicate-key"

	UnknownKey     Code = "unknown-key"
	MissingKey     Code = "missing-key"
	WrongType      Code = "wrong-type"
	NullValue      Code = "null-value"
	EmptyValue     Code = "empty-value"
	UnknownValue   Code = "unknown-value"
	NumberSpelling Code = "number-spelling"
	NumberRange    Code = "number-range"
	DuplicateValue Code = "duplicate-value"
	BadText        Code = "bad-text"
	BadName        Code = "bad-name"
	BadHostname    Code = "bad-hostname"
	BadAddress     Code = "bad-address"
	UnknownCap     Code = "unknown-capability"
	UnknownFamily  Code = "unknown-family"
	BadPath        Code = "bad-path"
	UnknownOption  Code = "unknown-mount-option"
	UnknownCheck   Code = "unknown-check"

	PIDWithoutMount        Code = "pid-without-mount"
	MapWithoutUser         Code = "map-without-user"
	LoopbackWithoutNetwork Code = "loopback-without-network"
	HostnameWithoutUTS     Code = "hostname-without-uts"
	IDOverlap              Code = "id-overlap"
	IDOverflow             Code = "id-overflow"
	HostRootMapped         Code = "host-root-mapped"
	HostRootNotMapped      Code = "host-root-not-mapped"
	CallerSize             Code = "caller-size"
	TooManyMappings        Code = "too-many-mappings"
	AddressesWhileDown     Code = "addresses-while-down"
	NotLoopback            Code = "not-loopback"
	CapabilityRule         Code = "capability-rule"

	FilterWithoutNoNewPrivileges Code = "filter-without-no-new-privileges"

	FilesWithoutMount        Code = "files-without-mount"
	WritableRoot             Code = "writable-root"
	ProtectedWithoutWritable Code = "protected-without-writable"
	PathTwice                Code = "path-twice"
	MountRule                Code = "mount-rule"
	UnixInReach              Code = "unix-in-reach"

	BadUmask       Code = "bad-umask"
	RlimitRule     Code = "rlimit-rule"
	BadDuration    Code = "bad-duration"
	TestRule       Code = "test-rule"
	BadEndpoint    Code = "bad-endpoint"
	BadPattern     Code = "bad-pattern"
	BadParent      Code = "bad-parent"
	MissingParent  Code = "missing-parent"
	BrokenParent   Code = "broken-parent"
	ExtendsCycle   Code = "extends-cycle"
	ExtendsDepth   Code = "extends-depth"
	NothingToEdit  Code = "nothing-to-edit"
	RemovesNothing Code = "removes-nothing"
	LoosensParent  Code = "loosens-parent"
	LoosensNothing Code = "loosens-nothing"
	NotPreferable  Code = "not-preferable"
)

// Codes is the table of all codes, in the order of the reference.
func Codes() []Info { return infos[:] }

// Lookup finds the documentation of a code.
func Lookup(c Code) (Info, bool) {
	for i := range infos {
		if infos[i].Code == c {
			return infos[i], true
		}
	}
	return Info{}, false
}
