package cli

import (
	"errors"
	"flag"
	"strings"

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/host"
	"github.com/netjail/netjail/internal/policy"
)

// selection is what the flags of a command say about the profile that it is
// given: which digest it must have, and what is added to it.
type selection struct {
	digest digestFlag
	added  []policy.Addition
	// runs is true where the profile is to be applied, so that it must be trusted.
	runs bool
}

// declarePin adds the flag that pins the profile.
func (s *selection) declarePin(fs *flag.FlagSet) {
	fs.Var(&s.digest, "digest", "refuse the profile where its digest is not `SHA256`, as `netjail show` prints it; with what the other flags add")
}

// declareAdditions adds the flags that loosen the profile. Each may be given
// several times.
func (s *selection) declareAdditions(fs *flag.FlagSet) {
	fs.Var(&additionFlag{s, policy.KeyWritable}, "writable", "share `PATH` with the command, to be written; a relative one begins at the working directory")
	fs.Var(&additionFlag{s, policy.KeyPass}, "env", "pass the caller's variable `NAME`, also where it looks like a secret")
	fs.Var(&additionFlag{s, policy.KeyFDs}, "fd", "keep descriptor `N` open")
}

// additionFlag adds to one key.
type additionFlag struct {
	of  *selection
	key string
}

// String is empty: the flag has no default.
func (f *additionFlag) String() string { return "" }

// Set notes one addition. What is wrong with it is told with the profile, on
// which it depends.
func (f *additionFlag) Set(value string) error {
	if f.key == policy.KeyWritable {
		value = fromWorkdir(value, host.Workdir())
	}
	f.of.added = append(f.of.added, policy.Addition{Key: f.key, Value: value})
	return nil
}

// fromWorkdir is a path of the command line as a profile writes one: absolute,
// without the slash that a shell's completion leaves. `.`, `project` and what
// begins with `~` are the profile's own words. Leading `..` are taken off the
// working directory, which holds no link; what stands between names is left for
// the profile's rules to refuse.
func fromWorkdir(path, workdir string) string {
	if len(path) > 1 {
		path = strings.TrimSuffix(path, "/")
	}
	if path == "" || path == "." || path == "project" || path[0] == '/' || path[0] == '~' || workdir == "" {
		return path
	}
	for {
		head, rest, more := strings.Cut(path, "/")
		switch head {
		case ".":
		case "..":
			workdir = workdir[:max(strings.LastIndexByte(workdir, '/'), 0)]
		default:
			return strings.TrimSuffix(workdir, "/") + "/" + path
		}
		if path = rest; !more {
			return max(workdir, "/")
		}
	}
}

// digestFlag is a digest, or nothing.
type digestFlag string

const digestPrefix = "sha256:"

// String is the digest.
func (f *digestFlag) String() string { return string(*f) }

// Set takes a whole digest: the beginning of one, which a list prints, would pin
// less than it seems to.
func (f *digestFlag) Set(s string) error {
	hex, ok := strings.CutPrefix(s, digestPrefix)
	if !ok || len(hex) != 64 || strings.Trim(hex, "0123456789abcdef") != "" {
		return errors.New("expected sha256: and 64 digits, 0 to 9 and a to f")
	}
	*f = digestFlag(s)
	return nil
}

// load resolves the profile that a command is given, with what its flags add,
// and holds it to its digest.
//
// Errors: *problems, *fault.
func (s *selection) load(a *app, arg string) (*profile, error) {
	p, err := a.loadProfile(arg)
	if err != nil {
		return nil, err
	}
	digest := p.Digest
	if err := s.add(a, p); err != nil {
		return nil, err
	}
	if s.runs && s.digest == "" {
		return p, a.admit(p, digest)
	}
	if s.digest != "" && string(s.digest) != p.Digest {
		return nil, &fault{
			message: "the profile " + p.name + " is not the one that --digest names",
			cause:   "its digest is " + p.Digest + ", expected " + string(s.digest),
			help:    "`netjail show` prints what it is now; `netjail diff` tells what has changed between two revisions",
		}
	}
	return p, nil
}

// add adds what the flags say. The rules about several keys are kept by
// compiling what came out.
func (s *selection) add(a *app, p *profile) error {
	r, made, err := p.With(s.added)
	var bad *policy.AdditionError
	if errors.As(err, &bad) {
		return &fault{message: flagOf(bad.Key) + " " + diag.Quote(bad.Value) + ": " + bad.Message, help: bad.Help}
	}
	if err != nil || len(made) == 0 {
		return err
	}
	whole := &policy.Source{File: policy.CommandLine, Text: policy.Print(r)}
	if _, list := policy.Resolve(whole, a.readers.Parse, nil); list.Errors() > 0 {
		return &fault{message: policy.CommandLine + ": " + list[0].Message, cause: "it stands in the profile, or its default does: " + list[0].Path, help: list[0].Help}
	}
	p.named, p.added, p.Resolved = p.Resolved.Policy, made, r
	return nil
}

// flagOf is the flag that adds to a key.
func flagOf(key string) string {
	switch key {
	case policy.KeyWritable:
		return "--writable"
	case policy.KeyPass:
		return "--env"
	}
	return "--fd"
}
