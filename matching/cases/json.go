package cases

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// readJSON reads one case as an object: title, why, now, scope, expect, and a
// list per kind (policy is an object). Unknown and repeated names are refused,
// which encoding/json would let pass.
func readJSON(text string) ([]sheet, error) {
	in := json.NewDecoder(strings.NewReader(text))
	in.UseNumber()
	top, err := readNode(in, "", 0)
	if err == nil {
		if _, err = in.Token(); errors.Is(err, io.EOF) {
			err = nil
		} else if err == nil {
			err = flaw("", "后面还有别的东西", "something follows the object")
		}
	}
	if err != nil {
		return nil, located(err, text, in.InputOffset())
	}
	s := sheet{place: "case"}
	for _, m := range top.members {
		if err := s.member(m); err != nil {
			return nil, err
		}
	}
	return []sheet{s}, nil
}

func (s *sheet) member(m member) error {
	v, isText := m.node.value()
	switch m.name {
	case "title", "now", "scope":
		if !isText || v.list != nil {
			return flaw(m.place, "要写一句话", "want text")
		}
		switch m.name {
		case "title":
			s.title = v.text
		case "now":
			s.now = v
		case "scope":
			s.scope = v
		}
		return nil
	case "why", "expect":
		if !isText {
			return flaw(m.place, "要写一句话，或一列话", "want text or a list of texts")
		}
		lines := v.list
		if lines == nil {
			lines = []string{v.text}
		}
		if m.name == "why" {
			s.why = strings.Join(lines, "\n")
			return nil
		}
		for i, line := range lines {
			s.expect = append(s.expect, value{text: line, place: fmt.Sprintf("expect[%d]", i)})
		}
		return nil
	}
	k := kindNamed(m.name)
	if k == nil || k.key != m.name {
		return flaw(m.place, "没有“%s”这一栏", "%q is no field of a case", m.name)
	}
	rows := m.node.items
	if k.key == "policy" {
		rows = []node{m.node}
	} else if !m.node.isList {
		return flaw(m.place, "要写成列表 [ … ]", "want a list [ … ]")
	}
	for i := range rows {
		r := record{kind: k, place: rows[i].place, fields: map[string]value{}}
		if !rows[i].isObject {
			return flaw(rows[i].place, "要写成 { … }", "want an object { … }")
		}
		for _, f := range rows[i].members {
			v, ok := f.node.value()
			if !ok {
				return flaw(f.place, "这里只能写字、数、真假或一列字", "want text, a number, true, false or a list of texts")
			}
			if err := r.add(f.name, v); err != nil {
				return err
			}
		}
		s.records = append(s.records, r)
	}
	return nil
}

// node is a JSON value with its place; what may be read by hand is four deep.
type node struct {
	place            string
	text             string
	isList, isObject bool
	items            []node
	members          []member
}

type member struct {
	name, place string
	node        node
}

const deepest = 4

func readNode(in *json.Decoder, place string, depth int) (n node, err error) {
	n.place = place
	token, err := in.Token()
	if err != nil {
		return n, err
	}
	if depth > deepest {
		return n, flaw(place, "嵌套太深", "nested too deep")
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '[' {
			n.isList = true
			for i := 0; in.More(); i++ {
				item, err := readNode(in, fmt.Sprintf("%s[%d]", place, i), depth+1)
				if err != nil {
					return n, err
				}
				n.items = append(n.items, item)
			}
		} else {
			n.isObject = true
			if err := n.readMembers(in, depth); err != nil {
				return n, err
			}
		}
		_, err = in.Token() // the end
	case bool:
		n.text = map[bool]string{true: "yes", false: "no"}[t]
	case nil:
		return n, flaw(place, "不要写 null，不写就是默认", "no null: leave it out for the default")
	default:
		n.text = fmt.Sprint(t)
	}
	return n, err
}

func (n *node) readMembers(in *json.Decoder, depth int) error {
	seen := map[string]bool{}
	for in.More() {
		token, err := in.Token()
		if err != nil {
			return err
		}
		name := fmt.Sprint(token)
		place := strings.TrimPrefix(n.place+"."+name, ".")
		if seen[name] {
			return flaw(place, "写了两次", "stands twice")
		}
		seen[name] = true
		v, err := readNode(in, place, depth+1)
		if err != nil {
			return err
		}
		n.members = append(n.members, member{name, place, v})
	}
	return nil
}

// value reads a node as a field: text, number, flag, or a list of those.
func (n node) value() (value, bool) {
	v := value{text: n.text, place: n.place}
	if n.isList {
		v.list = []string{}
	}
	for _, item := range n.items {
		if item.isList || item.isObject {
			return v, false
		}
		v.list = append(v.list, item.text)
	}
	return v, !n.isObject
}

// located adds line and column to what encoding/json says of broken syntax.
func located(err error, text string, offset int64) error {
	var known *Flaw
	if errors.As(err, &known) {
		return err
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		offset = syntax.Offset
	}
	before := []byte(text)[:min(int(offset), len(text))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n')
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return flaw(fmt.Sprintf("line %d", line), "没写完：少了 } 或 ]", "it ends too early: a } or ] is missing")
	}
	return flaw(fmt.Sprintf("line %d, column %d", line, column-1), "不是 JSON：%v", "not JSON: %v", err)
}
