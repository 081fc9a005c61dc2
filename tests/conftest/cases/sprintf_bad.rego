package main

import rego.v1

deny contains msg if { some c in input.spec.template.spec.containers; msg := sprintf("%d uses %e", [c.name, c.image]) }
