// Package sys is the only package with raw system calls and unsafe.
//
// Its centre is the Program: a flat array of Steps, each one system call with
// its arguments and the result it must have, in memory that neither moves nor
// grows. Start runs a Program in a new process that shares netjail's memory
// until it executes the command, so one loop of assembly (loop_amd64.s) walks
// the array without a stack, an allocation, a lock or the Go runtime. Interpret
// is the same loop in Go, for a process of its own.
package sys
