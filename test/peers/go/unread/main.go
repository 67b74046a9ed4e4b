// Do these two requests use the same TCP connection? No: the first answer is closed before it is read to its end. (Go 1.27 reads up to 256 KiB of it on Close.)
//
//	sameconn watch --target http://127.0.0.1:8080 -- go run ./test/peers/go/unread
package main

import (
	"fmt"
	"net/http"
	"os"
)

func main() {
	client := &http.Client{}
	for i := 0; i < 2; i++ {
		response, err := client.Get(os.Getenv("SAMECONN_URL"))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		response.Body.Close()
	}
}
