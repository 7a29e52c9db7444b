package tree

// executed is a path that `protected: standard` keeps read-only.
type executed struct {
	path   string // from the writable directory on
	reason string // why the host must be able to rely on it
}

// standardProtected are those paths: what the host executes unasked when
// somebody works in the directory, and what says who guards it.
//
// Source: direnv(1), gitrepository-layout(5), git-config(1), githooks(5).
var standardProtected = [...]executed{
	{"/.envrc", "direnv executes it"},
	{"/.git/commondir", "git looks for its configuration and hooks where it says"},
	{"/.git/config", "it names programs that git executes"},
	{"/.git/config.worktree", "it names programs that git executes"},
	{"/.git/hooks", "git executes them"},
	{"/.idea", "its run configurations are executed by the editor"},
	{"/.netjail", "it holds the profiles that guard the directory"},
	{"/.vscode", "its tasks and settings name programs that the editor executes"},
}
