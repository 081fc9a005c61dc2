package main

import rego.v1

deny contains msg if { [path, v] := walk(input); not is_object(v); not is_array(v); msg := sprintf("%v=%v(%s)", [path, v, type_name(v)]) }
