package main

import rego.v1

deny := ["one", "two"] if input.kind == "Service"
warn := true if input.kind == "Service"
violation := {"a": "map says nothing"} if input.kind == "Service"
