package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/template"
)

type In struct {
	Tpl   string          `json:"tpl"`
	Data  json.RawMessage `json:"data"`
	Parse bool            `json:"parse"`
	Names []string        `json:"names"`
}

func main() {
	funcs := template.FuncMap{
		"upper": strings.ToUpper,
		"nilfn": func() interface{} { return nil },
		"inc":   func(i int) int { return i + 1 },
		"inc64": func(i int64) int64 { return i + 1 },
		"half":  func(f float64) float64 { return f / 2 },
		"neg":   func(b bool) bool { return !b },
		"strs":  func(s ...string) []string { return s },
		"list":  func(v ...interface{}) []interface{} { return v },
		"id":    func(v interface{}) interface{} { return v },
		"fails": func(s string) (string, error) { return "", errors.New(s) },
		"keysof": func(m map[string]interface{}) int { return len(m) },
		"toint": func(f float64) int { return int(f) },
		"dflt": func(d interface{}, v ...interface{}) interface{} { if len(v) == 0 || v[0] == nil { return d }; return v[0] },
	}
	sc := bufio.NewScanner(os.Stdin)
	sc.Buffer(make([]byte, 1<<20), 1<<28)
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	enc := json.NewEncoder(w)
	for sc.Scan() {
		var in In
		if err := json.Unmarshal(sc.Bytes(), &in); err != nil {
			panic(err)
		}
		if in.Parse {
			fm := template.FuncMap{}
			for _, n := range in.Names {
				fm[n] = func() string { return "" }
			}
			t, err := template.New("t").Funcs(fm).Parse(in.Tpl)
			out := map[string]string{}
			if err != nil {
				out["__err"] = err.Error()
			} else {
				for _, x := range t.Templates() {
					out["T:"+x.Name()] = x.Root.String()
				}
			}
			enc.Encode(out)
			continue
		}
		var data interface{}
		json.Unmarshal(in.Data, &data)
		t, err := template.New("t").Option("missingkey=zero").Funcs(funcs).Parse(in.Tpl)
		out := map[string]string{}
		if err != nil {
			out["err"] = err.Error()
		} else {
			var b strings.Builder
			func() {
				defer func() {
					if r := recover(); r != nil {
						out["err"] = fmt.Sprintf("PANIC %v", r)
					}
				}()
				if err := t.Execute(&b, data); err != nil {
					out["err"] = err.Error()
				}
			}()
			out["out"] = b.String()
		}
		enc.Encode(out)
	}
}
