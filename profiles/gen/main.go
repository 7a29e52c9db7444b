// Command gen compiles the bundled profiles to Go: profiles/compiled_gen.go.
// Run it through "go generate ./profiles".
package main

import (
	"fmt"
	"os"
)

func main() {
	src, err := generate(".")
	if err == nil {
		err = os.WriteFile(output, src, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}
