//go:build !linux

package main

// dieOfSegmentationFault dereferences nil outside any handler that would recover.
func dieOfSegmentationFault() {
	go func() {
		var nothing *int
		*nothing = 1
	}()
	select {}
}
