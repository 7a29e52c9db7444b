package source

import (
	"github.com/netjail/netjail/internal/diag"
	"github.com/netjail/netjail/internal/policy"
)

// Parse reads a profile's YAML. file is the name that diagnostics carry.
//
// The Document is nil where nothing could be read. Where it is not nil it can
// be compiled in spite of problems in the list, so that all problems are seen
// in one run; its Policy must not be used then.
func Parse(file string, src []byte) (*policy.Document, diag.List) {
	text, list := guard(file, src)
	if len(list) > 0 {
		return nil, list
	}
	p := parser{file: file, lines: splitLines(text)}
	root := p.read(text)
	doc := &policy.Document{File: file, Root: root}
	switch {
	case root == nil, p.full:
		doc = nil
	case root.Kind == policy.KindNull:
		p.report(diag.EmptyProfile, diag.Span{}, "the file holds no profile", "the smallest one is:\n"+policy.Smallest)
		doc = nil
	case root.Kind != policy.KindMap:
		if root.Kind != policy.KindInvalid {
			p.report(diag.WrongType, root.Span, "a profile is a mapping of keys; found "+root.Kind.String(), "the smallest one is:\n"+policy.Smallest)
		}
		doc = nil
	}
	p.list = append(p.list, patterns(doc)...)
	p.list.Sort()
	return doc, p.list
}

// parser collects what is found between bytes and Document.
type parser struct {
	file  string
	lines []string
	list  diag.List
	nodes int
	full  bool // a bound was passed; nothing further is read

	// where rest looked last: nodes come in the order of the text, so that a
	// line of 10,000 values is walked once.
	at     diag.Position
	offset int
}

func (p *parser) report(code diag.Code, at diag.Span, message, help string) {
	p.list = append(p.list, diag.Diagnostic{Code: code, File: p.file, Span: at, Message: message, Help: help})
}
