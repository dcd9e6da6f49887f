package main

import (
	"fmt"
	"strings"
)

// parseFlatYAML reads the little YAML that the workflow agent's configuration needs: keys with plain or quoted values,
// and lists, which come out joined by spaces. What is nested under a key other than a list is left out.
func parseFlatYAML(content string) (map[string]string, error) {
	values := map[string]string{}
	listKey := ""
	for number, line := range strings.Split(content, "\n") {
		text := strings.TrimSpace(withoutComment(line))
		isIndented := strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")
		switch {
		case text == "" || text == "---":
		case strings.HasPrefix(text, "- "):
			values[listKey] = strings.TrimSpace(values[listKey] + " " + unquoted(text[2:]))
		case isIndented:
		default:
			key, value, found := strings.Cut(text, ":")
			if !found {
				return nil, fmt.Errorf("line %d is not `key: value`", number+1)
			}
			listKey = unquoted(key)
			values[listKey] = flowList(strings.TrimSpace(value))
		}
	}
	return values, nil
}

// flowList turns `[a, b]` into `a b`, and takes the quotes off anything else.
func flowList(value string) string {
	if !strings.HasPrefix(value, "[") || !strings.HasSuffix(value, "]") {
		return unquoted(value)
	}
	var items []string
	for _, item := range strings.Split(value[1:len(value)-1], ",") {
		if item = unquoted(item); item != "" {
			items = append(items, item)
		}
	}
	return strings.Join(items, " ")
}

func unquoted(text string) string {
	text = strings.TrimSpace(text)
	if len(text) >= 2 && (text[0] == '"' || text[0] == '\'') && text[len(text)-1] == text[0] {
		return text[1 : len(text)-1]
	}
	return text
}

// withoutComment cuts a comment off that stands outside of quotes.
func withoutComment(line string) string {
	var quote rune
	for index, character := range line {
		switch {
		case quote != 0:
			if character == quote {
				quote = 0
			}
		case character == '"' || character == '\'':
			quote = character
		case character == '#' && (index == 0 || line[index-1] == ' '):
			return line[:index]
		}
	}
	return line
}
