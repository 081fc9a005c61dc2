# both: data.lib.f
package main

import rego.v1

deny contains msg if { data.lib.f(input.kind); msg := "a" }
