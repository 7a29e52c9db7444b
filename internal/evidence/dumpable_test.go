package evidence

import "testing"

func TestDumpable(t *testing.T) {
	caller := []IDMapLine{{1001, 1001, 1}}
	root := []IDMapLine{{0, 0x70000000, 65536}}
	tests := []struct {
		name            string
		file, effective owner
		uids, gids      []IDMapLine
		want            bool
		err             error
	}{
		{"user, dumpable", owner{1001, 1001}, owner{1001, 1001}, caller, caller, true, nil},
		{"user, not", owner{0, 0}, owner{1001, 1001}, caller, caller, false, nil},
		{"group alone differs", owner{1001, 0}, owner{1001, 1001}, caller, caller, false, nil},
		{"root looks alike", owner{0, 0}, owner{0, 0}, nil, nil, false, errRootLike},
		{"root of a jail looks alike", owner{0x70000000, 0x70000000}, owner{0x70000000, 0x70000000}, root, root, false, errRootLike},
		{"root of a jail, not", owner{0, 0}, owner{0x70000000, 0x70000000}, root, root, false, nil},
		{"user of a jail of root's", owner{0x70000001, 0x70000001}, owner{0x70000001, 0x70000001}, root, root, true, nil},
		{"root with another group", owner{0, 5}, owner{0, 5}, nil, nil, true, nil},
		{"unknown ids", owner{overflowID, overflowID}, owner{overflowID, overflowID}, nil, nil, false, errRootLike},
	}
	for _, tt := range tests {
		got, err := dumpable(tt.file, tt.effective, tt.uids, tt.gids)
		if got != tt.want || err != tt.err {
			t.Errorf("%s: got %v, %v", tt.name, got, err)
		}
	}
}
