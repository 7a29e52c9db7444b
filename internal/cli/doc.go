// Package cli is the command line: one table of commands, one file for each, and
// all of netjail's words. Results go to stdout. Words go to stderr behind
// "netjail: ", and `run` has none where nothing goes wrong: stderr belongs to the
// command. Only Main ends the process.
package cli
