package main

import rego.v1

images[name] := image if { some c in input.spec.template.spec.containers; name := c.name; image := c.image }
groups[team] contains name if { team := input.metadata.labels.team; name := input.metadata.name }
deny contains msg if { some name; image := images[name]; msg := sprintf("%s: %s", [name, image]) }
deny contains msg if { some team; groups[team][name]; msg := sprintf("%s has %s", [team, name]) }
