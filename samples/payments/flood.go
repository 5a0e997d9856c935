package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// flood writes lines=N numbered lines of size=N bytes to stream=stdout or stderr: as fast as they are taken, or rate=N a second.
// The numbers tell whoever reads them whether one is missing or comes twice. id= marks one flood among several.
func flood(p *patient, f fault) (action, error) {
	lines, err := f.number("lines", 10000)
	if err != nil {
		return nil, err
	}
	size, err := f.number("size", 100)
	if err != nil {
		return nil, err
	}
	rate, err := f.number("rate", 0)
	if err != nil {
		return nil, err
	}
	stream, err := f.choice("stream", "stdout", "stderr")
	if err != nil {
		return nil, err
	}
	id := f.text("id", "flood")
	return func() (any, error) {
		out := io.Writer(os.Stdout)
		if stream == "stderr" {
			out = os.Stderr
		}
		go p.pour(out, id, lines, size, rate)
		return nil, nil
	}, nil
}

func (p *patient) pour(out io.Writer, id string, lines, size, rate int) {
	began := time.Now()
	for n := 1; n <= lines; n++ {
		if _, err := io.WriteString(out, floodLine(id, n, size)); err != nil {
			p.log.error("flood stopped", "id", id, "at", n, "error", err.Error())
			return
		}
		if rate > 0 {
			time.Sleep(time.Until(began.Add(time.Duration(n) * time.Second / time.Duration(rate))))
		}
	}
	p.log.info("flood over", "id", id, "lines", lines, "seconds", time.Since(began).Seconds())
}

// floodLine is size bytes with its newline, or as few as its number needs.
func floodLine(id string, n, size int) string {
	head := fmt.Sprintf("%s %d ", id, n)
	return head + strings.Repeat("x", max(0, size-len(head)-1)) + "\n"
}

func max(a, b int) int {
	if a > b {
		return a
	}
	return b
}

// spill logs what no log should hold: a (test) card number, a bearer token, a private key. It shows that redaction works.
func spill(p *patient, _ fault) (action, error) {
	return func() (any, error) {
		p.log.info("card charged", "pan", "4111 1111 1111 1111")
		p.log.info("calling the bank", "header", "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.c2FtcGxl.bm90LWEtc2VjcmV0")
		fmt.Fprint(os.Stdout, "-----BEGIN "+"PRIVATE KEY-----\nbm90IGEga2V5LCBidXQgaXQgbG9va3MgbGlrZSBvbmU=\n-----END "+"PRIVATE KEY-----\n")
		return nil, nil
	}, nil
}
