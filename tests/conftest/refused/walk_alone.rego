# ours: walk
package main

import rego.v1

deny contains msg if { n := count([1 | walk(input)]); msg := sprintf("%d", [n]) }
