package report

import (
	"strings"

	"github.com/netjail/netjail/internal/diag"
)

// SchemaID is where the schema of the report is published.
const SchemaID = "https://github.com/netjail/netjail/docs/schema/netjail-report-v1.schema.json"

// shape is what the schema says of one value.
type shape struct {
	kind     string
	words    []string // the strings that there are
	format   string
	constant string
	items    *shape     // of an array
	members  []property // of an object
}

type property struct {
	name, doc string
	shape     shape
}

// shape is the object as the schema describes it.
func (o object[T]) shape() shape {
	s := shape{kind: "object"}
	for _, m := range o {
		s.members = append(s.members, property{m.name, m.doc, m.shape})
	}
	return s
}

// Schema is the JSON Schema (draft 2020-12) of WriteJSON's output. A report may
// gain members within a version, so that unknown ones are allowed.
func Schema() []byte {
	return document(SchemaID, "netjail audit report, version 1", reportObject().shape())
}

// DriftSchema is the same for a comparison with a baseline.
func DriftSchema() []byte {
	return document(DriftSchemaID, "netjail comparison of audit reports, version 1", driftObject().shape())
}

// document is a whole schema.
func document(id, title string, s shape) []byte {
	dst := []byte("{\n")
	dst = appendKeyword(dst, 1, "$schema", "https://json-schema.org/draft/2020-12/schema")
	dst = appendKeyword(dst, 1, "$id", id)
	dst = appendKeyword(dst, 1, "title", title)
	return append(s.append(dst, 1), "\n}\n"...)
}

// append appends the keywords of a shape, without the braces around them.
func (s shape) append(dst []byte, depth int) []byte {
	if s.constant != "" {
		return append(append(indent(dst, depth), `"const": `...), s.constant...)
	}
	dst = diag.AppendQuote(append(indent(dst, depth), `"type": `...), s.kind)
	switch {
	case s.words != nil:
		dst = appendWords(append(indent(append(dst, ",\n"...), depth), `"enum": `...), s.words)
	case s.format != "":
		dst = diag.AppendQuote(append(indent(append(dst, ",\n"...), depth), `"format": `...), s.format)
	case s.kind == "integer":
		dst = append(indent(append(dst, ",\n"...), depth), `"minimum": 0`...)
	case s.items != nil:
		dst = append(indent(append(dst, ",\n"...), depth), "\"items\": {\n"...)
		dst = append(indent(append(s.items.append(dst, depth+1), '\n'), depth), '}')
	case s.kind == "object":
		dst = s.appendMembers(append(dst, ",\n"...), depth)
	}
	return dst
}

func (s shape) appendMembers(dst []byte, depth int) []byte {
	required := make([]string, 0, len(s.members))
	dst = append(indent(dst, depth), "\"properties\": {\n"...)
	for i, m := range s.members {
		if i > 0 {
			dst = append(dst, ",\n"...)
		}
		required = append(required, m.name)
		dst = append(diag.AppendQuote(indent(dst, depth+1), m.name), ": {\n"...)
		dst = appendKeyword(dst, depth+2, "description", m.doc)
		dst = append(indent(append(m.shape.append(dst, depth+2), '\n'), depth+1), '}')
	}
	dst = append(indent(append(dst, '\n'), depth), "},\n"...)
	return appendWords(append(indent(dst, depth), `"required": `...), required)
}

// appendKeyword appends a keyword with more behind it.
func appendKeyword(dst []byte, depth int, name, value string) []byte {
	dst = append(diag.AppendQuote(indent(dst, depth), name), ": "...)
	return append(diag.AppendQuote(dst, value), ",\n"...)
}

func appendWords(dst []byte, words []string) []byte {
	dst = append(dst, '[')
	for i, w := range words {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = diag.AppendQuote(dst, w)
	}
	return append(dst, ']')
}

func indent(dst []byte, depth int) []byte { return append(dst, strings.Repeat("  ", depth)...) }
