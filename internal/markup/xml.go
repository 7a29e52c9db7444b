// Package markup writes the marked-up forms of results: XML, and the URIs in
// them. The standard library's writer works by reflection, whose start-up cost
// every run would pay.
package markup

import "strings"

// XML collects XML 1.0 text. Attributes are given as names and values in turn.
type XML struct{ Text []byte }

// Raw writes text as it is.
func (x *XML) Raw(s string) { x.Text = append(x.Text, s...) }

// tag writes a start tag without its closing mark.
func (x *XML) tag(depth int, name string, attributes []string) {
	x.Raw(strings.Repeat("  ", depth) + "<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		x.Raw(" " + attributes[i] + `="` + escapeXML(attributes[i+1]) + `"`)
	}
}

// Open writes a start tag, on a line of its own as all others, at a depth.
func (x *XML) Open(depth int, name string, attributes ...string) {
	x.tag(depth, name, attributes)
	x.Raw(">\n")
}

// Empty writes an element that holds nothing.
func (x *XML) Empty(depth int, name string, attributes ...string) {
	x.tag(depth, name, attributes)
	x.Raw("/>\n")
}

// Element writes an element that holds text.
func (x *XML) Element(depth int, name, text string, attributes ...string) {
	x.tag(depth, name, attributes)
	x.Raw(">" + escapeXML(text) + "</" + name + ">\n")
}

// End writes an end tag.
func (x *XML) End(depth int, name string) { x.Raw(strings.Repeat("  ", depth) + "</" + name + ">\n") }

// xmlMarks are the characters that mean something in text or in an attribute. A
// line break stays: the parts that hold one are text.
var xmlMarks = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// escapeXML makes control characters visible, most of which XML cannot hold,
// and replaces what is not UTF-8.
func escapeXML(s string) string {
	lines := strings.Split(strings.ToValidUTF8(s, "\uFFFD"), "\n")
	for i := range lines {
		lines[i] = Visible(lines[i])
	}
	return xmlMarks.Replace(strings.Join(lines, "\n"))
}
