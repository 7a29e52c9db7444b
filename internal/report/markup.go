package report

import "strings"

// markup collects XML 1.0 text. The standard library's writer works by reflection,
// whose start-up cost every run would pay.
type markup struct{ text []byte }

type attribute struct{ name, value string }

func (x *markup) raw(s string) { x.text = append(x.text, s...) }

// tag writes a start tag without its closing mark.
func (x *markup) tag(depth int, name string, attributes []attribute) {
	x.raw(strings.Repeat("  ", depth) + "<" + name)
	for _, a := range attributes {
		x.raw(" " + a.name + `="` + escapeXML(a.value) + `"`)
	}
}

func (x *markup) open(depth int, name string, attributes ...attribute) {
	x.tag(depth, name, attributes)
	x.raw(">\n")
}

func (x *markup) empty(depth int, name string, attributes ...attribute) {
	x.tag(depth, name, attributes)
	x.raw("/>\n")
}

// element is an element that holds text.
func (x *markup) element(depth int, name, text string, attributes ...attribute) {
	x.tag(depth, name, attributes)
	x.raw(">" + escapeXML(text) + "</" + name + ">\n")
}

func (x *markup) end(depth int, name string) { x.raw(strings.Repeat("  ", depth) + "</" + name + ">\n") }

// xmlMarks are the characters that mean something in text or in an attribute. A
// line break stays: the parts that hold one are text.
var xmlMarks = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// escapeXML makes control characters visible, most of which XML cannot hold,
// and replaces what is not UTF-8.
func escapeXML(s string) string {
	lines := strings.Split(strings.ToValidUTF8(s, "\uFFFD"), "\n")
	for i := range lines {
		lines[i] = visible(lines[i])
	}
	return xmlMarks.Replace(strings.Join(lines, "\n"))
}
