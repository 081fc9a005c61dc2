package main

import rego.v1

deny_level contains msg if { input.data.LOG_LEVEL == "debug"; msg := "debug logs" }
deny contains "any config map" if input.kind == "ConfigMap"
exception contains rules if { startswith(input.metadata.name, "skip"); rules := ["level"] }
