package main

import rego.v1

default level := "low"
level := "high" if { input.spec.replicas >= 3 } else := "middle" if { input.spec.replicas == 1 }
deny contains msg if { msg := sprintf("%s is %s", [input.kind, level]) }
