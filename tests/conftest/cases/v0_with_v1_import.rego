# v0
package main

import rego.v1

deny contains "service" if input.kind == "Service"
