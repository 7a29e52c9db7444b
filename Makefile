# Every target calls what can also be called without make: see scripts/.

.DEFAULT_GOAL := build
.PHONY: build demo test bench lint fuzz generate install help

PREFIX ?= /usr/local
FUZZTIME ?= 20s

build: ## build ./netjail
	sh scripts/build

demo: ## build, run real tools with and without a network, print an audit report
	sh scripts/demo

test: ## everything that CI checks
	sh scripts/test

bench: build ## measure a start against bubblewrap, as ratios
	go run ./scripts/bench ./netjail
	CGO_ENABLED=0 go test -run '^$$' -bench Gate -benchtime 200x ./internal/runner

lint: ## formatting, vet, staticcheck, the rules of internal/archtest
	gofmt -l . | (! grep .)
	go tool gofumpt -l . | (! grep .)
	go vet ./...
	GOARCH=arm64 go vet ./...
	go tool staticcheck ./...
	go test ./internal/archtest

fuzz: ## run each fuzz test for FUZZTIME
	FUZZTIME=$(FUZZTIME) sh scripts/fuzz

generate: ## make the generated files anew
	go generate ./...

install: build ## install netjail, its manual page and schema below PREFIX
	install -D -m 755 netjail $(DESTDIR)$(PREFIX)/bin/netjail
	for page in docs/man/*.1; do [ ! -e "$$page" ] || install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man1 "$$page"; done

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12
