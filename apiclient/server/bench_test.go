package server_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/server"
	"umdeck/apiclient/wire"
)

// BenchmarkRegister registers accounts through um_register_user over HTTP, on a
// database on the disk, from 16 connections: a login, a transaction and an answer
// each.
func BenchmarkRegister(b *testing.B) {
	e, err := engine.Open(b.Context(), engine.Config{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	zap, err := e.CreateZap(b.Context(), apitest.ActionZap("Import", "first_name", "birth_date"))
	if err != nil {
		b.Fatal(err)
	}
	_, password, err := e.CreatePassword(b.Context(), 1, "bench")
	if err != nil {
		b.Fatal(err)
	}
	s, err := server.New(server.Config{API: e, Authenticate: e.Authenticate})
	if err != nil {
		b.Fatal(err)
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Serve(b.Context(), listener) }()
	b.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		if err := errors.Join(<-done, e.Close()); err != nil {
			b.Error(err)
		}
	})
	address := "http://" + listener.Addr().String() + "/?action=" + wire.ActionRegister
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	b.Cleanup(client.CloseIdleConnections)

	var n atomic.Int64
	b.SetParallelism(8) // times the two cores of a small machine
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			login := fmt.Sprintf("user%d", n.Add(1))
			form := wire.Registration{
				Username: login, Zap: zap.ID, Role: "subscriber", Status: "approved",
				Fields: map[string]apiclient.Value{"user_email": apiclient.Text(login + "@example.com"), "first_name": apiclient.Text("Zoë"), "birth_date": apiclient.Text("1996-12-08")},
			}.Form(true)
			if err := register(b, client, address, password, form); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func register(b *testing.B, client *http.Client, address string, password apiclient.Secret, form url.Values) error {
	req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", formType)
	req.Header.Set(wire.HeaderRequest, wire.ValueRequest)
	req.SetBasicAuth("admin", password.Reveal())
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusCreated {
		err = fmt.Errorf("%d %s", resp.StatusCode, body)
	}
	return err
}
