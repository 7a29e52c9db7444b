package plan

// Stream is what one of the descriptors 0 to 2 is open on in netjail. The zero
// Stream is nothing that needs care: a file, a pipe, or not open.
type Stream struct {
	Kind StreamKind
	// Device and Inode are those of fstat(2): two streams with both alike are one
	// object.
	Device, Inode uint64

	// Family and Type of a socket are SO_DOMAIN and SO_TYPE. Listening is
	// SO_ACCEPTCONN; Connected says whether it has a peer.
	Family, Type         int
	Listening, Connected bool

	// Number is a terminal's device number (TIOCGDEV), which /dev/tty and the
	// terminal that it stands for have in common.
	Number uint32
	// Controlling says whether it is the terminal of netjail's own session.
	Controlling bool
	// Access is O_RDONLY, O_WRONLY or O_RDWR.
	Access int
}

// StreamKind tells what care a stream needs.
type StreamKind uint8

// The kinds of stream.
const (
	StreamOther StreamKind = iota
	StreamSocket
	StreamTerminal
)

// StreamCount is the number of streams: 0, 1 and 2.
const StreamCount = 3

// Treatment is what the command gets in the place of a stream.
type Treatment uint8

// The treatments.
const (
	TreatKeep   Treatment = iota // the stream itself
	TreatPipe                    // a pipe that netjail copies to or from
	TreatRelay                   // a terminal of its own that netjail relays
	TreatReopen                  // the terminal, opened again in one direction
)

// Constants of linux/socket.h and linux/net.h.
const (
	familyUnix  = 1
	familyInet  = 2
	familyInet6 = 10

	typeStream    = 1
	typeDatagram  = 2
	typeRaw       = 3
	typeSeqpacket = 5
)

// accessReadWrite is O_RDWR.
const accessReadWrite = 2

// relayable says whether one-way pipes can stand in for a socket.
func (s *Stream) relayable() bool {
	stream := s.Type == typeStream && (s.Family == familyUnix || s.Family == familyInet || s.Family == familyInet6)
	return stream && s.Connected && !s.Listening
}

// socketText is "a listening AF_UNIX stream socket".
func (s *Stream) socketText() string {
	text := s.familyText() + " " + s.typeText() + " socket"
	switch {
	case s.Listening:
		return "a listening " + text
	case !s.Connected && s.Type == typeStream:
		return "an unconnected " + text
	}
	return "an " + text
}

func (s *Stream) familyText() string {
	switch s.Family {
	case familyUnix:
		return "AF_UNIX"
	case familyInet:
		return "AF_INET"
	case familyInet6:
		return "AF_INET6"
	}
	return "AF_" + number(s.Family)
}

func (s *Stream) typeText() string {
	switch s.Type {
	case typeStream:
		return "stream"
	case typeDatagram:
		return "datagram"
	case typeRaw:
		return "raw"
	case typeSeqpacket:
		return "seqpacket"
	}
	return "type " + number(s.Type)
}

// sameTerminal says whether two streams are one terminal.
func (s *Stream) sameTerminal(o *Stream) bool {
	return s.Kind == StreamTerminal && o.Kind == StreamTerminal && s.Number == o.Number && s.Controlling && o.Controlling
}

// Same says whether two streams are one object.
func (s *Stream) Same(o *Stream) bool {
	return s.Kind == o.Kind && s.Device == o.Device && s.Inode == o.Inode
}
