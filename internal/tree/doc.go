// Package tree decides what the command sees as its files: from the keys below
// `filesystem`, the working directory and the host's mount table it makes a
// Layout, an ordered list of what is to be made and mounted. It decides only;
// package plan turns a Layout into system calls.
//
// Each key claims paths: home.go, private.go, writable.go, mounts.go and unix.go
// those that a profile names, root.go, proc.go and devices.go those that come
// with the root. hidden.go and protected.go then look at what can be seen, and
// place.go puts everything into an order in which it can be made.
package tree
