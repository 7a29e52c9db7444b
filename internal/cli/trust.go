package cli

import (
	"flag"
	"io"
	"path/filepath"
	"strings"

	"github.com/netjail/netjail/internal/catalog"
	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/host"
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/trust"
)

func trustCommand() *command {
	return &command{
		name: "trust", args: "[--digest SHA256] [--dry-run] [--list] [--revoke] [PATH]",
		brief: "accept a project's profile, so that it runs by its name",
		text: []string{
			"A profile in a project's .netjail is as foreign as the project's code. By its name it runs only once it was accepted here, and until it, or what it extends, changes: what is kept is the digest of the resolved profile, for each file, below XDG_DATA_HOME (~/.local/share) in netjail/trust. By its path, and with `run --digest`, a profile runs without.",
			"Prints what is accepted: the resolved profile or, where another state of it was trusted before, what has changed since. PATH is the file, or the profile's name.",
		},
		min: 0, max: 1, exits: exitsOfRest,
		examples: []example{
			{"netjail trust --dry-run .netjail/ci.yaml", "what there is to accept"},
			{"netjail trust .netjail/ci.yaml", "accept it"},
			{"netjail trust --list", "what was accepted, and whether it is still the same"},
		},
		prepare: func(fs *flag.FlagSet) func(*call) status {
			o := &trustOptions{}
			fs.Var(&o.digest, "digest", "accept the profile only if its digest is `SHA256`")
			fs.BoolVar(&o.dry, "dry-run", false, "print what would be accepted, and accept nothing")
			fs.BoolVar(&o.list, "list", false, "list what was accepted")
			fs.BoolVar(&o.revoke, "revoke", false, "accept it no longer")
			return o.run
		},
	}
}

type trustOptions struct {
	digest            digestFlag
	dry, list, revoke bool
}

func (o *trustOptions) run(c *call) status {
	if wrong := o.misused(len(c.args)); wrong != "" {
		return c.misuse(exitUsage, &usageError{"trust: " + wrong, "usage: netjail trust " + trustCommand().args})
	}
	store, err := c.trustStore()
	if err != nil {
		return c.unable(err)
	}
	switch {
	case o.list:
		return c.listTrusted(store)
	case o.revoke:
		return c.revoke(store)
	}
	return o.accept(c, store)
}

// misused says what does not go together.
func (o *trustOptions) misused(args int) string {
	switch {
	case o.list && o.revoke:
		return "--list and --revoke are two commands"
	case o.list && args > 0:
		return "--list takes no argument"
	case !o.list && args == 0:
		return "an argument is missing"
	case (o.list || o.revoke) && (o.dry || o.digest != ""):
		return "--dry-run and --digest are about what is accepted"
	}
	return ""
}

// accept keeps the digest of what is at the path now.
func (o *trustOptions) accept(c *call, store *trust.Store) status {
	p, err := c.projectProfile(c.args[0])
	if err != nil {
		return c.unable(err)
	}
	if o.digest != "" && string(o.digest) != p.Digest {
		return c.unable(&fault{
			message: "the profile " + p.found.Path + " is not the one that --digest names",
			cause:   "its digest is " + p.Digest + ", expected " + string(o.digest),
		})
	}
	before, err := store.Find(p.found.Path)
	if err != nil {
		return c.unable(trustFault(err))
	}
	said := "trusted"
	switch {
	case before != nil && before.Digest == p.Digest:
		said = "was trusted already"
	case o.dry:
		said = "not trusted: this was a dry run"
	default:
		if err := store.Add(&trust.Record{Path: p.found.Path, Digest: p.Digest, Profile: policy.Print(p.Resolved)}); err != nil {
			return c.unable(trustFault(err))
		}
	}
	s := c.result(c.news(before, p))
	io.WriteString(c.stderr, "netjail: "+oneLine(p.found.Path)+" ("+shortDigest(p.Digest)+"): "+said+"\n")
	return s
}

// news is what there is to read before a profile is accepted: all of it, or what
// has changed since it was accepted last.
func (a *app) news(before *trust.Record, p *profile) []byte {
	if before == nil {
		return policy.Print(p.Resolved)
	}
	if before.Digest == p.Digest {
		return nil
	}
	// What an older netjail has kept may not be a profile of this one any more.
	old, list := policy.Resolve(&policy.Source{File: before.Path, Text: before.Profile}, a.readers.Parse, nil)
	if old == nil || list.Errors() > 0 {
		return policy.Print(p.Resolved)
	}
	return diffText(policy.Diff(old.Policy, p.Policy))
}

// projectProfile reads a project's profile, by its name or by a path that ends in
// .netjail/NAME.yaml.
//
// Errors: *problems, *fault.
func (a *app) projectProfile(arg string) (*profile, error) {
	if !isPath(arg) {
		p, err := a.loadNamed(arg)
		if err == nil && (p.found == nil || p.found.Place != catalog.Project) {
			return nil, &fault{message: "the profile " + diag.Quote(arg) + " is not a project's", help: "only a project's profiles need to be trusted: it runs as it is"}
		}
		return p, err
	}
	dir, name, err := trustPath(arg)
	if err != nil {
		return nil, err
	}
	found, err := a.catalog().At(dir, name)
	if err != nil {
		return nil, findFault(name, err)
	}
	return a.compileFound(found)
}

// trustPath is a path as a name's search finds it: without links in what leads to
// the project.
func trustPath(arg string) (dir, name string, err error) {
	path := arg
	if !strings.HasPrefix(path, "/") {
		path = host.Workdir() + "/" + path
	}
	dir, file := filepath.Split(filepath.Clean(path))
	name, ok := strings.CutSuffix(file, ".yaml")
	dir = strings.TrimSuffix(dir, "/")
	if filepath.Base(dir) != catalog.ProjectDir || !ok || !catalog.Named(name) {
		return "", "", &fault{
			message: "the file " + arg + " is not one that is found by a name",
			cause:   "a project's profiles are " + catalog.ProjectDir + "/NAME.yaml",
			help:    "a file that is named by its path runs without trust",
		}
	}
	if above, err := filepath.EvalSymlinks(filepath.Dir(dir)); err == nil {
		dir = strings.TrimSuffix(above, "/") + "/" + catalog.ProjectDir
	}
	return dir, name, nil
}

// revoke forgets a path, also one at which nothing is any more.
func (c *call) revoke(store *trust.Store) status {
	arg := c.args[0]
	if !isPath(arg) {
		p, err := c.projectProfile(arg)
		if err != nil {
			return c.unable(err)
		}
		arg = p.found.Path
	}
	dir, name, err := trustPath(arg)
	if err != nil {
		return c.unable(err)
	}
	path := dir + "/" + name + ".yaml"
	was, err := store.Remove(path)
	switch {
	case err != nil:
		return c.unable(trustFault(err))
	case !was:
		return c.unable(&fault{message: "nothing at " + path + " is trusted", help: "`netjail trust --list` prints what is"})
	}
	io.WriteString(c.stderr, "netjail: "+oneLine(path)+": not trusted any more\n")
	return exit(exitOK)
}

// listTrusted prints a line for each record.
func (c *call) listTrusted(store *trust.Store) status {
	all, err := store.List()
	if err != nil {
		return c.unable(trustFault(err))
	}
	var b []byte
	for i := range all {
		r := &all[i]
		b = append(b, pad(c.stateOf(r), 8)+"  "+shortDigest(r.Digest)+"  "+oneLine(r.Path)+"\n"...)
	}
	return c.result(b)
}

// stateOf says what has become of what was trusted.
func (a *app) stateOf(r *trust.Record) string {
	dir, name, err := trustPath(r.Path)
	if err != nil {
		return "unknown"
	}
	found, err := a.catalog().At(dir, name)
	if err != nil {
		return "gone"
	}
	p, err := a.compileFound(found)
	switch {
	case err != nil:
		return "broken"
	case p.Digest != r.Digest:
		return "changed"
	}
	return "trusted"
}
