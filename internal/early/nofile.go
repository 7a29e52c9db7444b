package early

// getNoFile calls prlimit64(0, RLIMIT_NOFILE, NULL, l).
//
//go:noescape
func getNoFile(l *Limit) int64

func readNoFile() (Limit, bool) {
	var l Limit
	r := getNoFile(&l)
	return l, r == 0
}
