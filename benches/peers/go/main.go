// Times Go's standard library. Reads lines "operation directory iterations" and answers each with the
// nanoseconds of processor time per operation, the collector's included, or with "error: ...". The directory holds cert.pem and key.pem.
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"unsafe"
)

func operation(name, directory string) (func() error, error) {
	certificate, err := os.ReadFile(filepath.Join(directory, "cert.pem"))
	if err != nil {
		return nil, err
	}
	key, err := os.ReadFile(filepath.Join(directory, "key.pem"))
	if err != nil {
		return nil, err
	}
	switch name {
	case "X509KeyPair":
		return func() error {
			_, err := tls.X509KeyPair(certificate, key)
			return err
		}, nil
	case "ParseCertificate":
		block, _ := pem.Decode(certificate)
		if block == nil {
			return nil, fmt.Errorf("no PEM block")
		}
		return func() error {
			_, err := x509.ParseCertificate(block.Bytes)
			return err
		}, nil
	}
	return nil, fmt.Errorf("unknown operation")
}

// processorTime is that of all threads, in nanoseconds.
func processorTime() int64 {
	const processCPUTime = 2
	var now syscall.Timespec
	syscall.Syscall(syscall.SYS_CLOCK_GETTIME, processCPUTime, uintptr(unsafe.Pointer(&now)), 0)
	return now.Nano()
}

func measure(name, directory string, iterations int) (float64, error) {
	run, err := operation(name, directory)
	if err != nil {
		return 0, err
	}
	if err := run(); err != nil {
		return 0, err
	}
	start := processorTime()
	for range iterations {
		if err := run(); err != nil {
			return 0, err
		}
	}
	return float64(processorTime()-start) / float64(iterations), nil
}

func main() {
	// One thread, as for the others; the collector still works beside it.
	runtime.GOMAXPROCS(1)
	fmt.Println(runtime.Version())
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var name, directory string
		var iterations int
		if _, err := fmt.Sscan(lines.Text(), &name, &directory, &iterations); err != nil {
			fmt.Println("error: bad line")
			continue
		}
		nanoseconds, err := measure(name, directory, iterations)
		if err != nil {
			fmt.Println("error:", err)
			continue
		}
		fmt.Printf("%.1f\n", nanoseconds)
	}
}
