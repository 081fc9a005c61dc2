package main

import rego.v1

deny contains msg if { some c in input.spec.template.spec.containers; [_, tag] := split(c.image, ":"); v := trim_prefix(tag, "v"); semver.is_valid(v); semver.compare(v, "1.10.0") < 0; msg := c.image }
warn contains "valid" if semver.is_valid("1.2.3-rc.1+b")
warn contains "invalid" if not semver.is_valid("1.2")
