package server

import (
	"cmp"
	"context"
	"net/url"

	"umdeck/apiclient/server/pages"
)

// openPages makes the site's pages, where there is somebody to answer them.
func (s *Server) openPages() error {
	if s.cfg.Members == nil {
		return nil
	}
	home, err := url.Parse(s.cfg.URL)
	if err != nil {
		return err
	}
	p, err := pages.New(pages.Config{
		Members: s.cfg.Members, Name: s.siteName, Base: home.Path, Address: s.address, Logger: s.log, Secure: s.secure,
	})
	if err != nil {
		return err
	}
	s.pages = p
	return nil
}

func (s *Server) siteName(ctx context.Context) (string, error) {
	site, err := s.api.Site(ctx)
	return cmp.Or(s.cfg.SiteName, site.Name), err
}
