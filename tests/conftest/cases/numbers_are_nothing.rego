package main

import rego.v1

deny contains 3 if true
deny contains ["list"] if true
deny contains "text" if input.kind == "ConfigMap"
