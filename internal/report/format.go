package report

import "io"

// Formats are the names of the forms that a report can be written in, text
// first.
func Formats() []string { return []string{"text", "json", "sarif", "junit", "markdown"} }

// Write writes the report in the form of that name. options are those of text.
func Write(w io.Writer, r *Report, format string, options TextOptions) error {
	switch format {
	case "json":
		return WriteJSON(w, r)
	case "sarif":
		return WriteSARIF(w, r)
	case "junit":
		return WriteJUnit(w, r)
	case "markdown":
		return WriteMarkdown(w, r)
	}
	return WriteText(w, r, options)
}
