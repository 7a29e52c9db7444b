// Package seccomp decides which system calls a command may make, and writes the
// decision down three times from one table: as a classic BPF program for
// seccomp(2), as rules for people, and as probes that the jailed process makes
// to show that the program is in force.
//
// It is pure: it needs no kernel, runs on any system, and writes the program of
// either architecture on either. Loading is the runner's work.
//
// Source: seccomp(2), Documentation/userspace-api/seccomp_filter.rst,
// linux/filter.h. docs/decisions/0008-system-call-filter.md gives the reasons.
package seccomp
