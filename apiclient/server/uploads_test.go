package server_test

import (
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"umdeck/apiclient"
	"umdeck/apiclient/server"
)

func TestServedUploads(t *testing.T) {
	files := fstest.MapFS{
		"ultimatemember/7/stream_photo_a.png": {Data: []byte("png")},
		"ultimatemember/7/cv.pdf":             {Data: []byte("0123456789")},
		"ultimatemember/7/page.html":          {Data: []byte("<script>alert(1)</script>")},
		"ultimatemember/7/.hidden":            {Data: []byte("x")},
		"ultimatemember/x/cv.pdf":             {Data: []byte("x")},
		"other/7/cv.pdf":                      {Data: []byte("x")},
	}
	h := uploadServer(t, files)
	tests := []struct {
		path, ranged      string
		status            int
		kind, disposition string
		body              string
	}{
		{"ultimatemember/7/stream_photo_a.png", "", 200, "image/png", "", "png"},
		{"ultimatemember/7/cv.pdf", "", 200, "application/pdf", "attachment; filename=cv.pdf", "0123456789"},
		{"ultimatemember/7/cv.pdf", "bytes=2-4", 206, "application/pdf", "attachment; filename=cv.pdf", "234"},
		{"ultimatemember/7/page.html", "", 200, "application/octet-stream", "attachment; filename=page.html", "<script>alert(1)</script>"},
		{path: "ultimatemember/7/.hidden", status: 404},
		{path: "ultimatemember/7/", status: 404},
		{path: "ultimatemember/7", status: 404},
		{path: "", status: 404},
		{path: "ultimatemember/x/cv.pdf", status: 404},
		{path: "other/7/cv.pdf", status: 404},
		{path: "ultimatemember/7/..%2f..%2fx", status: 404},
		{path: "ultimatemember/7/none.pdf", status: 404},
	}
	for _, tt := range tests {
		t.Run(tt.path+tt.ranged, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, server.UploadsPath+tt.path, nil)
			if tt.ranged != "" {
				r.Header.Set("Range", tt.ranged)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			res := w.Result()
			defer res.Body.Close()
			if res.StatusCode != tt.status {
				t.Fatalf("status %d, want %d", res.StatusCode, tt.status)
			}
			if got := res.Header.Get("X-Content-Type-Options"); got != "nosniff" {
				t.Errorf("X-Content-Type-Options %q", got)
			}
			if tt.status == http.StatusNotFound {
				return
			}
			b, err := io.ReadAll(res.Body)
			if err != nil || string(b) != tt.body {
				t.Errorf("body %q, %v; want %q", b, err, tt.body)
			}
			for name, want := range map[string]string{"Content-Type": tt.kind, "Content-Disposition": tt.disposition} {
				if got := res.Header.Get(name); got != want {
					t.Errorf("%s: got %q, want %q", name, got, want)
				}
			}
			if !strings.Contains(res.Header.Get("Content-Security-Policy"), "sandbox") || !strings.Contains(res.Header.Get("Cache-Control"), "max-age") {
				t.Errorf("headers %v", res.Header)
			}
		})
	}
}

// noAPI is an API that no test asks.
type noAPI struct{ apiclient.API }

func uploadServer(t *testing.T, files fs.FS) http.Handler {
	t.Helper()
	s, err := server.New(server.Config{API: noAPI{}, Trust: &apiclient.Actor{}, Uploads: files})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
