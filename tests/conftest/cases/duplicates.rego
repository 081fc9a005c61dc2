package main

import rego.v1

deny contains "same" if input.kind == "Service"
deny contains "same" if input.spec.type == "LoadBalancer"
violation contains "same" if input.kind == "Service"
