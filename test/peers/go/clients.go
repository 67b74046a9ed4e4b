// Ways to use Go's net/http client, one per word on the command line: clients URL read|close-unread|leak|pool|new-transport|no-keep-alive|exam|exam-pool
package main

import (
	"io"
	"net/http"
	"os"
	"sync"
	"time"
)

func get(client *http.Client, url string, read bool) {
	response, err := client.Get(url)
	if err != nil {
		return // the exam ends connections on purpose
	}
	if read {
		io.Copy(io.Discard, response.Body)
	}
	response.Body.Close()
}

// Ten requests at once, again and again.
func bursts(times int, url string) {
	for burst := 0; burst < times; burst++ {
		var all sync.WaitGroup
		for i := 0; i < 10; i++ {
			all.Add(1)
			go func() {
				defer all.Done()
				get(http.DefaultClient, url, true)
			}()
		}
		all.Wait()
		time.Sleep(100 * time.Millisecond)
	}
}

func main() {
	url, way := os.Args[1], os.Args[2]
	switch way {
	case "read":
		for i := 0; i < 20; i++ {
			get(http.DefaultClient, url+"/bytes/1MiB", true)
		}
	case "close-unread":
		for i := 0; i < 20; i++ {
			get(http.DefaultClient, url+"/bytes/8MiB", false)
		}
	case "leak":
		for i := 0; i < 20; i++ {
			http.Get(url + "/bytes/1MiB")
		}
	case "pool": // two fit into the pool of DefaultTransport
		bursts(10, url+"/delay/50ms")
	case "new-transport":
		for i := 0; i < 20; i++ {
			get(&http.Client{Transport: &http.Transport{}}, url, true)
		}
	case "no-keep-alive":
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		for i := 0; i < 20; i++ {
			get(client, url, true)
		}
	case "exam":
		for i := 0; i < 22; i++ {
			get(http.DefaultClient, url, true)
			time.Sleep(20 * time.Millisecond)
		}
	case "exam-pool":
		for i := 0; i < 18; i++ {
			get(http.DefaultClient, url, true)
		}
		bursts(4, url)
		get(http.DefaultClient, url, true)
	}
}
