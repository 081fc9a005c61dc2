package main

import rego.v1

deny contains "real" if input.kind == "Service"
