package diag

import "strings"

// tabStop is the distance of tab stops in what is shown.
const tabStop = 8

// cell is one rune of a source line as a terminal shows it.
type cell struct {
	text  string
	width int
}

const (
	joiner       = 0x200d // ZERO WIDTH JOINER: the next rune becomes part of this one
	emojiVariant = 0xfe0f // VARIATION SELECTOR-16: shown as an emoji, two cells wide
)

// lay turns a line into cells, one per rune. A tab becomes spaces; what a
// terminal would act on becomes a visible sign.
func lay(line string) []cell {
	cells := make([]cell, 0, len(line))
	column, joined := 0, false
	for _, r := range line {
		c := cell{string(visible(r)), runeWidth(visible(r))}
		switch {
		case r == '\t':
			c.width = tabStop - column%tabStop
			c.text = strings.Repeat(" ", c.width)
		case joined:
			c.width = 0
		case r == emojiVariant && len(cells) > 0 && cells[len(cells)-1].width == 1:
			c.width = 1 // the rune before it grows to two cells
		}
		joined = r == joiner && len(cells) > 0
		column += c.width
		cells = append(cells, c)
	}
	return cells
}

// width is the number of cells that the runes take together.
func width(cells []cell) int {
	n := 0
	for _, c := range cells {
		n += c.width
	}
	return n
}

// maxWidth bounds a shown line; the part around the problem is shown.
const maxWidth = 120

const ellipsis = "…"

// window cuts the line so that the rune at index start is in view. It returns
// what is left and how many runes were cut on the left; an ellipsis of one cell
// stands for each cut.
func window(cells []cell, start int) (text string, cut int) {
	start = min(start, len(cells))
	if width(cells) > maxWidth {
		for width(cells[cut:start]) > maxWidth/2 {
			cut += max(1, (start-cut)/8)
		}
		cut = min(cut, start)
	}
	var b strings.Builder
	if cut > 0 {
		b.WriteString(ellipsis)
	}
	shown := 0
	for _, c := range cells[cut:] {
		if shown += c.width; shown > maxWidth {
			b.WriteString(ellipsis)
			break
		}
		b.WriteString(c.text)
	}
	return b.String(), cut
}
