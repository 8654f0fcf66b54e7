#!/usr/bin/env bash
# Runs the property tests for long. ACCORD_WORLDS is how many generated worlds
# each property over worlds is asked of; RAPID_CHECKS how many draws every other
# property gets; ACCORD_INCREMENTS how many changes of one document the embedded
# store must keep, and ACCORD_HISTORIES in how many histories it is compared with
# the reference; SOAK chooses the tests.
set -euo pipefail
cd "$(dirname "$0")/.."

export ACCORD_WORLDS="${ACCORD_WORLDS:-1000}"
checks="${RAPID_CHECKS:-10000}"
tests="${SOAK:-Property}"

# Only a test binary that holds rapid knows the flag -rapid.checks.
found=$(
    go list -test -f '{{if eq .Name "main"}}{{.ImportPath}} {{join .Deps " "}}{{end}}' ./... |
        awk '/ pgregory\.net\/rapid( |$)/ && $1 ~ /\.test$/ { sub(/\.test$/, "", $1); print $1 }'
)
if [ -z "$found" ]; then
    echo "soak: no package has a property test" >&2
    exit 1
fi
mapfile -t packages <<<"$found"

echo "soak: $ACCORD_WORLDS worlds, $checks checks, ${#packages[@]} packages"
go test -race -count=1 -timeout 0 -run "$tests" "${packages[@]}" -rapid.checks="$checks"

export ACCORD_INCREMENTS="${ACCORD_INCREMENTS:-10000}" ACCORD_HISTORIES="${ACCORD_HISTORIES:-1000}"
echo "soak: $ACCORD_INCREMENTS changes of one document, $ACCORD_HISTORIES histories"
go test -race -count=1 -timeout 0 -run '^TestConformance$/^(concurrency|reference)$' ./internal/store/sqlite

# What make test runs in its short form because of the race detector, in its ordinary
# one: copies of stores, the growth of a world, both adapters against the contracts.
echo "soak: the tests of the stores, ordinary sizes, without the race detector"
go test -count=1 -timeout 0 -run 'Conformance|Copies|TogetherLeave|APageCosts' ./internal/store/sqlite ./internal/store/mongo ./cmd/accord/program
