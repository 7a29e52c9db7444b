package report

import "io"

// WriteJSON writes the report as one JSON object by the schema that Schema
// gives, and a line break.
func WriteJSON(w io.Writer, r *Report) error {
	const perFinding = 700 // bytes, roughly
	dst := make([]byte, 0, 1024+perFinding*len(r.Findings))
	_, err := w.Write(append(reportObject().append(dst, r), '\n'))
	return err
}
