// Package tree decides what the command sees as its files: from the keys below
// `filesystem`, the working directory and the host's mount table it makes a
// Layout, an ordered list of what is to be made and mounted. It decides only;
// package plan turns a Layout into system calls.
package tree
