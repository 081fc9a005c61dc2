package main

import rego.v1

deny contains "a" if data.x
