// Command report prints what package early kept.
package main

import (
	"fmt"

	"github.com/netjail/netjail/internal/early"
)

func main() {
	signals, known := early.Ignored()
	fmt.Printf("ignored %#x %t\nlimit %d %d %t\n", signals, known, early.NoFile.Soft, early.NoFile.Hard, early.NoFileKnown)
}
