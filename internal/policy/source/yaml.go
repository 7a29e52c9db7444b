package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"gopkg.in/yaml.v3" // the only import of it

	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/policy"
)

// read turns text into a node; nil where it is not YAML. An empty text is a
// KindNull.
func (p *parser) read(text []byte) *policy.Node {
	p.directives()
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var first yaml.Node
	switch err := decode(dec, &first); {
	case errors.Is(err, io.EOF):
		return &policy.Node{Kind: policy.KindNull, Span: diag.At(1, 1)}
	case err != nil:
		p.syntax(err, text)
		return nil
	}
	root := p.node(first.Content[0], 1)
	p.second(dec, text)
	return root
}

// second reports a further document; readers that stop after the first one
// drop it without a word.
func (p *parser) second(dec *yaml.Decoder, text []byte) {
	var n yaml.Node
	switch err := decode(dec, &n); {
	case errors.Is(err, io.EOF):
	case err != nil:
		p.syntax(err, text)
	default:
		p.report(diag.YAMLDocument, p.separator(place(n.Content[0]).Line), "found a second YAML document; a file holds one profile",
			"put it into a file of its own, or remove it")
	}
}

// separator is the `---` above a line.
func (p *parser) separator(line int) diag.Span {
	for n := min(line, len(p.lines)); n > 1; n-- {
		if strings.HasPrefix(p.lines[n-1], "---") {
			return wide(diag.Position{Line: n, Column: 1}, "---")
		}
	}
	return p.whole(min(line, len(p.lines)))
}

// decode reads one document. A panic of the reader is an error like others: the
// module is archived, and a profile may come from a stranger.
func decode(dec *yaml.Decoder, n *yaml.Node) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("the YAML reader failed: %v", v)
		}
	}()
	if err = dec.Decode(n); err == nil && len(n.Content) != 1 {
		return io.EOF
	}
	return err
}

// stopOffset is how much of a broken text the reader takes before it gives up.
func stopOffset(text []byte) int {
	drip := &dripReader{text: text}
	dec := yaml.NewDecoder(drip)
	for {
		var n yaml.Node
		if decode(dec, &n) != nil {
			return drip.offset
		}
	}
}

// dripReader hands out one byte at a time.
type dripReader struct {
	text   []byte
	offset int
}

func (d *dripReader) Read(b []byte) (int, error) {
	if d.offset == len(d.text) || len(b) == 0 {
		return 0, io.EOF
	}
	b[0] = d.text[d.offset]
	d.offset++
	return 1, nil
}

func place(n *yaml.Node) diag.Position {
	return diag.Position{Line: max(n.Line, 1), Column: max(n.Column, 1)}
}

// node converts n, at a depth counted from 1.
func (p *parser) node(n *yaml.Node, depth int) *policy.Node {
	out := &policy.Node{Span: p.span(place(n), n.Value)}
	if p.nodes++; p.nodes > policy.MaxNodes {
		return p.bound(tooManyNodes(out.Span), out)
	}
	if n.Kind == yaml.AliasNode {
		p.report(diag.YAMLAlias, out.Span, fmt.Sprintf("found the alias %q", "*"+n.Value), "write the value out")
		return out
	}
	if p.property(n, out.Span) {
		return out
	}
	switch n.Kind {
	case yaml.ScalarNode:
		out.Kind, out.Text, out.Plain = scalarKind(n), n.Value, n.Style == 0
	case yaml.SequenceNode:
		p.items(n, out, depth)
	case yaml.MappingNode:
		p.pairs(n, out, depth)
	}
	return out
}

// property reports an anchor or a tag; it says whether the value's type can no
// longer be told.
func (p *parser) property(n *yaml.Node, at diag.Span) bool {
	if n.Anchor != "" {
		p.report(diag.YAMLAnchor, at, fmt.Sprintf("found the anchor %q", "&"+n.Anchor), "remove it, and write the value where it belongs")
	}
	rest := p.rest(at.Start)
	if n.Style&yaml.TaggedStyle != 0 || len(rest) > 0 && rest[0] == '!' {
		p.report(diag.YAMLTag, at, fmt.Sprintf("found the tag %q", tagText(n, rest)), "remove it; text that looks like a number goes in quotes")
		return true
	}
	return false
}

func tagText(n *yaml.Node, rest string) string {
	if len(rest) > 0 && rest[0] == '!' {
		return rest[:wordLength(rest)]
	}
	return n.Tag
}

func scalarKind(n *yaml.Node) policy.Kind {
	switch {
	case n.Style != 0:
		return policy.KindText
	case n.ShortTag() == "!!int", n.ShortTag() == "!!float":
		return policy.KindNumber
	case n.ShortTag() == "!!bool":
		return policy.KindBool
	case n.ShortTag() == "!!null":
		return policy.KindNull
	}
	return policy.KindText
}

func (p *parser) items(n *yaml.Node, out *policy.Node, depth int) {
	if depth > policy.MaxDepth {
		p.bound(tooDeep(out.Span), out)
		return
	}
	out.Kind = policy.KindList
	for _, item := range n.Content {
		if p.full {
			return
		}
		out.Items = append(out.Items, p.node(item, depth+1))
	}
}

func (p *parser) pairs(n *yaml.Node, out *policy.Node, depth int) {
	if depth > policy.MaxDepth {
		p.bound(tooDeep(out.Span), out)
		return
	}
	out.Kind = policy.KindMap
	for i := 0; i+1 < len(n.Content) && !p.full; i += 2 {
		key := p.node(n.Content[i], depth+1)
		value := p.node(n.Content[i+1], depth+1)
		if p.keyed(n.Content[i], key, out) {
			out.Pairs = append(out.Pairs, policy.Pair{Key: key, Value: value})
		}
	}
}

// keyed says whether key can stand in out, and reports why not.
func (p *parser) keyed(n *yaml.Node, key, out *policy.Node) bool {
	switch {
	case key.Kind == policy.KindInvalid:
		return false
	case n.ShortTag() == "!!merge":
		p.report(diag.YAMLMerge, key.Span, "found the merge key \"<<\"", "write the keys out")
		return false
	case key.Kind == policy.KindMap || key.Kind == policy.KindList || key.Kind == policy.KindNull && key.Text == "":
		p.report(diag.WrongType, key.Span, "a key is a word; found "+key.Kind.String(), "")
		return false
	}
	if first := out.Pair(key.Text); first != nil {
		p.report(diag.DuplicateKey, key.Span, fmt.Sprintf("the key %q stands here twice", key.Text), "keep one of the two")
		last := &p.list[len(p.list)-1]
		last.Notes = []diag.Note{{Message: "it stands here as well", File: p.file, Span: first.Key.Span}}
		return false
	}
	return true
}

// bound reports once that a bound was passed, and ends the reading.
func (p *parser) bound(d *diag.Diagnostic, out *policy.Node) *policy.Node {
	if !p.full {
		p.full = true
		d.File = p.file
		p.list = append(p.list, *d)
	}
	return out
}
