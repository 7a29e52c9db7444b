package report

import (
	"io"
	"strconv"
)

// DriftFormats are the names of the forms of a comparison, text first.
func DriftFormats() []string { return []string{"text", "json"} }

// WriteDrift writes a comparison in the form of that name.
func WriteDrift(w io.Writer, d *Drift, format string, options TextOptions) error {
	if format == "json" {
		_, err := w.Write(append(driftObject().append(nil, d), '\n'))
		return err
	}
	return writeDriftText(w, d, options)
}

// writeDriftText writes one line that says it all, what is different about the two
// reports, and the changes, those for the worse first.
func writeDriftText(w io.Writer, d *Drift, o TextOptions) error {
	p := printer{options: o}
	color := headings[groupPass].color
	if d.Worse() {
		color = headings[groupFail].color
	}
	verdict := strconv.Itoa(d.count(Worse)) + " worse, " + strconv.Itoa(d.count(Better)) + " better, " + strconv.Itoa(d.count(Same)) + " otherwise changed"
	if len(d.Changes) == 0 {
		verdict = "nothing changed"
	}
	p.line(p.paint(color, verdict) + " since " + d.Baseline.Time)
	for _, n := range d.Notes {
		p.below("", nameColumn, n)
	}
	for _, direction := range []Direction{Worse, Better, Same} {
		p.changes(direction, d)
	}
	_, err := w.Write(p.text)
	return err
}

// driftColors are ECMA-48's.
var driftColors = [directions]string{Same: "2", Better: "32", Worse: "31"}

func (p *printer) changes(direction Direction, d *Drift) {
	if n := d.count(direction); n > 0 {
		p.line("")
		p.line(p.paint(driftColors[direction], direction.String()) + " (" + strconv.Itoa(n) + ")")
	}
	for i := range d.Changes {
		c := &d.Changes[i]
		if c.Direction != direction {
			continue
		}
		p.below("  "+c.Check, sideColumn, orNone(c.Before)+" → "+orNone(c.After))
		if c.FoundBefore != c.Found {
			p.below("    before", sideColumn, c.FoundBefore)
			p.below("    now", sideColumn, c.Found)
		}
	}
}

// DriftSchemaID is where the schema of a comparison is published.
const DriftSchemaID = "https://github.com/netjail/netjail/docs/schema/netjail-drift-v1.schema.json"

// driftObject is the table of a comparison's members.
func driftObject() object[Drift] {
	return object[Drift]{
		fixed[Drift]("version", "Version of this form.", Version),
		boolean("worse", "Something changed for the worse.", (*Drift).Worse),
		text("since", "When the baseline was made.", func(d *Drift) string { return d.Baseline.Time }),
		text("time", "When this audit was made, in UTC.", func(d *Drift) string { return stamp(d.Report.Time) }),
		texts("notes", "What else is different: profile, kernel, version, user.", func(d *Drift) []string { return d.Notes }),
		parts("changes", "The checks whose answers changed.", changeObject(), func(d *Drift) []Change { return d.Changes }),
	}
}

func changeObject() object[Change] {
	return object[Change]{
		text("check", "The check's stable name.", func(c *Change) string { return c.Check }),
		word("direction", "Whether more is open or less is known, or the other way round.", func(c *Change) string { return c.Direction.String() }, names(Directions())),
		text("before", "The answer in the baseline: a verdict, waived, or what kept it from being one; empty where there was none.", func(c *Change) string { return c.Before }),
		text("after", "The answer now; empty where the check is gone.", func(c *Change) string { return c.After }),
		text("foundBefore", "What was true.", func(c *Change) string { return c.FoundBefore }),
		text("found", "What is true.", func(c *Change) string { return c.Found }),
	}
}
