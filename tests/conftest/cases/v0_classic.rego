# v0
package main

deny[msg] {
	input.kind == "Deployment"
	not input.spec.template.spec.securityContext.runAsNonRoot
	msg = sprintf("%s must not run as root", [input.metadata.name])
}

warn[msg] {
	container := input.spec.template.spec.containers[_]
	not container.resources.requests
	msg := sprintf("%s has no requests", [container.name])
}

violation[{"msg": msg, "details": {"image": image}}] {
	image := input.spec.template.spec.containers[_].image
	endswith(image, ":latest")
	msg := concat("", ["latest: ", image])
}
