# data
package main

import rego.v1

deny contains msg if {
	some c in input.spec.template.spec.containers
	host := split(c.image, "/")[0]
	not host in data.allowed
	msg := sprintf("%s is not allowed", [host])
}
warn contains msg if { input.spec.replicas < data.team.limits.replicas.min; msg := sprintf("fewer than %v", [data.team.limits.replicas.min]) }
warn contains msg if { n := data.teams[input.metadata.labels.team]; msg := sprintf("team of %d", [n]) }
