package main

import rego.v1

deny contains result if {
	some c in input.spec.template.spec.containers
	c.securityContext.privileged
	result := {"msg": sprintf("%v is privileged", [c.name]), "details": {"container": c.name}}
}
