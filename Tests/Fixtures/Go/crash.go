// A pack whose work is done in Go, which ends its process in the ways of Go. `make test-long` builds it where there is
// a compiler.
package main

/*
#cgo CFLAGS: -I${SRCDIR}/../Packs -I${SRCDIR}/../../../Sources/ToolABI/include -D_POSIX_C_SOURCE=200809L

void fault(void);
*/
import "C"

var nothing *int

//export goWork
func goWork(how C.int) {
	switch how {
	case 'p':
		panic("the fixture was asked to")
	case 'n':
		*nothing = 1
	case 'c':
		C.fault()
	case 't':
		done := make(chan bool)
		go func() {
			*nothing = 1
			done <- true
		}()
		<-done
	}
}

func main() {}
