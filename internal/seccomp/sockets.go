package seccomp

// Numbers of linux/socket.h and linux/net.h, and of linux/in.h the protocol.
const (
	afUnix     = 1
	afInet     = 2
	afInet6    = 10
	afNetlink  = 16
	afPacket   = 17
	afVsock    = 40
	afSMC      = 43
	typeMask   = 0xf // SOCK_TYPE_MASK; above are SOCK_CLOEXEC and SOCK_NONBLOCK
	sockStream = 1
	sockDgram  = 2
	sockSeq    = 5
	sockPacket = 10
	protoSMC   = 256 // IPPROTO_SMC, Linux 6.11
)

// Arguments of socket(2) and socketpair(2).
const (
	argFamily = iota
	argType
	argProtocol
)

// socket answers socket(2).
func (w *writer) socket() {
	w.load(argFamily)
	switch {
	case w.o.HostFamilies: // not Unix as well, or the call would be open
		w.when(opEqual, afUnix, Refuse(EAFNOSUPPORT))
		w.ret(Allow)
		return
	case w.o.Unix:
		w.when(opEqual, afUnix, Allow)
	}
	w.families()
}

// socketpair answers socketpair(2). A pair of streams cannot be connected
// anew. A datagram socket can, and can send to any name besides, so a pair of
// those would be what socket(AF_UNIX) is refused for; SOCK_RAW is the same
// there (net/unix/af_unix.c, unix_create).
func (w *writer) socketpair() {
	w.load(argFamily)
	if w.o.Unix {
		w.when(opEqual, afUnix, Allow)
	} else {
		w.emit(opEqual, afUnix, 0, 7)
		w.load(argType)
		w.emit(opAnd, typeMask, 0, 0)
		w.when(opEqual, sockStream, Allow)
		w.when(opEqual, sockSeq, Allow)
		w.ret(Refuse(ESOCKTNOSUPPORT))
	}
	if w.o.HostFamilies {
		w.ret(Allow)
		return
	}
	w.families()
}

// families writes the list of allowed families; the family is loaded.
func (w *writer) families() {
	for _, f := range w.o.Families {
		switch f {
		case afUnix:
		case afNetlink:
			w.emit(opEqual, afNetlink, 0, 4)
			w.load(argProtocol)
			w.when(opEqual, 0, Allow) // NETLINK_ROUTE
			w.ret(Refuse(EAFNOSUPPORT))
		case afInet, afInet6:
			w.internet(f)
		default:
			w.when(opEqual, uint32(f), Allow)
		}
	}
	w.ret(Refuse(EAFNOSUPPORT))
}

// internet writes the test for one of the two families that can also make
// sockets of other ones: SOCK_PACKET turns AF_INET into AF_PACKET
// (net/socket.c, __sock_create), and IPPROTO_SMC makes an SMC socket, whose
// RDMA devices no network namespace holds.
func (w *writer) internet(f uint8) {
	at := len(w.code)
	w.emit(opEqual, uint32(f), 0, 0)
	if f == afInet && !w.o.has(afPacket) {
		w.load(argType)
		w.emit(opAnd, typeMask, 0, 0)
		w.when(opEqual, sockPacket, Refuse(EAFNOSUPPORT))
	}
	if !w.o.has(afSMC) {
		w.load(argProtocol)
		w.when(opEqual, protoSMC, Refuse(EPROTONOSUPPORT))
	}
	w.ret(Allow)
	w.code[at].Jf = uint8(len(w.code) - at - 1)
}
