package tree

// secret is a path that `hidden: standard` hides.
type secret struct {
	path   string // from the home directory on
	reason string // what is in it
}

// standardHidden are those paths: where programs keep keys, tokens and
// passwords, and what was typed. Where a program keeps them beside its settings,
// both are hidden.
var standardHidden = [...]secret{
	// Keys.
	{"/.gnupg", "OpenPGP keys"},
	{"/.keychain", "addresses of agents that hold keys"},
	{"/.pki", "certificates with their keys"},
	{"/.putty", "SSH sessions and keys"},
	{"/.ssh", "SSH keys, and sockets that lead to agents"},
	{"/.step", "certificates with their keys"},
	{"/.config/age", "age keys"},
	{"/.config/sops", "keys of encrypted files"},

	// Passwords and tokens of tools.
	{"/.authinfo", "passwords, by machine"},
	{"/.authinfo.gpg", "passwords, by machine"},
	{"/.git-credentials", "passwords of git's servers"},
	{"/.netrc", "passwords, by machine"},
	{"/.password-store", "passwords"},
	{"/.smbcredentials", "passwords of file servers"},
	{"/.vault-token", "a token of a secret store"},
	{"/.config/Bitwarden CLI", "passwords"},
	{"/.config/gh", "tokens of a code host"},
	{"/.config/git/credentials", "passwords of git's servers"},
	{"/.config/glab-cli", "tokens of a code host"},
	{"/.config/hub", "tokens of a code host"},
	{"/.config/keepassxc", "where passwords are kept"},
	{"/.config/op", "sessions of a password store"},
	{"/.local/share/keyrings", "passwords of the desktop"},
	{"/.local/share/kwalletd", "passwords of the desktop"},
	{"/.local/share/pass", "passwords"},

	// Clouds.
	{"/.aliyun", "cloud keys"},
	{"/.aws", "cloud keys"},
	{"/.azure", "cloud tokens"},
	{"/.bluemix", "cloud tokens"},
	{"/.boto", "cloud keys"},
	{"/.databrickscfg", "cloud tokens"},
	{"/.fly", "cloud tokens"},
	{"/.kaggle", "tokens of a data service"},
	{"/.ngrok2", "tokens of a tunnel service"},
	{"/.oci", "cloud keys"},
	{"/.s3cfg", "cloud keys"},
	{"/.snowsql", "passwords of a database"},
	{"/.terraform.d", "tokens of a state store"},
	{"/.terraformrc", "tokens of a state store"},
	{"/.tsh", "certificates of an access proxy"},
	{"/.config/configstore", "tokens of command line tools"},
	{"/.config/doctl", "cloud tokens"},
	{"/.config/gcloud", "cloud tokens"},
	{"/.config/hcloud", "cloud tokens"},
	{"/.config/heroku", "cloud tokens"},
	{"/.config/ngrok", "tokens of a tunnel service"},
	{"/.config/openstack", "cloud passwords"},
	{"/.config/rclone", "cloud tokens"},
	{"/.config/scw", "cloud keys"},
	{"/.config/stripe", "keys of a payment service"},
	{"/.local/share/heroku", "cloud tokens"},

	// Containers and clusters.
	{"/.docker", "registry passwords, and certificates of engines"},
	{"/.dockercfg", "registry passwords"},
	{"/.kube", "certificates and tokens of clusters"},
	{"/.minikube", "keys of clusters"},
	{"/.config/containers/auth.json", "registry passwords"},
	{"/.config/helm", "registry passwords"},

	// Package registries.
	{"/.bundle/config", "registry passwords"},
	{"/.cargo/credentials", "registry tokens"},
	{"/.cargo/credentials.toml", "registry tokens"},
	{"/.composer/auth.json", "registry tokens"},
	{"/.gem/credentials", "registry keys"},
	{"/.gradle/gradle.properties", "registry passwords and signing keys"},
	{"/.hex", "registry keys"},
	{"/.m2/settings-security.xml", "the password of passwords"},
	{"/.m2/settings.xml", "registry passwords"},
	{"/.npmrc", "registry tokens"},
	{"/.nuget/NuGet/NuGet.Config", "registry passwords"},
	{"/.pypirc", "registry passwords"},
	{"/.yarnrc.yml", "registry tokens"},
	{"/.cache/huggingface/token", "a token of a model store"},
	{"/.config/NuGet", "registry passwords"},
	{"/.config/composer/auth.json", "registry tokens"},
	{"/.config/pypoetry/auth.toml", "registry passwords"},
	{"/.huggingface", "a token of a model store"},

	// Databases and mail.
	{"/.fetchmailrc", "mail passwords"},
	{"/.mbsyncrc", "mail passwords"},
	{"/.msmtprc", "mail passwords"},
	{"/.my.cnf", "database passwords"},
	{"/.mylogin.cnf", "database passwords"},
	{"/.offlineimaprc", "mail passwords"},
	{"/.pgpass", "database passwords"},
	{"/.thunderbird", "mail and its passwords"},
	{"/.vnc", "passwords of screens"},
	{"/.config/msmtp", "mail passwords"},

	// Browsers and messengers: cookies are sessions.
	{"/.mozilla", "cookies and passwords"},
	{"/.config/BraveSoftware", "cookies and passwords"},
	{"/.config/Signal", "messages and their key"},
	{"/.config/Slack", "sessions"},
	{"/.config/chromium", "cookies and passwords"},
	{"/.config/discord", "sessions"},
	{"/.config/google-chrome", "cookies and passwords"},
	{"/.config/microsoft-edge", "cookies and passwords"},
	{"/.config/opera", "cookies and passwords"},
	{"/.config/vivaldi", "cookies and passwords"},
	{"/.local/share/TelegramDesktop", "sessions"},
	{"/.var/app", "the same for programs of flatpak"},
	{"/snap", "the same for programs of snap"},

	// Wallets.
	{"/.bitcoin", "a wallet"},
	{"/.electrum", "a wallet"},
	{"/.ethereum", "a wallet"},
	{"/.config/solana", "a wallet"},

	// What was typed: commands hold passwords.
	{"/.bash_history", "commands"},
	{"/.history", "commands"},
	{"/.irb_history", "commands"},
	{"/.lesshst", "searches"},
	{"/.mysql_history", "statements"},
	{"/.node_repl_history", "commands"},
	{"/.psql_history", "statements"},
	{"/.python_history", "commands"},
	{"/.rediscli_history", "commands"},
	{"/.sh_history", "commands"},
	{"/.sqlite_history", "statements"},
	{"/.zhistory", "commands"},
	{"/.zsh_history", "commands"},
	{"/.local/share/atuin", "commands"},
	{"/.local/share/fish", "commands"},
	{"/.local/state/python_history", "commands"},
}
