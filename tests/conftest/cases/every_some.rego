package main

import rego.v1

deny contains "not all limited" if { cs := input.spec.template.spec.containers; not all_limited(cs) }
all_limited(cs) if { every c in cs { c.resources.limits.memory } }
warn contains msg if { some i, c in input.spec.template.spec.containers; i > 0; msg := sprintf("%d:%s", [i, c.name]) }
warn contains msg if { some key, value in input.metadata.labels; msg := sprintf("%s=%s", [key, value]) }
