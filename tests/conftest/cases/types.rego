package main

import rego.v1

deny contains msg if { some k, v in input.flags; msg := sprintf("%s is %s", [k, type_name(v)]) }
deny contains "null" if is_null(input.flags.nothing)
deny contains "array" if is_array(input.flags.list)
deny contains "object" if is_object(input.flags.map)
deny contains "boolean" if is_boolean(input.flags.yes)
deny contains "string" if is_string(input.metadata.name)
deny contains "number" if is_number(input.spec.replicas)
deny contains "set" if is_set({1})
