package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"linli/matching/cases"
	"linli/matching/catalogue"
	"linli/models/fault"
	"linli/models/words"
)

type planCmd struct {
	File string `arg:"" help:"A pool as JSON, or a book of cases (Markdown); - reads standard input."`
	Case string `help:"Of a book: the case with this number, or with this in its title." placeholder:"N"`
	Lang string `enum:"zh,en" default:"zh" help:"Language of the answer: zh or en."`
	JSON bool   `name:"json" help:"Print JSON for machines, one object a case."`
}

// Help tells the format by its shortest example.
func (planCmd) Help() string {
	return `Nothing is saved and no database is needed: try what the planner would do, and why. The least that is a pool:

  {"needs": [{"home": "张家", "item": "退烧药", "units": 6, "age": "elder"}],
   "lots":  [{"home": "王家", "item": "泰诺林", "units": 10}]}

docs/plan-format.md tells every field, matching/cases/examples has a file for each rule, matching/cases/book the
reviewed cases. Exit 1 when what a case expects does not come true.`
}

// Run plans one case, or checks all of a book.
func (c *planCmd) Run() error {
	text, err := readCases(c.File)
	if err != nil {
		return err
	}
	all, err := cases.Read(catalogue.Embedded(), text)
	if err != nil {
		return c.place(err)
	}
	book := len(all) > 1 && c.Case == ""
	if all, err = c.choose(all); err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	broken := 0
	for i, one := range all {
		result := one.Run(catalogue.Embedded())
		wrong := result.Broken()
		if len(wrong) > 0 {
			broken++
		}
		switch {
		case c.JSON:
			err = printPlanJSON(out, result, wrong, words.Lang(c.Lang))
		case book:
			fmt.Fprintf(out, "%-6s %3d  %s\n", verdict(len(wrong) == 0), i+1, one.Title)
			for _, complaint := range wrong {
				fmt.Fprintf(out, "            %s\n", complaint)
			}
		default:
			planText{out, words.Lang(c.Lang), result}.print(wrong)
		}
		if err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if broken > 0 {
		return c.complaint("plan.broken", "n", strconv.Itoa(broken))
	}
	return nil
}

// complaint is an error in the language of the answer.
func (c *planCmd) complaint(code string, args ...string) error {
	named := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		named[args[i]] = args[i+1]
	}
	return errors.New(words.Say(words.Lang(c.Lang), code, named))
}

// place says a flaw in the language of the answer, behind the name of the file.
func (c *planCmd) place(err error) error {
	var flaw *cases.Flaw
	if errors.As(err, &flaw) {
		return fmt.Errorf("%s: %s", c.File, flaw.In(words.Lang(c.Lang)))
	}
	return err
}

func (c *planCmd) choose(all []cases.Case) ([]cases.Case, error) {
	if c.Case == "" {
		return all, nil
	}
	if n, err := strconv.Atoi(c.Case); err == nil {
		if n < 1 || n > len(all) {
			return nil, c.complaint("plan.no_case", "case", c.Case)
		}
		return all[n-1 : n], nil
	}
	var found []cases.Case
	for _, one := range all {
		if strings.Contains(one.Title, c.Case) {
			found = append(found, one)
		}
	}
	if len(found) != 1 {
		return nil, c.complaint("plan.no_case", "case", c.Case)
	}
	return found, nil
}

// readCases reads no more than a hand can have written.
func readCases(name string) (text string, err error) {
	in := os.Stdin
	if name != "-" {
		if in, err = os.Open(name); err != nil {
			if errors.Is(err, os.ErrNotExist) {
				return "", fault.New(fault.Refused, "plan.no_file").With("path", name)
			}
			return "", err
		}
		defer func() { err = errors.Join(err, in.Close()) }()
	}
	read, err := io.ReadAll(io.LimitReader(in, cases.MaxBytes+1))
	return string(read), err
}
