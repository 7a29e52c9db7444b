package evidence

// limits reads the resource limits.
func (d *procDir) limits() Fact[Limits] {
	source := d.path + "limits"
	text, err := d.read("limits")
	if err != nil {
		return Unknown[Limits](source, whyNot(err))
	}
	all, err := parseLimits(text)
	return factOf(all, err, source)
}

// ReadOwnLimits reads the resource limits of the calling process.
func ReadOwnLimits() Fact[Limits] {
	d, err := openProcDir("/proc/self")
	if err != nil {
		return Unknown[Limits]("/proc/self/limits", whyNot(err))
	}
	defer d.close()
	return d.limits()
}
