# namespaces: main,kubernetes.*
package main

import rego.v1

deny contains "main" if input.kind == "Service"
