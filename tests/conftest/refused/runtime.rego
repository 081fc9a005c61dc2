# ours: opa.runtime
package main

import rego.v1

deny contains msg if { msg := opa.runtime().env.HOME }
