# combine
package main

import rego.v1

selected(service, deployment) if {
	every key, value in service.spec.selector { deployment.spec.template.metadata.labels[key] == value }
}

deployments := [file.contents | some file in input; file.contents.kind == "Deployment"]

deny contains msg if {
	some file in input
	file.contents.kind == "Service"
	count([d | some d in deployments; selected(file.contents, d)]) == 0
	msg := sprintf("service %s selects nothing", [file.contents.metadata.name])
}

warn contains msg if { msg := sprintf("%d objects", [count(input)]) }
