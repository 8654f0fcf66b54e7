# Accord. `make` alone lists what there is; `make demo` and `make test` do all
# the set-up they need.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The linters have modules of their own, so that what they bring never moves a
# version that Accord itself is built with.
GOLANGCI_LINT := go tool -modfile=tools/golangci-lint/go.mod golangci-lint
GOFUMPT       := go tool -modfile=tools/gofumpt/go.mod gofumpt

PACKAGES ?= ./...

# The Go test that starts the program and runs tests/conformance/audits.mjs
# against it.
AUDITS_TEST := TestGraphQLOverHTTPAudits

# The race detector watches our code and what it hands to SQLite's driver. SQLite
# itself is translated from C: its memory is not Go's, which the detector knows
# nothing about, and its pointer arithmetic is not ours to mend. Without it the
# tests compile and run in less than two thirds of the time.
RACE := -race -gcflags=modernc.org/...=-d=checkptr=0 \
	-gcflags=modernc.org/sqlite/lib=-race=false -gcflags=modernc.org/libc/...=-race=false

.PHONY: help
help: ## Lists the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: bin/accord ## Builds Accord and starts the demo on loopback
	@./bin/accord demo

.PHONY: build
build: bin/accord ## Builds ./bin/accord, with the demo in it

.PHONY: release
release: ## Builds ./bin/accord-release, without demo, token and development sign-in
	go build -trimpath -tags release -o bin/accord-release ./cmd/accord

# Go knows best what is out of date.
.PHONY: bin/accord
bin/accord:
	@go build -o bin/accord ./cmd/accord

# A program with the race detector rests for a second before it ends, in case a
# goroutine that nobody waits for has a race still: the tests wait for theirs.
.PHONY: test
test: conformance-packages ## Runs every test with the race detector, then shows the conformance audits
	@rm -f bin/audits.txt
	GORACE=atexit_sleep_ms=0 ACCORD_AUDITS_TO=$(CURDIR)/bin/audits.txt go test -vet=off $(RACE) $(PACKAGES)
	@if [ -f bin/audits.txt ]; then cat bin/audits.txt; else $(MAKE) conformance; fi

.PHONY: conformance
conformance: conformance-packages ## Runs the GraphQL over HTTP audits against the real program
	@files=$$(grep -rl --include='*_test.go' '^func $(AUDITS_TEST)(' . || true); \
	if [ -z "$$files" ]; then echo 'conformance: no Go test is called $(AUDITS_TEST)' >&2; exit 1; fi; \
	go test -vet=off $(RACE) -count=1 -v -run '^$(AUDITS_TEST)$$' $$(dirname $$files)

.PHONY: conformance-packages
conformance-packages: tests/conformance/node_modules/.package-lock.json

tests/conformance/node_modules/.package-lock.json: tests/conformance/package.json tests/conformance/package-lock.json
	cd tests/conformance && npm ci --no-audit --no-fund
	@touch $@

.PHONY: lint
lint: format-check ## Holds the code against gofumpt, go vet of the release and golangci-lint
	go vet -tags release ./cmd/...
	$(GOLANGCI_LINT) run $(PACKAGES)

.PHONY: format
format: ## Formats the code with gofumpt
	$(GOFUMPT) -w .

.PHONY: format-check
format-check:
	@unformatted=$$($(GOFUMPT) -l .); \
	if [ -n "$$unformatted" ]; then printf 'not formatted (make format):\n%s\n' "$$unformatted" >&2; exit 1; fi

.PHONY: generate
generate: ## Generates the code that comes from the schema
	go tool gqlgen generate
	go generate $(PACKAGES)
	$(GOFUMPT) -w resolvers

.PHONY: check-generated
check-generated: ## Generates again and fails if that changes a generated file
	@tools/check-generated.sh

.PHONY: bench
bench: ## Runs the benchmarks; BENCH=Pack chooses, BENCH_COUNT=10 repeats for benchstat
	go test -run '^$$' -bench '$(or $(BENCH),.)' -benchmem -timeout 60m -count $(or $(BENCH_COUNT),1) ./bench/...

.PHONY: growth
growth: ## Holds what a page costs flat at 1,000, 10,000 and 100,000 cases; ACCORD_GROWTH=500,2000 says others
	ACCORD_GROWTH="$${ACCORD_GROWTH:-1000,10000,100000}" \
		go test -count=1 -v -timeout 60m -run '^TestAPageCostsWhatItShows$$' ./internal/store/sqlite

.PHONY: store-check-binary
store-check-binary: ## Builds ./bin/store-check, static: the tests of a MongoDB cluster, to be carried to where it is
	CGO_ENABLED=0 go test -c -trimpath -o bin/store-check ./internal/store/storecheck

.PHONY: test-cluster
test-cluster: ## Runs the product's tests over the MongoDB adapter; ACCORD_TEST_MONGODB_URI says which cluster, memory without it
	ACCORD_TEST_MONGODB_URI="$${ACCORD_TEST_MONGODB_URI:-memory}" ACCORD_WORLDS="$${ACCORD_WORLDS:-20}" \
		go test -count=1 -timeout 60m ./internal/store/storecheck ./cmd/accord/program ./cmd/accord/worlds

.PHONY: soak
soak: ## Runs the property tests long; ACCORD_WORLDS=1000, RAPID_CHECKS=10000 and ACCORD_INCREMENTS=10000 say how long
	@tools/soak.sh

# The worlds leave what they asked of the policy; then each of its cells is flipped.
.PHONY: policy-mutation
policy-mutation: ## Flips every cell of the policy and says which worlds notice
	@rm -rf bin/asked && mkdir -p bin/asked
	ACCORD_POLICY_ASKED=$(CURDIR)/bin/asked go test -vet=off -count=1 -run 'Worlds$$|EveryWorld$$' ./cmd/accord/program ./cmd/accord/worlds
	ACCORD_POLICY_ASKED=$(CURDIR)/bin/asked go test -vet=off -count=1 -v -run '^TestNoCellOfThePolicyIsFlippedUnnoticed$$' ./authz

.PHONY: crash
crash: ## Kills the store and the program again and again; ACCORD_CRASH_ROUNDS=200 says how often, ACCORD_CRASH_SEED repeats
	ACCORD_CRASH_ROUNDS=$(or $(ACCORD_CRASH_ROUNDS),200) go test -count=1 -timeout 0 -v -run Killed ./internal/store/sqlite ./cmd/accord

.PHONY: fuzz
fuzz: ## Fuzzes every target for FUZZTIME=30s each
	@tools/fuzz.sh

.PHONY: fuzz-short
fuzz-short: ## Fuzzes every target for two seconds each, without the guidance of coverage
	@FUZZ_GUIDED=no FUZZTIME=2s tools/fuzz.sh
