// Go's net/http server on http and https; remembers every connection. Converses as ../child.ts says.
package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"flag"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

type connection struct {
	Scheme   string `json:"scheme"`
	Requests int    `json:"requests"`
	Resumed  bool   `json:"resumed"`
}

type connectionKey struct{}

var (
	mutex       sync.Mutex
	connections = []*connection{}
	idle        = flag.Duration("idle", 0, "how long an idle connection is kept; 0: for ever")
)

func main() {
	flag.Parse()
	lines := bufio.NewScanner(os.Stdin)
	lines.Scan()
	var pem struct{ Key, Cert string }
	must(json.Unmarshal(lines.Bytes(), &pem))
	certificate, err := tls.X509KeyPair([]byte(pem.Cert), []byte(pem.Key))
	must(err)

	plain, secure := listen(), listen()
	go func() { must(server("http", nil).Serve(plain)) }()
	go func() {
		must(server("https", &tls.Config{Certificates: []tls.Certificate{certificate}}).ServeTLS(secure, "", ""))
	}()

	tell(map[string]int{"http": port(plain), "https": port(secure)})
	for lines.Scan() {
		mutex.Lock()
		tell(connections)
		mutex.Unlock()
	}
}

func server(scheme string, config *tls.Config) *http.Server {
	return &http.Server{
		TLSConfig:    config,
		IdleTimeout:  *idle,
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){}, // HTTP/1.1 only
		ConnContext: func(ctx context.Context, _ net.Conn) context.Context { // called once for each connection accepted
			mutex.Lock()
			defer mutex.Unlock()
			c := &connection{Scheme: scheme}
			connections = append(connections, c)
			return context.WithValue(ctx, connectionKey{}, c)
		},
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mutex.Lock()
			c := r.Context().Value(connectionKey{}).(*connection)
			c.Requests++
			c.Resumed = r.TLS != nil && r.TLS.DidResume
			mutex.Unlock()
			if r.URL.Path == "/slow" {
				time.Sleep(200 * time.Millisecond)
			}
			w.Write([]byte("hello world\n"))
		}),
	}
}

func listen() net.Listener {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	return listener
}

func port(listener net.Listener) int { return listener.Addr().(*net.TCPAddr).Port }

func tell(words any) { must(json.NewEncoder(os.Stdout).Encode(words)) }

func must(err error) {
	if err != nil {
		panic(err)
	}
}
