package main

import rego.v1

deny contains msg if { [path, value] := walk(input); path[count(path) - 1] == "image"; msg := sprintf("%v: %s", [path, value]) }
