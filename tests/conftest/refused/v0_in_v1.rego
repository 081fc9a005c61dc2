# both: if
package main

deny[msg] { msg := "a" }
