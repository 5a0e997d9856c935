// Tally is a service as a bank may have it on Windows: Go, a part of it C, with a child and a grandchild. It counts requests.
package main

/*
static long counted;

static long count(void) { return ++counted; }
*/
import "C"

import (
	"fmt"
	"log"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"time"
)

func main() {
	if len(os.Args) > 1 {
		descend(os.Args[1])
		return
	}
	child := exec.Command(os.Args[0], "child")
	if err := child.Start(); err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, int64(C.count()))
	})
	log.Printf("tally %s is %d", os.Getenv("HOLDFAST_RELEASE"), os.Getpid())
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("HOLDFAST_PORT_HTTP"), nil))
}

// descend is a child, or its child: it says who it is in the service's data folder, and stays.
func descend(who string) {
	if who == "child" {
		if err := exec.Command(os.Args[0], "grandchild").Start(); err != nil {
			log.Fatal(err)
		}
	}
	if err := os.WriteFile(who+".new", []byte(strconv.Itoa(os.Getpid())), 0o600); err != nil {
		log.Fatal(err)
	}
	if err := os.Rename(who+".new", who); err != nil {
		log.Fatal(err)
	}
	time.Sleep(time.Hour)
}
