package server

import (
	"cmp"
	"net/http"

	"umdeck/apiclient/wire"
)

// index is the answer of /wp-json/ in WordPress's shape.
type index struct {
	Name           string   `json:"name"`
	Description    string   `json:"description"`
	URL            string   `json:"url"`
	Home           string   `json:"home"`
	GMTOffset      string   `json:"gmt_offset"`
	Timezone       string   `json:"timezone_string"`
	Namespaces     []string `json:"namespaces"`
	Authentication struct{} `json:"authentication"` // there is no page that authorises applications
}

func (s *Server) index(w http.ResponseWriter, r *http.Request) {
	site, err := s.api.Site(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	home := cmp.Or(s.cfg.URL, site.URL, s.hostURL(r))
	s.write(w, r, http.StatusOK, index{
		Name: cmp.Or(s.cfg.SiteName, site.Name), URL: home, Home: home, GMTOffset: "0", Timezone: "UTC",
		Namespaces: []string{wire.Namespace},
	})
}

// hostURL returns the address that the client used.
func (s *Server) hostURL(r *http.Request) string {
	scheme := "http"
	if s.secure(r) {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// secure reports whether the client has TLS, to here or to the proxy.
func (s *Server) secure(r *http.Request) bool {
	return r.TLS != nil || s.cfg.BehindProxy && r.Header.Get("X-Forwarded-Proto") == "https"
}
