# both: recurs
package main

import rego.v1

deny contains msg if { some msg in deny }
