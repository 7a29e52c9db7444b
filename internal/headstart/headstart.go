// Package headstart begins a run before main where that can be: a run of a
// built-in profile reads no YAML and asks gocapability for nothing, and need not
// wait until both are initialised, which is a twentieth of a start.
//
// The language initialises packages in the order of their import paths as soon
// as what they import is initialised: this one, and all that it imports, stands
// before github.com/syndtr and gopkg.in. Source: the Go specification, "Program
// initialization"; a test looks at the order.
package headstart

import (
	"os"

	"github.com/netjail/netjail/internal/cli"
)

// init does not return where it runs something. The work is done in another
// goroutine, as this one is tied to the main thread until main begins, and each
// of its waits would cost a change of threads.
func init() {
	begun := cli.Begin(os.Args)
	if !cli.NeedsNoReader(os.Args) {
		begun.Abandon() // what is to be run is found out in main
		return
	}
	go cli.Main(cli.Readers{}, begun)
	select {}
}
