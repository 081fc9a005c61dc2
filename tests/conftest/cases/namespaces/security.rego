package kubernetes.security

import rego.v1

deny contains "security" if input.kind == "Service"
warn contains "look" if input.kind == "Service"
