package b.c

import rego.v1

import data.a as aa

deny contains msg if { count(aa.deny) > 0; msg := "b after a" }
