// Do these two requests use the same TCP connection? Yes: the first answer is read to its end before the second request.
//
//	sameconn watch --target http://127.0.0.1:8080 -- go run ./test/peers/go/read
package main

import (
	"fmt"
	"io"
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
		io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
}
