package main

import rego.v1

a := {1, 2, 3}
b := {2, 3, 4}
deny contains msg if { msg := sprintf("%v %v %v", [a & b, a | b, a - b]) }
deny contains msg if { msg := sprintf("%v %v", [union({a, b}), intersection({a, b})]) }
deny contains msg if { msg := sprintf("%v %v %v", [array.concat([1], [2]), array.slice([1, 2, 3], 1, 3), array.reverse([1, 2])]) }
deny contains msg if { msg := sprintf("%v %v", [min([3, 1]), max({"a", "b"})]) }
deny contains "in" if 2 in [1, 2]
