package policy

// rlimitsOrder: a lower limit is tighter. What is inherited is never less than
// what a profile can set, whose hard limits are at most the caller's.
func rlimitsOrder(a, b *Policy) Direction {
	d := Neutral
	for t := range RlimitType(len(rlimitNames)) {
		from, hadOne := a.Process.Rlimit(t)
		to, hasOne := b.Process.Rlimit(t)
		switch {
		case hadOne && hasOne:
			d = d.and(shift(to.Hard > from.Hard, to.Hard < from.Hard)).and(shift(to.Soft > from.Soft, to.Soft < from.Soft))
		default:
			d = d.and(loose(!hadOne, !hasOne))
		}
	}
	return d
}

// umaskOrder: each bit takes a permission from what is made. What the caller's is
// nobody knows beforehand.
func umaskOrder(a, b *Policy) Direction {
	from, to := a.Process.Umask, b.Process.Umask
	if from.Own != to.Own {
		return Incomparable
	}
	return shift(from.Mask&^to.Mask != 0, to.Mask&^from.Mask != 0)
}
