// Command helm4 answers what values the templates of small charts see with Helm 4: one case in JSON a line, one answer
// a line. It links Helm's own packages and follows the order of pkg/cli/values/options.go and pkg/action/install.go.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	chartutil "helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"
	"helm.sh/helm/v4/pkg/strvals"
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
	var files []*archive.BufferedFile
	for name, data := range one.Files {
		files = append(files, &archive.BufferedFile{Name: name, Data: []byte(data)})
	}
	sort.Slice(files, func(i, j int) bool { return files[i].Name < files[j].Name })
	chrt, err := loader.LoadFiles(files)
	if err != nil {
		return "", err
	}
	if err := util.ProcessDependencies(chrt, given); err != nil {
		return "", fmt.Errorf("chart dependencies processing failed: %w", err)
	}
	options := common.ReleaseOptions{Name: "rel", Namespace: "ns", Revision: 1, IsInstall: true}
	top, err := chartutil.ToRenderValues(chrt, given, options, common.DefaultCapabilities)
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
		values, err := loader.LoadValues(strings.NewReader(text))
		if err != nil {
			return nil, fmt.Errorf("failed to parse u.yaml: %w", err)
		}
		base = loader.MergeMaps(base, values)
	}
	for _, argument := range one.SetJson {
		if strings.HasPrefix(strings.TrimSpace(argument), "{") {
			var object map[string]interface{}
			if err := json.Unmarshal([]byte(argument), &object); err != nil {
				return nil, fmt.Errorf("failed parsing --set-json data JSON: %s", argument)
			}
			base = loader.MergeMaps(base, object)
			continue
		}
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
