#!/usr/bin/env bash
# Fuzzes every fuzz target of the module, one after the other, for FUZZTIME
# each. A failing input is kept by go test in the package's testdata/fuzz and
# runs with the ordinary tests from then on. FUZZ_GUIDED=no does without the guidance
# of coverage, for which everything below a target is compiled once more: in two
# seconds it leads nowhere, and costs minutes on a machine that has compiled nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

fuzztime="${FUZZTIME:-30s}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Only packages that name a target are compiled.
found=$({ grep -rlE --include='*_test.go' --exclude-dir=node_modules '^func Fuzz' . || true; } | xargs -r -n1 dirname | sort -u)
if [ -z "$found" ]; then
    echo "fuzz: no package has a fuzz target" >&2
    exit 1
fi
mapfile -t packages <<<"$found"

guided="${FUZZ_GUIDED:-yes}"
if [ "$guided" = no ]; then
    binaries=$(mktemp -d)
    trap 'rm -rf "$log" "$binaries"' EXIT
    go test -vet=off -c -o "$binaries/" "${packages[@]}"
    kept="$(go env GOCACHE)/fuzz"
fi

# go vet runs with the linters; here it would look at all that is compiled again.
fuzz_once() {
    if [ "$guided" = no ]; then
        (cd "$1" && "$binaries/$(basename "$1").test" -test.run '^$' -test.fuzz "^$2\$" \
            -test.fuzztime "$fuzztime" -test.fuzzcachedir "$kept/$1") 2>&1 | tee "$log"
    else
        go test -vet=off -run '^$' -fuzz "^$2\$" -fuzztime "$fuzztime" "$1" 2>&1 | tee "$log"
    fi
}

# Up to Go 1.26 the coordinator may report its own deadline as a failure when
# the time is up (golang/go#75804). Then nothing but that line stands under the
# target, and no input was written.
deadline_only() {
    grep -q '^ *context deadline exceeded$' "$log" &&
        ! grep -qE 'Failing input written|panic:|_test\.go:[0-9]+:|fuzzing process hung' "$log"
}

passed=0
failed=0
for package in "${packages[@]}"; do
    # Asked of the source: to ask go test would compile the package once more.
    targets=$(grep -hoE '^func Fuzz[A-Za-z0-9_]*' "$package"/*_test.go | cut -c6- | sort -u)
    for target in $targets; do
        echo "--- $package $target for $fuzztime"
        if fuzz_once "$package" "$target" || { deadline_only && fuzz_once "$package" "$target"; }; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
        fi
    done
done

echo "fuzz: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
