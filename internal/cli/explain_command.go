package cli

import (
	"flag"
	"strings"

	"github.com/netjail/netjail/internal/audit"
	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/policy"
)

func explainCommand() *command {
	return &command{
		name: "explain", args: "NAME",
		brief: "say what a key, a word, a check or a code means",
		text: []string{
			"NAME is a key of a profile with its path, such as filesystem.root, or its last part; a word that keys take, such as isolated; a check or a channel of the audit, such as caps.bounding; or a code of a problem, such as unknown-key. What several of them are called is explained for each.",
		},
		min: 1, max: 1, exits: exitsOfRest,
		examples: []example{
			{"netjail explain filesystem.home", "what the key takes, and what proves it"},
			{"netjail explain proc.reaper", "what a line of the report rests on"},
		},
		prepare: func(*flag.FlagSet) func(*call) status { return (*call).meaning },
	}
}

// meaning prints everything that is called by the argument.
func (c *call) meaning() status {
	name := c.args[0]
	var all []entry
	for _, find := range []func(string) []entry{keyEntries, wordEntries, checkEntries, codeEntries} {
		all = append(all, find(name)...)
	}
	if len(all) == 0 {
		c.explain(unknownName(name))
		return exit(exitFindings)
	}
	var text []byte
	for i, e := range all {
		if i > 0 {
			text = append(text, '\n')
		}
		text = e.append(text)
	}
	return c.result(text)
}

// entry is one thing that is explained.
type entry struct {
	title string // "key filesystem.root"
	text  string // whole sentences
	terms []term // empty ones are left out
}

type term struct{ name, meaning string }

func (e *entry) append(b []byte) []byte {
	b = append(b, e.title+"\n"...)
	b = appendWrapped(append(b, "  "...), e.text, 2)
	for _, t := range e.terms {
		if t.meaning != "" {
			b = appendEntry(b, t.name, t.meaning)
		}
	}
	return b
}

// keyEntries are the keys with this path or, where there is none, with this last
// part.
func keyEntries(name string) []entry {
	var whole, last []entry
	for _, k := range policy.Keys() {
		switch name {
		case k.Path:
			whole = append(whole, keyEntry(&k))
		case k.Name():
			last = append(last, keyEntry(&k))
		}
	}
	if whole != nil {
		return whole
	}
	return last
}

func keyEntry(k *policy.Key) entry {
	e := entry{title: "key " + k.Path, text: k.Meaning, terms: []term{{"takes", strings.ReplaceAll(k.Type(), "`", "")}, {"default", k.Default}}}
	if k.Required {
		e.terms[1].meaning = "none: it must be written"
	}
	for _, w := range append(k.AllWords(), k.ItemWords()...) {
		e.terms = append(e.terms, term{w.Text, w.Meaning})
	}
	for _, x := range k.Examples {
		e.terms = append(e.terms, term{"example", strings.TrimSuffix(k.Name(), "[]") + ": " + x})
	}
	e.terms = append(e.terms, term{"proved by", strings.Join(k.Checks, ", ")})
	return e
}

// wordEntries are the keys that take this word, with what it means there.
func wordEntries(name string) []entry {
	var all []entry
	for _, k := range policy.Keys() {
		for _, w := range append(k.AllWords(), k.ItemWords()...) {
			if w.Text == name && w.Meaning != "" {
				all = append(all, entry{title: "word " + name + ", of key " + k.Path, text: w.Meaning})
			}
		}
	}
	return all
}

// checkEntries are the rule or the channel of this name.
func checkEntries(name string) []entry {
	if r, ok := audit.Lookup(name); ok {
		key := strings.TrimPrefix(r.Key, "-")
		return []entry{{"check " + r.ID, r.Proves, []term{
			{"evidence", r.Evidence}, {"control", r.Control}, {"key", key}, {"where it fails", r.Remedy},
		}}}
	}
	if c, ok := audit.LookupChannel(name); ok {
		return []entry{{"channel " + c.ID, c.Title + ": " + c.Reason, []term{{"verdict", "not examined: no check of this version looks at it"}}}}
	}
	return nil
}

// codeEntries are the problem with this code.
func codeEntries(name string) []entry {
	if i, ok := diag.Lookup(diag.Code(name)); ok {
		return []entry{{title: "code " + name + ": " + i.Title, text: i.Explanation}}
	}
	return nil
}

// explainable lists every name that has a meaning.
func explainable() []string {
	var names []string
	for _, k := range policy.Keys() {
		names = append(names, k.Path)
		for _, w := range append(k.AllWords(), k.ItemWords()...) {
			if w.Meaning != "" {
				names = append(names, w.Text)
			}
		}
	}
	for _, r := range audit.Rules() {
		names = append(names, r.ID)
	}
	for _, c := range audit.Channels() {
		names = append(names, c.ID)
	}
	for _, i := range diag.Codes() {
		names = append(names, string(i.Code))
	}
	return names
}

func unknownName(name string) *fault {
	f := &fault{
		message: "nothing is called " + diag.Quote(name),
		help:    "`netjail schema` lists the keys, a report names the checks, and a problem ends in its code",
	}
	if near, ok := diag.Nearest(name, explainable()); ok {
		f.help = "did you mean " + diag.Quote(near) + "?"
	}
	return f
}
