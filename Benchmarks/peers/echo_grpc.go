// An echo between two processes by gRPC over a Unix socket, to compare with how a host reaches the process of a pack.
// Starts itself once more as the server. Prints JSON: microseconds at two percentiles, and of processor time in both
// processes, for each echo. Usage: echo-grpc SECONDS AT_A_TIME
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/golang/protobuf/ptypes/wrappers"
	"google.golang.org/grpc"
)

const method = "/bench.Echo/Echo"

type echo struct{}

// What a compiler of .proto files would write for one method that takes and returns bytes.
var service = grpc.ServiceDesc{
	ServiceName: "bench.Echo",
	HandlerType: (*interface{})(nil),
	Methods: []grpc.MethodDesc{{
		MethodName: "Echo",
		Handler: func(_ interface{}, ctx context.Context, decode func(interface{}) error,
			_ grpc.UnaryServerInterceptor) (interface{}, error) {
			body := new(wrappers.BytesValue)
			return body, decode(body)
		},
	}},
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(path string) {
	socket, err := net.Listen("unix", path)
	check(err)
	server := grpc.NewServer()
	server.RegisterService(&service, echo{})
	check(server.Serve(socket))
}

// Microseconds of processor time, in this process and in those that it has waited for.
func processor() float64 {
	total := 0.0
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var usage syscall.Rusage
		check(syscall.Getrusage(who, &usage))
		total += float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1000
	}
	return total
}

// Microseconds of each echo, one after the other.
func ask(connection *grpc.ClientConn, end time.Time) []float64 {
	var times []float64
	body := &wrappers.BytesValue{Value: make([]byte, 1024)}
	for time.Now().Before(end) {
		answer := new(wrappers.BytesValue)
		begin := time.Now()
		check(connection.Invoke(context.Background(), method, body, answer))
		times = append(times, float64(time.Since(begin).Nanoseconds())/1000)
	}
	return times
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == "serve" {
		serve(os.Args[2])
		return
	}
	seconds, err := strconv.ParseFloat(os.Args[1], 64)
	check(err)
	atATime, err := strconv.Atoi(os.Args[2])
	check(err)
	folder, err := os.MkdirTemp("", "echo-grpc-")
	check(err)
	path := filepath.Join(folder, "socket")
	server := exec.Command(os.Args[0], "serve", path)
	server.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	check(server.Start())
	connection, err := grpc.Dial("unix:"+path, grpc.WithInsecure(), grpc.WithBlock())
	check(err)
	// The first calls, and what both starts took, are a small part of the rest.
	end := time.Now().Add(time.Duration(seconds * float64(time.Second)))
	found := make([][]float64, atATime)
	var group sync.WaitGroup
	for index := range found {
		group.Add(1)
		go func(index int) {
			defer group.Done()
			found[index] = ask(connection, end)
		}(index)
	}
	group.Wait()
	check(server.Process.Kill())
	_ = server.Wait()
	check(os.RemoveAll(folder))
	var times []float64
	for _, one := range found {
		times = append(times, one...)
	}
	sort.Float64s(times)
	check(json.NewEncoder(os.Stdout).Encode(map[string]float64{
		"p50": times[len(times)/2], "p99": times[len(times)*99/100], "processor": processor() / float64(len(times)),
		"echoes": float64(len(times)),
	}))
}
