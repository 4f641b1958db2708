package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"time"

	"linli/models"
	"linli/models/words"
	"linli/server/chat/understand"
)

type understandCmd struct {
	Date string `help:"Day on which the messages were written, like 2022-12-20; today when left out." placeholder:"DAY"`
	Lang string `enum:"zh,en" default:"zh" help:"Language of the answers: zh or en."`
	Say  bool   `help:"Add what a conversation would answer."`
}

// Help tells the format by its shortest example.
func (understandCmd) Help() string {
	return `Reads group chat messages from standard input, a message a line, or {"text": "…"} a line, and prints one JSON line for
each, in order: intent, items, for whom, urgency, shelf life, address, and what must not be shared. Nothing is saved.

  echo '3-2-501+求布洛芬6粒，家里老人39度' | linli understand --date 2022-12-20`
}

// maxMessage is how much of a line is read; more of it is read over.
const maxMessage = 64 << 10

// Run answers every line with one line.
func (c *understandCmd) Run() error {
	today := models.DateOf(time.Now())
	if c.Date != "" {
		day, err := models.ParseDate(c.Date)
		if err != nil {
			return err
		}
		today = day
	}
	return c.answer(understand.Embedded(), today, os.Stdin, os.Stdout)
}

type understoodJSON struct {
	understand.Understanding
	Answer string `json:"answer,omitempty"`
}

func (c *understandCmd) answer(reader *understand.Reader, today models.Date, in io.Reader, out io.Writer) error {
	lines, to := bufio.NewReaderSize(in, 64<<10), bufio.NewWriter(out)
	write := json.NewEncoder(to)
	write.SetEscapeHTML(false)
	for first := true; ; first = false {
		line, err := messageLine(lines)
		if errors.Is(err, io.EOF) {
			return to.Flush()
		}
		if err != nil {
			return err
		}
		if first {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		u := reader.Understand(messageText(line), today)
		doc := understoodJSON{Understanding: u}
		if c.Say {
			doc.Answer = reader.Answer(u, words.Lang(c.Lang))
		}
		if err := write.Encode(doc); err != nil {
			return err
		}
		if lines.Buffered() == 0 { // somebody may be typing
			if err := to.Flush(); err != nil {
				return err
			}
		}
	}
}

// messageLine reads one line, of which at most maxMessage bytes count; io.EOF
// when there is none.
func messageLine(lines *bufio.Reader) ([]byte, error) {
	var line []byte
	for begun := false; ; begun = true {
		part, err := lines.ReadSlice('\n')
		if room := maxMessage - len(line); room > 0 {
			line = append(line, part[:min(room, len(part))]...)
		}
		switch {
		case err == nil:
			return bytes.TrimRight(line, "\r\n"), nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && (begun || len(part) > 0):
			return bytes.TrimRight(line, "\r\n"), nil
		default:
			return nil, err
		}
	}
}

// messageText is the text of {"text": …}; any other line is the message itself.
func messageText(line []byte) string {
	if bytes.HasPrefix(bytes.TrimSpace(line), []byte("{")) {
		var doc struct {
			Text *string `json:"text"`
		}
		if json.Unmarshal(line, &doc) == nil && doc.Text != nil {
			return *doc.Text
		}
	}
	return string(line)
}
