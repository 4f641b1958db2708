package main

import (
	"os"

	"github.com/schollz/progressbar/v3"
)

// progress shows how far long work has come, on a terminal only.
type progress struct {
	title string
	kind  string
	bar   *progressbar.ProgressBar
}

func newProgress(title string) *progress { return &progress{title: title} }

func (p *progress) step(kind string, done, total int) {
	if info, err := os.Stderr.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return
	}
	if p.bar == nil || kind != p.kind {
		p.finish()
		p.kind = kind
		p.bar = progressbar.NewOptions(total, progressbar.OptionSetDescription(p.title+" "+kind),
			progressbar.OptionSetWriter(os.Stderr), progressbar.OptionShowCount(), progressbar.OptionClearOnFinish())
	}
	_ = p.bar.Set(done) // a bar that cannot be drawn is no reason to stop
}

func (p *progress) finish() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
