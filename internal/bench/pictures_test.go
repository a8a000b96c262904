package main

import (
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The READMEs show each picture, and say in words what it shows: with the figures of the run that drew it.
func TestREADMEsSayWhatThePicturesShow(t *testing.T) {
	figures := regexp.MustCompile(`\d+\.\d\d|\d+(?: of |/)\d+`)
	shown := func(text string) string {
		return strings.ReplaceAll(strings.Join(figures.FindAllString(text, -1), " "), " of ", "/")
	}
	for _, name := range []string{"cost", "hostile"} {
		var words []string
		for _, theme := range themes {
			drawn, err := os.ReadFile(filepath.Join(pictures, name+"-"+theme.name+".svg"))
			if err != nil {
				t.Fatal(err)
			}
			said := regexp.MustCompile(`<desc id="d">(.*)</desc>`).FindSubmatch(drawn)
			if said == nil {
				t.Fatalf("%s has no words", name)
			}
			words = append(words, string(said[1]))
		}
		if words[0] != words[1] || len(shown(words[0])) < 20 {
			t.Errorf("%s: light and dark are of one run: %q", name, words)
		}
		for file, same := range map[string]bool{readme: true, chineseREADME: false} {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			alt := regexp.MustCompile(`<img alt="([^"]*)" src="[^"]*` + name + `-light\.svg"`).FindSubmatch(text)
			if alt == nil || !strings.Contains(string(text), name+"-dark.svg") {
				t.Fatalf("%s does not show %s", file, name)
			}
			if said := html.UnescapeString(string(alt[1])); same && said != html.UnescapeString(words[0]) || shown(said) != shown(words[0]) {
				t.Errorf("%s says of %s: %s", file, name, said)
			}
		}
	}
}
