package diag

import "strings"

// longestSuggestion bounds the words that are compared, in bytes.
const longestSuggestion = 64

// Nearest is the candidate that a mistyped word most likely stands for: the
// one with the fewest insertions, deletions, replacements and swaps of
// neighbours, at most one for every three letters. Of equals the first wins.
func Nearest(word string, candidates []string) (string, bool) {
	if len(word) > longestSuggestion {
		return "", false
	}
	word = strings.ToLower(word)
	best, distance, found := "", max(1, len(word)/3), false
	for _, c := range candidates {
		if len(c) > longestSuggestion {
			continue
		}
		d := editDistance(word, strings.ToLower(c))
		if d <= distance && (!found || d < distance) {
			best, distance, found = c, d, true
		}
	}
	return best, found
}

// editDistance is the optimal string alignment distance, in bytes.
func editDistance(a, b string) int {
	before := make([]int, len(b)+1)
	last := make([]int, len(b)+1)
	row := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
