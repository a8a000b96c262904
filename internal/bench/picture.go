package main

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"
)

// picture is some panels of bars, as GitHub shows them in a README, on a phone too.
type picture struct {
	name, title, legend string
	text                string // the picture in words
	panels              []panel
}

type panel struct {
	title, note string
	bars        []bar
}

// bar is base, which nobody can avoid, and more behind it, as parts of the longest bar.
type bar struct {
	name, note, value string
	ours              bool
	base, more        float64
}

// theme has the colors of one of GitHub's.
type theme struct{ name, text, muted, base, ours, peer string }

var themes = []theme{
	{"light", "#1f2328", "#59636e", "#d1d9e0", "#0969da", "#d4772c"},
	{"dark", "#f0f6fc", "#9198a1", "#3d444d", "#4493f8", "#db8a4a"},
}

// write makes NAME-light.svg and NAME-dark.svg.
func (p picture) write(folder string) error {
	for _, t := range themes {
		if err := os.WriteFile(filepath.Join(folder, p.name+"-"+t.name+".svg"), []byte(p.draw(t)), 0o644); err != nil {
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
			y += 18
			base, more := one.base*barMax, one.more*barMax
			if one.base+one.more == 0 { // nothing, and yet to be seen
				more = 2
			}
			if one.base > 0 {
				fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%.1f" height="20" fill="%s"/>`+"\n", barAt, y-12, base, t.base)
			}
			fmt.Fprintf(&b, `<rect x="%.1f" y="%d" width="%.1f" height="20" fill="%s"/>`+"\n", barAt+base, y-12, more, color)
			text(0, 14, weight, t.text, one.name)
			y += 4
			text(int(barAt+base+more)+6, 14, weight, t.text, one.value)
			if y += 11; one.note != "" {
				text(0, 12, "400", t.muted, one.note)
			}
			y += 5
		}
	}
	y += 30
	x := 0
	for i, what := range strings.Split(p.legend, "|") {
		color := []string{t.ours, t.peer, t.base}[i]
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="11" height="11" fill="%s"/>`+"\n", x, y-10, color)
		text(x+16, 12, "400", t.muted, what)
		x += 16 + 7*len(what) + 14
	}
	y += 12
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[2]d" width="%[1]d" height="%[2]d" role="img" aria-labelledby="t d" font-family="-apple-system,'Segoe UI','Noto Sans',Helvetica,Arial,sans-serif">`+
		"\n<title id=\"t\">%s</title>\n<desc id=\"d\">%s</desc>\n%s</svg>\n", wide, y, html.EscapeString(p.title), html.EscapeString(p.text), b.String())
}
