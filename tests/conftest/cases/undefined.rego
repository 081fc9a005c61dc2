package main

import rego.v1

deny contains msg if { msg := sprintf("%v", [input.nothing.there]) }
deny contains "not there" if not input.nothing
deny contains msg if { x := to_number("abc"); msg := sprintf("%v", [x]) }
deny contains msg if { x := 1 / 0; msg := sprintf("%v", [x]) }
deny contains msg if { x := json.unmarshal("{"); msg := sprintf("%v", [x]) }

