# v0
package main

import future.keywords.in
import future.keywords.if
import future.keywords.contains
import future.keywords.every

deny contains msg if {
	some c in input.spec.template.spec.containers
	c.image in {"nginx:latest"}
	msg := c.name
}

labels := {"app.kubernetes.io/name"}

deny[msg] {
	some label
	labels[label]
	not input.metadata.labels[label]
	msg := sprintf("label %s is missing", [label])
}
