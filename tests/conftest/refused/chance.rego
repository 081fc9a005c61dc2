# ours: rand.intn
package main

import rego.v1

deny contains msg if { msg := sprintf("%d", [rand.intn("a", 10)]) }
