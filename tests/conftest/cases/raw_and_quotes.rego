package main

import rego.v1

deny contains `raw \n "text"` if input.kind == "Service"
deny contains "tab\tand \"quotes\" and ü" if input.kind == "Service"
