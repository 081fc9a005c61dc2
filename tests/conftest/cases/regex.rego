package main

import rego.v1

deny contains msg if {
	some c in input.spec.template.spec.containers
	not regex.match(`^[a-z0-9.-]+(:[0-9]+)?/[a-z0-9/._-]+(:v?[0-9.]+|@sha256:[0-9a-f]{64})$`, c.image)
	msg := c.image
}
warn contains msg if { msg := sprintf("%v", [regex.find_n("[a-z]+", input.metadata.name, -1)]) }
warn contains msg if { msg := regex.replace(input.metadata.name, "(e)(b|p)?", "<$1>") }
warn contains msg if { msg := sprintf("%v", [regex.split("-", input.metadata.name)]) }
warn contains "valid" if regex.is_valid("(a|b)*")
warn contains "invalid" if not regex.is_valid("(a")
