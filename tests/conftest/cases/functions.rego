package main

import rego.v1

tag(image) := t if { parts := split(image, ":"); t := parts[count(parts) - 1] } else := "none"
score(x) := 1 if x == "latest"
score(x) := 0 if x != "latest"
deny contains msg if { some c in input.spec.template.spec.containers; t := tag(c.image); msg := sprintf("%s %d", [t, score(t)]) }
