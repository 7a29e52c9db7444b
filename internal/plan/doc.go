// Package plan turns a policy and what is known of the host into a Plan: the
// ordered operations that netjail carries out, each one system call (or one
// short deed of the parent) with its arguments, the answer it must get, and the
// profile key that asked for it.
//
// The plan is the program: the child executes exactly this list, `netjail plan`
// prints it, the audit report cites it by index. Build is pure. It calls no
// kernel, and the numbers in it are the ones of Linux's generic ABI, which
// amd64 and arm64 share.
package plan
