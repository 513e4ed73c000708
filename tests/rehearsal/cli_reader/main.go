// Reads stack files with the Pulumi CLI's own packages and tells what a program would receive, or why the CLI refuses.
//
// A line of input is {"project": text of Pulumi.yaml, "stack": text of the stack file}; a line of output is its answer.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sort"

	cli "github.com/pulumi/pulumi/pkg/v3/workspace"
	"github.com/pulumi/pulumi/sdk/v3/go/common/encoding"
	"github.com/pulumi/pulumi/sdk/v3/go/common/esc"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
)

type question struct {
	Project string `json:"project"`
	Stack   string `json:"stack"`
}

type answer struct {
	Config  map[string]string `json:"config,omitempty"`
	Secrets []string          `json:"secrets,omitempty"`
	Error   string            `json:"error,omitempty"`
}

// The key of the stack: every secret opens to the same text.
type opener struct{}

func (opener) DecryptValue(context.Context, string) (string, error) { return "opened", nil }

func (opener) BatchDecrypt(_ context.Context, sealed []string) ([]string, error) {
	opened := make([]string, len(sealed))
	for i := range sealed {
		opened[i] = "opened"
	}
	return opened, nil
}

// As `pulumi up` does it: load both files, fill in the project's defaults, check the declared types, decrypt.
func read(asked question) (config.Map, map[config.Key]string, error) {
	project, err := workspace.LoadProjectBytes([]byte(asked.Project), "Pulumi.yaml", encoding.YAML)
	if err != nil {
		return nil, nil, err
	}
	stack, err := workspace.LoadProjectStackBytes(nil, project, []byte(asked.Stack), "Pulumi.dev.yaml", encoding.YAML)
	if err != nil {
		return nil, nil, err
	}
	err = cli.ValidateStackConfigAndApplyProjectConfig(
		context.Background(), "dev", project, esc.Value{}, stack.Config, config.NopEncrypter, opener{})
	if err != nil {
		return nil, nil, err
	}
	values, err := stack.Config.Decrypt(opener{})
	return stack.Config, values, err
}

func answerTo(asked question) (given answer) {
	defer func() {
		if failure := recover(); failure != nil {
			given = answer{Error: fmt.Sprint("panic: ", failure)}
		}
	}()
	sealed, values, err := read(asked)
	if err != nil {
		return answer{Error: err.Error()}
	}
	given.Config = map[string]string{}
	for key, value := range values {
		given.Config[key.String()] = value
	}
	for _, key := range sealed.SecureKeys() {
		given.Secrets = append(given.Secrets, key.String())
	}
	sort.Strings(given.Secrets)
	return given
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<26)
	output := json.NewEncoder(os.Stdout)
	output.SetEscapeHTML(false)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		if err := output.Encode(answerTo(asked)); err != nil {
			panic(err)
		}
	}
}
