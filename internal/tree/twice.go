package tree

// refuseTwice refuses two keys on one path. The texts may differ: it is where
// they lead that counts.
func (l *layer) refuseTwice() {
	kept := l.claims[:0]
	for _, c := range l.claims {
		if n := len(kept); n > 0 && kept[n-1].Target == c.Target {
			l.conflict(c.Target, kept[n-1].Key, c.Key)
			continue
		}
		kept = append(kept, c)
	}
	l.claims = kept
}

// conflict refuses a path that stands in two keys.
func (l *layer) conflict(path, one, other string) {
	if one == other {
		l.refuse(one, "two of its items lead to "+path, "keep one of the two")
		return
	}
	l.refuse(other, path+" is named by `"+one+"` as well", "keep one of the two")
}
