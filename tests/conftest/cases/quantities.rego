package main

import rego.v1

deny contains msg if { some c in input.spec.template.spec.containers; m := units.parse_bytes(c.resources.limits.memory); m > 300 * 1024 * 1024; msg := sprintf("%s %d", [c.name, m]) }
warn contains msg if { some c in input.spec.template.spec.containers; msg := sprintf("%v", [units.parse(c.resources.limits.cpu)]) }
