package main

import (
	"log/slog"
	"os"

	"linli/server"
)

type openAPICmd struct{}

func (openAPICmd) Run() error {
	spec, err := server.Spec(slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(spec)
	return err
}
