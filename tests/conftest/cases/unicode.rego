package main

import rego.v1

deny contains msg if { some a in input.spec.jobTemplate.spec.template.spec.containers[0].args; msg := sprintf("%s %d %s", [a, count(a), upper(a)]) }
