package main

import rego.v1

deny contains "printed" if { print("input", input.kind); input.kind == "Service" }
