package evidence

import "fmt"

// probes are the answers to the filter's probes, in the plan's order. They are
// known only together: the one that is missing could be the one that got through.
func (t *table) probes() Fact[[]Probe] {
	const source = "the calls themselves"
	var list []Probe
	for i := range t.readings {
		r := &t.readings[i]
		name, ok := r.Fact.Probe()
		if !ok {
			continue
		}
		if !r.Done {
			return Unknown[[]Probe](source, fmt.Sprintf("the child never reached op %d", r.Op))
		}
		p := Probe{Name: name}
		if r.Result < 0 {
			p.Errno = errnoName(-r.Result)
		}
		list = append(list, p)
	}
	return Known(list, source)
}
