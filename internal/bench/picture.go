package main

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

const (
	pictures      = "../../.github"
	readme        = "../../README.md"
	chineseREADME = "../../.github/README.zh-CN.md"
)

// picture is some panels of bars, as GitHub shows them in a README, on a phone too.
type picture struct {
	name, title, legend string
	text, chinese       string // the picture in words
	panels              []panel
}

type panel struct {
	title, note string
	bars        []bar
}

// bar is base, more behind it, and the rest, as parts of the longest bar; base and the rest are pale.
type bar struct {
	name, note, value string
	ours              bool
	base, more, rest  float64
}

// theme has the colors of one of GitHub's.
type theme struct{ name, text, muted, base, ours, peer string }

var themes = []theme{
	{"light", "#1f2328", "#59636e", "#d1d9e0", "#0969da", "#d4772c"},
	{"dark", "#f0f6fc", "#9198a1", "#3d444d", "#4493f8", "#db8a4a"},
}

// write makes NAME-light.svg and NAME-dark.svg, and writes the words into the READMEs beside them.
func (p picture) write() error {
	for file, words := range map[string]string{readme: p.text, chineseREADME: p.chinese} {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		alt := regexp.MustCompile(`(<img alt=")[^"]*(" src="[^"]*` + p.name + `-light\.svg")`)
		if !alt.Match(text) {
			return fmt.Errorf("%s does not show %s-light.svg", file, p.name)
		}
		text = alt.ReplaceAll(text, []byte("${1}"+html.EscapeString(words)+"${2}"))
		if err := os.WriteFile(file, text, 0o644); err != nil {
			return err
		}
	}
	for _, t := range themes {
		if err := os.WriteFile(filepath.Join(pictures, p.name+"-"+t.name+".svg"), []byte(p.draw(t)), 0o644); err != nil {
			return err
		}
	}
	return nil
}

const (
	wide   = 400 // about a phone's width, so that the text keeps its size there
	barAt  = 146
	barMax = 196
)

func (p picture) draw(t theme) string {
	var b strings.Builder
	y := 24
	text := func(x int, size int, weight, color, what string) {
		fmt.Fprintf(&b, `<text x="%d" y="%d" font-size="%d" font-weight="%s" fill="%s">%s</text>`+"\n", x, y, size, weight, color, html.EscapeString(what))
	}
	text(0, 18, "600", t.text, p.title)
	for _, panel := range p.panels {
		y += 36
		text(0, 15, "600", t.text, panel.title)
		y += 18
		text(0, 12, "400", t.muted, panel.note)
		y += 12
		for _, one := range panel.bars {
			color, weight := t.peer, "400"
			if one.ours {
				color, weight = t.ours, "600"
			}
			base, more, rest := one.base*barMax, one.more*barMax, one.rest*barMax
			y += 18
			rect := func(x, width float64, color string) {
				if width > 0 {
					fmt.Fprintf(&b, `<rect x="%.1f" y="%d" width="%.1f" height="20" fill="%s"/>`+"\n", x, y-12, width, color)
				}
			}
			rect(barAt, base, t.base)
			rect(barAt+base, more, color)
			rect(barAt+base+more, rest, t.base)
			y += 3
			text(int(barAt+base+more+rest)+6, 14, weight, t.text, one.value)
			if one.note == "" {
				text(0, 14, weight, t.text, one.name)
				y += 8
				continue
			}
			y -= 3
			text(0, 14, weight, t.text, one.name)
			y += 15
			text(0, 12, "400", t.muted, one.note)
			y += 5
		}
	}
	y += 30
	x := 0
	for i, what := range strings.Split(p.legend, "|") {
		color := []string{t.ours, t.peer, t.base}[i]
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="11" height="11" fill="%s"/>`+"\n", x, y-10, color)
		text(x+16, 12, "400", t.muted, what)
		x += 16 + 6*len(what) + 24
	}
	y += 12
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[2]d" width="%[1]d" height="%[2]d" role="img" aria-labelledby="t d" font-family="-apple-system,'Segoe UI','Noto Sans',Helvetica,Arial,sans-serif">`+
		"\n<title id=\"t\">%s</title>\n<desc id=\"d\">%s</desc>\n%s</svg>\n", wide, y, html.EscapeString(p.title), html.EscapeString(p.text), b.String())
}
