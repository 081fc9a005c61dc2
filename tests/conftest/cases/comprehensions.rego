package main

import rego.v1

names := [c.name | some c in input.spec.template.spec.containers]
ports := {p.port | some p in input.spec.ports}
by_name := {c.name: c.image | some c in input.spec.template.spec.containers}
deny contains msg if { count(names) > 0; msg := sprintf("%v %v", [names, sort(names)]) }
deny contains msg if { count(ports) > 0; msg := sprintf("%v %d %d", [ports, sum(ports), max(ports)]) }
deny contains msg if { some n, i in by_name; msg := sprintf("%s -> %s", [n, i]) }
