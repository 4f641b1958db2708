package api

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"

	"linli/models/fault"

	"github.com/gin-gonic/gin"
)

// static holds the built app as it is sent: each file is read when it is first
// asked for, with the copy that the build has compressed, and named by its
// hash. The app is small and does not change while the program runs.
type static struct {
	files fs.FS
	ready sync.Map // name → *staticFile
}

type staticFile struct {
	plain, packed []byte // packed is nil where the build made no copy
	tag, kind     string
}

// file gives one file of the app, or an error when there is none.
func (s *static) file(name string) (*staticFile, error) {
	if known, ok := s.ready.Load(name); ok {
		return known.(*staticFile), nil
	}
	text, err := fs.ReadFile(s.files, name)
	if err != nil {
		return nil, err
	}
	f := newFile(text, mime.TypeByExtension(path.Ext(name)))
	f.packed, _ = fs.ReadFile(s.files, name+packedEnding)
	s.ready.Store(name, f)
	return f, nil
}

const packedEnding = ".gz"

func newFile(text []byte, kind string) *staticFile {
	sum := sha256.Sum256(text)
	return &staticFile{plain: text, kind: kind, tag: `"` + hex.EncodeToString(sum[:12]) + `"`}
}

// app serves the built web app: hashed files for good, the page itself never
// without asking. Anything else that looks like the API is a problem document.
func (a *API) app(c *gin.Context) {
	name := strings.TrimPrefix(path.Clean(c.Request.URL.Path), "/")
	if strings.HasPrefix(name, "api/") {
		a.fail(c, fault.New(fault.NotFound, "not_found"))
		return
	}
	if c.Request.Method != http.MethodGet && c.Request.Method != http.MethodHead {
		a.fail(c, errMethod)
		return
	}
	if name == a.o.DomainName && name != "" {
		c.Data(http.StatusOK, "text/plain; charset=utf-8", a.o.DomainProof)
		return
	}
	if name == "" || name == "." {
		name = "index.html"
	}
	f, err := a.static.file(name)
	if err != nil || strings.HasSuffix(name, packedEnding) {
		a.fail(c, fault.New(fault.NotFound, "not_found"))
		return
	}
	c.Header("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") {
		c.Header("Cache-Control", "public, max-age=31536000, immutable")
	}
	f.serve(c)
}

func (f *staticFile) serve(c *gin.Context) {
	c.Header("Etag", f.tag)
	c.Header("Vary", "Accept-Encoding")
	if strings.Contains(c.GetHeader("If-None-Match"), f.tag) {
		c.Status(http.StatusNotModified)
		return
	}
	text := f.plain
	if f.packed != nil && strings.Contains(c.GetHeader("Accept-Encoding"), "gzip") {
		c.Header("Content-Encoding", "gzip")
		text = f.packed
	}
	c.Data(http.StatusOK, f.kind, text)
}
