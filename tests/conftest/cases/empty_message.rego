package main

import rego.v1

deny contains "" if true
warn contains "w" if false
