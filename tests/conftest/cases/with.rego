package main

import rego.v1

allowed if input.spec.replicas > 2
deny contains "would do" if { not allowed; allowed with input.spec.replicas as 3 }
limit := data.limit
deny contains msg if { x := limit with data.limit as 7; msg := sprintf("%d", [x]) }
