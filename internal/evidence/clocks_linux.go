package evidence

// clocks reads the offsets of its time namespace.
func (d *procDir) clocks() Fact[Clocks] {
	source := d.path + clocksFile
	text, err := d.read(clocksFile)
	if err != nil {
		return Unknown[Clocks](source, whyNot(err))
	}
	c, err := parseClocks(text)
	return factOf(c, err, source)
}
