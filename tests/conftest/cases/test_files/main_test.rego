package main

import rego.v1

test_deny if { "real" in deny with input as {"kind": "Service"} }
