// Command helm3 answers what values the templates of small charts see with Helm 3: one case in JSON a line, one answer
// a line. It links Helm's own packages and follows the order of pkg/cli/values/options.go and pkg/action/install.go.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"

	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/strvals"
	"sigs.k8s.io/yaml"
)

type testCase struct {
	Files      map[string]string
	Values     []string
	Set        []string
	SetString  []string
	SetJson    []string
	SetLiteral []string
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<26)
	out := bufio.NewWriter(os.Stdout)
	for in.Scan() {
		var one testCase
		if err := json.Unmarshal(in.Bytes(), &one); err != nil {
			panic(err)
		}
		text, err := answer(one)
		if err != nil {
			text = "Error: " + err.Error()
		}
		line, _ := json.Marshal(text)
		out.Write(line)
		out.WriteByte('\n')
		out.Flush()
	}
}

func answer(one testCase) (text string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	given, err := merge(one)
	if err != nil {
		return "", err
	}
	var files []*loader.BufferedFile
	for name, data := range one.Files {
		files = append(files, &loader.BufferedFile{Name: name, Data: []byte(data)})
	}
	sort.Slice(files, func(i, j int) bool { return files[i].Name < files[j].Name })
	chrt, err := loader.LoadFiles(files)
	if err != nil {
		return "", err
	}
	if err := chartutil.ProcessDependenciesWithMerge(chrt, given); err != nil {
		return "", err
	}
	options := chartutil.ReleaseOptions{Name: "rel", Namespace: "ns", Revision: 1, IsInstall: true}
	top, err := chartutil.ToRenderValues(chrt, given, options, chartutil.DefaultCapabilities)
	if err != nil {
		return "", err
	}
	rendered, err := engine.Render(chrt, top)
	if err != nil {
		return "", err
	}
	var lines []string
	for name, data := range rendered {
		lines = append(lines, name+": "+data)
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n"), nil
}

func merge(one testCase) (map[string]interface{}, error) {
	base := map[string]interface{}{}
	for _, text := range one.Values {
		values := map[string]interface{}{}
		if err := yaml.Unmarshal([]byte(text), &values); err != nil {
			return nil, fmt.Errorf("failed to parse u.yaml: %w", err)
		}
		base = mergeMaps(base, values)
	}
	for _, argument := range one.SetJson {
		if err := strvals.ParseJSON(argument, base); err != nil {
			return nil, fmt.Errorf("failed parsing --set-json data %s", argument)
		}
	}
	for _, argument := range one.Set {
		if err := strvals.ParseInto(argument, base); err != nil {
			return nil, fmt.Errorf("failed parsing --set data: %w", err)
		}
	}
	for _, argument := range one.SetString {
		if err := strvals.ParseIntoString(argument, base); err != nil {
			return nil, fmt.Errorf("failed parsing --set-string data: %w", err)
		}
	}
	for _, argument := range one.SetLiteral {
		if err := strvals.ParseLiteralInto(argument, base); err != nil {
			return nil, fmt.Errorf("failed parsing --set-literal data: %w", err)
		}
	}
	return base, nil
}

func mergeMaps(a, b map[string]interface{}) map[string]interface{} {
	out := make(map[string]interface{}, len(a))
	for k, v := range a {
		out[k] = v
	}
	for k, v := range b {
		if v, ok := v.(map[string]interface{}); ok {
			if bv, ok := out[k].(map[string]interface{}); ok {
				out[k] = mergeMaps(bv, v)
				continue
			}
		}
		out[k] = v
	}
	return out
}
