# both: conflicts
package main

import rego.v1

level := "a" if true

level := "b" if true

deny contains level if true
