package main

import rego.v1

deny contains "plain" if input.kind == "ConfigMap"
violation contains "plain too" if input.kind == "ConfigMap"
exception contains rules if { input.metadata.name == "skip-me"; rules := [""] }
