// Package runner executes a plan: it makes the process, does the parent's part
// while the child waits, collects the evidence, lets the caller judge it, and
// stays with the command until it ends. It prints nothing and never exits.
package runner
