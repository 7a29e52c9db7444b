package policy

import (
	"slices"
	"strconv"
	"strings"
)

// Origin says where a key's value came from.
type Origin struct {
	Key  string // dotted path
	File string
	Line int // 1-based; 0 where the value is the default
	// Added is true where the command line added to the value.
	Added bool
}

// String is "file:line" or "default", and "file:line and command line" where
// something was added.
func (o Origin) String() string {
	text := "default"
	if o.Line != 0 {
		text = o.File + ":" + strconv.Itoa(o.Line)
	}
	if o.Added {
		text += " and " + CommandLine
	}
	return text
}

// Origins are sorted by key.
type Origins []Origin

// Of is the origin of a key's value. A key inside of one that is printed whole,
// such as loopback.state, has the origin of that one; a key that nothing is
// known about counts as default.
func (o Origins) Of(key string) Origin {
	for k := key; k != ""; {
		i, found := slices.BinarySearchFunc(o, k, func(o Origin, k string) int { return strings.Compare(o.Key, k) })
		if found {
			return Origin{Key: key, File: o[i].File, Line: o[i].Line, Added: o[i].Added}
		}
		k = k[:max(strings.LastIndexByte(k, '.'), 0)]
	}
	return Origin{Key: key}
}

// originsOf lists the origins of all keys that are printed.
func originsOf(doc *Document, p *Policy) Origins {
	out := make(Origins, 0, keyCount())
	for k := range eachKey {
		if k.write == nil || k.write(p, k).form == formAbsent {
			continue
		}
		o := Origin{Key: k.Path}
		if at := doc.stated(k.Path); at != nil {
			o.File, o.Line = doc.fileOf(at.Key), at.Key.Span.Start.Line
		}
		out = append(out, o)
	}
	slices.SortFunc(out, func(a, b Origin) int { return strings.Compare(a.Key, b.Key) })
	return out
}
