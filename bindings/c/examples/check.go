// Checks a form: check FORM.json. Prints the report. Exit status: 0 accepted, 1 rejected, 2 could not run.
package main

// #cgo pkg-config: certgate
// #include <certgate.h>
// #include <stdlib.h>
import "C"

import (
	"errors"
	"fmt"
	"os"
	"unsafe"
)

// Check returns whether a form is accepted, and the report.
func Check(form []byte, options string) (bool, string, error) {
	given := C.CString(options)
	defer C.free(unsafe.Pointer(given))
	var text *C.char
	status := C.certgate_check(unsafe.Pointer(unsafe.SliceData(form)), C.size_t(len(form)), given, &text)
	defer C.certgate_free(text)
	if status < 0 {
		return false, "", errors.New(C.GoString(text))
	}
	return status == C.CERTGATE_YES, C.GoString(text), nil
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "give a file with a form, and perhaps options")
		os.Exit(2)
	}
	form, err := os.ReadFile(os.Args[1])
	options := ""
	if len(os.Args) > 2 {
		options = os.Args[2]
	}
	var accepted bool
	var report string
	if err == nil {
		accepted, report, err = Check(form, options)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	fmt.Println(report)
	if !accepted {
		os.Exit(1)
	}
}
