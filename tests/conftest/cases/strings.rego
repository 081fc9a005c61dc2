package main

import rego.v1

deny contains msg if {
	n := input.metadata.name
	msg := concat("|", [upper(n), lower("ÄB"), trim(n, "wn"), trim_prefix(n, "web"), trim_suffix(n, "t"), trim_space("  a "), replace(n, "e", "3"), substring(n, 0, 2), sprintf("%q", [n]), strings.reverse(n), format_int(255, 16), strings.replace_n({"a": "b"}, n)])
}
warn contains msg if { msg := sprintf("%d %v %v %v", [indexof(input.metadata.name, "e"), indexof_n("banana", "a"), split("a,b", ","), strings.count("banana", "an")]) }
warn contains msg if { strings.any_prefix_match(input.metadata.name, ["we", "n"]); strings.any_suffix_match(input.metadata.name, {"b", "t"}); msg := "both" }
