package main

import rego.v1

deny contains msg if { some c in input.spec.template.spec.containers; not glob.match("ghcr.io/acme/**", ["/"], c.image); msg := c.image }
warn contains "star" if glob.match("*-report", [], input.metadata.name)
warn contains "class" if glob.match("[wn]?*", ["."], input.metadata.name)
