package main

import rego.v1

deny contains "a" if rand.intn("coin", 2) == 1
