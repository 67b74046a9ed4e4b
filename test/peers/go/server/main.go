// A server as short as Go allows: 8 MiB for every request. Listens on the address given, 127.0.0.1:8080 unless told otherwise, and says which it was.
package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
)

func main() {
	address := "127.0.0.1:8080"
	if len(os.Args) > 1 {
		address = os.Args[1]
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		panic(err)
	}
	fmt.Printf("http://%s\n", listener.Addr())
	page := make([]byte, 8<<20)
	http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write(page) }))
}
