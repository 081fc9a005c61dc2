#!/bin/sh
# Fills fuzz/corpus/<target> with the documents of every manifest of this repository, and of the folders named.
set -eu
cd "$(dirname "$0")/.."
for target in identity harden krm cel rego policy_file reference sops sops_config; do
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
cp testdata/sops/*.enc.yaml fuzz/corpus/sops/
one=age1dgsdts9taan2xyp8pttxnzx0efvpnx4cdc9cucuq0qshqqmyh3rqk4jv47
two=age14capvw5dypmw4gcqqere96c98y6qy4hxeegmke02afqa6y2w998sfcg4w0
rule() { printf 'creation_rules:\n%b' "$2" > "fuzz/corpus/sops_config/$1"; }
rule regex "  - path_regex: env/prod/.*\\.yaml$\n    age: $one\n  - age: '$two , $one,'\n"
rule list "  - path_regex: ^env/\n    age: [$one, $two]\n    mac_only_encrypted: false\n    encrypted_regex: ^(data|stringData)$\n"
rule groups "  - shamir_threshold: 2\n    key_groups:\n      - merge:\n          - age: [$one]\n          - merge: [{age: [$two]}]\n        age: [$one]\n      - age: [$two]\n      - age: [$one]\n        pgp: []\n"
rule services "  - kms: arn:aws:kms:x\n    pgp: ABC\n    hc_vault_transit_uri: http://x\n    azure_keyvault: ''\n"
rule suffixes "  - encrypted_suffix: _secret\n    unencrypted_suffix: _plain\n    unencrypted_regex: '('\n    encrypted_comment_regex: enc\n    age: $one\n"
