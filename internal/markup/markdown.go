package markup

import "strings"

// markdownMarks are the characters that Markdown or HTML would take for more
// than text, as character references.
var markdownMarks = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "&#124;", "*", "&#42;", "`", "&#96;", "[", "&#91;", "]", "&#93;",
	"@", "&#64;", "#", "&#35;", "~", "&#126;", `\`, "&#92;", "!", "&#33;",
)

// Cell is text in a table's cell: on one line, and nothing but text.
func Cell(s string) string {
	return markdownMarks.Replace(Visible(strings.ToValidUTF8(s, "\uFFFD")))
}

// Code is text in a fixed width. It is HTML, since no Markdown can hold every
// text between backquotes.
func Code(s string) string { return "<code>" + Cell(s) + "</code>" }
