# both: startwith
package main

import rego.v1

deny contains msg if { startwith(input.kind, "D"); msg := "a" }
