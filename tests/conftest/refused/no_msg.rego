# both: msg
package main

import rego.v1

deny contains {"message": "a"} if true
