//go:build !amd64

package early

func readNoFile() (Limit, bool) { return Limit{}, false }
