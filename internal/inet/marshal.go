package inet

// MarshalText is String; the zero Prefix is the empty text.
func (p Prefix) MarshalText() ([]byte, error) {
	if !p.IsValid() {
		return nil, nil
	}
	return []byte(p.String()), nil
}

// UnmarshalText reads what MarshalText wrote.
func (p *Prefix) UnmarshalText(text []byte) (err error) {
	*p = Prefix{}
	if len(text) > 0 {
		*p, err = ParsePrefix(string(text))
	}
	return err
}
