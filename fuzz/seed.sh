#!/bin/sh
# Fills fuzz/corpus/<target> with the documents of every manifest of this repository, and of the folders named.
set -eu
cd "$(dirname "$0")/.."
for target in identity harden krm cel rego policy_file reference; do
    mkdir -p "fuzz/corpus/$target"
done
find src testdata overlays "$@" -name '*.yaml' -size -200k 2>/dev/null | while read -r file; do
    awk -v stem="fuzz/corpus/identity/$(echo "$file" | tr '/' '_')" '
        /^---/ { number++ } { print > (stem "." number) }' "$file"
done
find fuzz/corpus/identity -type f -size +16 -delete
cp fuzz/corpus/identity/* fuzz/corpus/harden/
cp fuzz/corpus/identity/* fuzz/corpus/krm/
# One seed for each expression that is tried on the real API server.
grep -ho "holds: .*" tests/api/expressions/*.yaml | sed 's/^holds: "//; s/", .*$//' |
    awk '{ print > ("fuzz/corpus/cel/" NR) }'
for file in src/policy/environments/*.yaml tests/policies/bad/*.yaml charts/*/hardtack.yaml $(find src -name '*.policy.yaml'); do
    cp "$file" "fuzz/corpus/policy_file/$(echo "$file" | tr '/' '_')"
done
for file in $(find tests/conftest tests/policies/bad -name '*.rego'); do
    cp "$file" "fuzz/corpus/rego/$(echo "$file" | tr '/' '_')"
done
# Every text of the tests of references that holds one.
grep -rhoE "(secret)?ref\+[a-z]+://[^\"\\]*|<path:[^\"\\]*>|hardtack://[^\"\\]*" src/secrets/reference tests/stores src/rules/secret-reference-unresolved |
    sort -u | awk '{ print > ("fuzz/corpus/reference/" NR) }'
