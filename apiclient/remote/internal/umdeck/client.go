package umdeck

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"umdeck/apiclient"
	"umdeck/apiclient/remote/internal/link"
	"umdeck/apiclient/wire"
)

// Config is what a Client needs. Link and Home are required.
type Config struct {
	Link *link.Client
	Home string // the site's address without a slash at the end
}

// A Client is the API of one umdeck.
type Client struct {
	link *link.Client
	home string

	once   sync.Once
	closed chan struct{}
}

var _ apiclient.API = (*Client)(nil)

// Open proves the credentials by asking for the site.
func Open(ctx context.Context, cfg Config) (*Client, error) {
	c := &Client{link: cfg.Link, home: cfg.Home, closed: make(chan struct{})}
	if _, err := c.Site(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// Close ends watchers and drops the connections.
func (c *Client) Close() error {
	c.once.Do(func() { close(c.closed) })
	c.link.Close()
	return nil
}

// call sends in to the endpoint and returns what it answers.
func call[In, Out any](ctx context.Context, c *Client, e wire.Endpoint[In, Out], in In) (Out, error) {
	var none Out
	r, err := request(c, e, in)
	if err != nil {
		return none, err
	}
	a, err := c.link.Do(ctx, r)
	switch {
	case link.Lost(err) && !r.Safe:
		return none, lost(e.Name, err)
	case err != nil:
		return none, err
	case a.Status >= 300:
		return none, refusal(e.Name, a)
	case a.Status == http.StatusNoContent:
		return none, nil
	}
	return e.Read(a.JSON)
}

// request returns the HTTP request. GET changes nothing, and neither do
// the plans, which are POSTs for the length of what they ask alone.
func request[In, Out any](c *Client, e wire.Endpoint[In, Out], in In) (link.Request, error) {
	r, err := e.Call(in)
	if err != nil {
		return link.Request{}, err
	}
	address := c.home + r.Path
	if len(r.Query) > 0 {
		address += "?" + r.Query.Encode()
	}
	return link.Request{
		Method: r.Method, URL: address, Name: e.Name, Body: r.Body, Type: "application/json",
		Safe: r.Method == http.MethodGet || e.Name == wire.PlanUsers.Name || e.Name == wire.PlanReplay.Name,
	}, nil
}

func lost(name string, cause error) error {
	return &apiclient.Error{
		Kind: apiclient.Unavailable, Err: cause,
		Message: "The site did not say whether it did " + name + "; look before you try again. " + apiclient.MessageOf(cause),
	}
}

// refusal is the error that the site answered, the same value as over there.
func refusal(name string, a link.Answer) error {
	if e, ok := wire.ReadError(a.Status, a.JSON); ok {
		return e
	}
	return &apiclient.Error{
		Kind:    wire.KindOfStatus(a.Status),
		Message: fmt.Sprintf("The site answered %s with status %d and no error of umdeck/v1; look whether something stands between.", name, a.Status),
		Err:     errors.New(link.Clean(string(a.JSON), 200)),
	}
}
