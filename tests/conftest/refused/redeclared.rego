# both: x
package main

import rego.v1

deny contains msg if { x := 1; x := 2; msg := "a" }
