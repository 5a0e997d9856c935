// A call of each kind to the UserService: the client in Go.
package main

import (
	"flag"
	"fmt"
	"os"

	"google.golang.org/grpc"

	pb "acme/userpb"
)

func main() {
	os.Exit(run())
}

func run() int {
	server := flag.String("server", "127.0.0.1:50051", "address and port")
	cert := flag.String("cert", "", "our certificate, PEM; with -key and -ca: mutual TLS")
	key := flag.String("key", "", "its key, PEM")
	ca := flag.String("ca", "", "the roots whose servers are taken, PEM")
	flag.Parse()
	option, err := transport(*cert, *key, *ca)
	if err != nil {
		fmt.Fprintln(os.Stderr, "user-client:", err)
		return 2
	}
	connection, err := grpc.Dial(*server, option)
	if err != nil {
		fmt.Fprintln(os.Stderr, "user-client:", err)
		return 2
	}
	defer connection.Close()

	users := pb.NewUserServiceClient(connection)
	wrong := 0
	for _, one := range calls {
		said, err := one.call(users)
		if err != nil {
			fmt.Fprintf(os.Stderr, "user-client: %v; it should have been '%s'\n", err, one.expected)
			wrong++
			continue
		}
		fmt.Println(said)
		if said != one.expected {
			fmt.Fprintf(os.Stderr, "user-client: that should have been '%s'\n", one.expected)
			wrong++
		}
	}
	if wrong > 0 {
		return 1
	}
	return 0
}
