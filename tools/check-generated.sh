#!/usr/bin/env bash
# Generates again and says which generated files that changed. What else is
# being worked on in the tree does not matter: only generated files and the two
# packages the generator writes into are compared, before and after.
set -euo pipefail
cd "$(dirname "$0")/.."

before=$(mktemp -d)
trap 'rm -rf "$before"' EXIT

# The generator writes only into graph and resolvers; go:generate may write
# anywhere, and says so in the file's header.
generated_files() {
    {
        find graph resolvers -name '*.go'
        grep -rlE --include='*.go' --exclude-dir=node_modules --exclude-dir=.git \
            '^// Code generated .* DO NOT EDIT\.$' . || true
    } | sed 's|^\./||' | sort -u
}

while read -r file; do
    mkdir -p "$before/$(dirname "$file")"
    cp "$file" "$before/$file"
done < <(generated_files)
checked=$(find "$before" -type f | wc -l)

make generate

changed=0
while read -r file; do
    if ! cmp -s "$before/$file" "$file"; then
        changed=$((changed + 1))
        echo "check-generated: $file is not what the generator writes" >&2
        diff -uN "$before/$file" "$file" | sed -n '1,40p' >&2 || true
    fi
done < <({ generated_files; (cd "$before" && find . -type f | sed 's|^\./||'); } | sort -u)

if [ "$changed" -gt 0 ]; then
    echo "check-generated: $changed of $checked files changed; keep what the generator wrote now" >&2
    exit 1
fi
echo "check-generated: $checked files are what the generator writes"
