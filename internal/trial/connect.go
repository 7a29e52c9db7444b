package trial

import (
	"github.com/netjail/netjail/internal/policy"
	"github.com/netjail/netjail/internal/probe"
)

// Target is one endpoint that the probe tries.
type Target struct {
	// Endpoint is the probe's argument.
	Endpoint string
	// Own is true for a listener of the host's that netjail has opened.
	Own bool
}

// Targets are what the probe tries for a test: inside, and outside. listeners are
// netjail's own on the host, of the family of what is tried.
//
// Inside, netjail's listeners are tried beside a foreign endpoint: who reaches
// them is in the host's own network, and what the kernel says of the endpoint is
// then said of the host and not of the jail. Outside, they show that the probe
// can connect. Nothing is sent to a foreign endpoint from outside.
func Targets(t *policy.Test, listeners []string) (inside, outside []Target) {
	own := make([]Target, 0, len(listeners)+1)
	for _, l := range listeners {
		own = append(own, Target{l, true})
	}
	target := Target{Endpoint: t.Connect}
	switch {
	case t.Connect == "local":
		return []Target{target}, []Target{target}
	case t.Connect == "host":
		return own, own
	case loopback(t.Connect):
		return append(own[:len(own):len(own)], target), append(own[:len(own):len(own)], target)
	}
	return append(own[:len(own):len(own)], target), own
}

// loopback says whether an endpoint is one of this machine's own loopback,
// whichever network namespace looks.
func loopback(endpoint string) bool {
	addr, _, ok := policy.ParseEndpoint(endpoint)
	return ok && addr.IsLoopback()
}

// definite are the answers that the kernel of whoever asks gives, with nothing
// sent. ECONNREFUSED is one on the loopback alone: elsewhere it has come back
// from somewhere.
//
// Source: connect(2), ip(7); EAFNOSUPPORT is the system call filter's answer as
// well.
func definite(word, endpoint string) bool {
	switch word {
	case "EAFNOSUPPORT", "EACCES", "EPERM", "ENETUNREACH", "ENETDOWN", "EADDRNOTAVAIL":
		return true
	case "ECONNREFUSED":
		return endpoint == probe.Local || loopback(endpoint)
	}
	return false
}

func readConnect(s *Seen, targets []Target) Answer {
	words, ok := heard(s, len(targets))
	if !ok {
		return Answer{Unknown, "the probe said nothing: " + s.String()}
	}
	foreign := len(targets) > 0 && !targets[len(targets)-1].Own
	own, other := targets, []Target(nil)
	if foreign {
		own, other = targets[:len(targets)-1], targets[len(targets)-1:]
	}
	mine := readOwn(own, words)
	switch {
	case !foreign:
		return mine
	case len(own) == 0:
		return readEndpoint(other[0], words[len(own)])
	}
	there := readEndpoint(other[0], words[len(own)])
	if there.Kind == Refused && mine.Kind != Refused {
		there.Kind = Unknown
		there.Text += ", but " + mine.Text + ": this is the host's own network, and the host itself has no way there"
	}
	return there
}

func readEndpoint(t Target, word string) Answer {
	switch {
	case word == probe.Done:
		return Answer{Worked, "connected to " + t.Endpoint}
	case definite(word, t.Endpoint):
		return Answer{Refused, t.Endpoint + ": " + word}
	case word == probe.Timeout:
		return Answer{Unknown, t.Endpoint + ": nobody answered, and nobody refused"}
	}
	return Answer{Unknown, t.Endpoint + ": " + word + ", which may have come from elsewhere"}
}

// readOwn is about all of netjail's listeners: one that is reached is enough, and
// all must be refused.
func readOwn(targets []Target, words []string) Answer {
	all := Answer{Refused, ""}
	for i, t := range targets {
		a := readEndpoint(t, words[i])
		switch {
		case a.Kind == Worked:
			return a
		case a.Kind == Unknown:
			all = a
		case all.Kind == Refused && all.Text == "":
			all.Text = a.Text
		}
	}
	if len(targets) == 0 {
		return Answer{Unknown, "the host has no listener to be tried"}
	}
	return all
}

// Control is the answer of the side outside. Without a target there is no IPv6
// to be tried. Every listener of netjail's must
// have been reached, and what is tried as well where it is this machine's.
func Control(s *Seen, targets []Target) Answer {
	if len(targets) == 0 {
		return Answer{Absent, "this host's loopback does not know the family of the address"}
	}
	words, ok := heard(s, len(targets))
	if !ok {
		return Answer{Unknown, "the probe said nothing: " + s.String()}
	}
	answer := Answer{}
	for i, t := range targets {
		switch answer = readEndpoint(t, words[i]); {
		case answer.Kind != Worked && t.Own:
			return Answer{Unknown, answer.Text + ": the probe does not reach netjail's own listener"}
		case answer.Kind != Worked:
			return answer
		}
	}
	return answer
}
