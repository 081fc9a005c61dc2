package main

deny[msg] {
	msg := "a"
}
