package main

import (
	"fmt"
	"os/exec"
	"strings"
	"time"
)

const pictures = "../../.github" // where the READMEs look

// drawPictures measures a token and a login, runs ./hostile, and draws both.
func drawPictures(rounds int, each time.Duration) error {
	cost, err := costPicture(rounds, each)
	if err != nil {
		return err
	}
	hostile, err := hostilePicture()
	if err != nil {
		return err
	}
	for _, p := range []picture{cost, hostile} {
		if err := p.write(pictures); err != nil {
			return err
		}
		fmt.Println(p.text)
	}
	return nil
}

func costPicture(rounds int, each time.Duration) (picture, error) {
	p := picture{
		name: "cost", title: "CPU time beside the peers", legend: "this library|a peer|work that nobody can avoid",
	}
	for _, one := range []struct{ row, title, note, text string }{
		{"verify RS256", "A token", "× SHA-256 and RSA alone", "Checking an ID token costs, in units of its bare signature check: "},
		{"login callback RS256", "A login", "× the bare HTTP call and signature check", "Completing a login costs, in units of its bare HTTP call and signature check: "},
	} {
		panel := panel{title: one.title + ": " + one.row, note: one.note}
		var all []result
		for _, c := range cases() {
			if c.name == one.row {
				all = c.measure(rounds, each)
			}
		}
		if len(all) < 3 {
			return p, fmt.Errorf("no row %q", one.row)
		}
		longest := 0.0
		for _, r := range all {
			longest = max(longest, r.ratio)
		}
		var words []string
		for _, r := range all[1:] {
			value := fmt.Sprintf("%.2f", r.ratio)
			name := strings.Replace(r.name, "authentication + ", "… + ", 1)
			panel.bars = append(panel.bars, bar{
				name: name, note: fmt.Sprintf("%d allocations", r.allocs), value: value + "×", ours: r.ours, base: 1 / longest, more: max(0, r.ratio-1) / longest,
			})
			if r.ours {
				name = "this library, " + r.name
			}
			words = append(words, name+" "+value)
		}
		p.panels = append(p.panels, panel)
		p.text += one.text + strings.Join(words, "; ") + ". "
	}
	p.text = strings.TrimSpace(p.text)
	return p, nil
}

// hostilePicture shows the first two rows of the table that ./hostile prints.
func hostilePicture() (picture, error) {
	p := picture{name: "hostile", title: "Hostile input that is accepted", legend: "this library|a peer"}
	printed, err := exec.Command("go", "run", "./hostile", "-markdown").Output()
	if err != nil {
		return p, fmt.Errorf("go run ./hostile: %w", err)
	}
	lines := strings.Split(string(printed), "\n")
	names := cells(lines[0])
	for _, row := range lines[2:4] {
		row := cells(row)
		panel := panel{title: strings.ToUpper(row[0][:1]) + row[0][1:], note: "of those whose valid twin the library accepts"}
		var words []string
		for i, cell := range row[1:] {
			var took, of int
			if n, _ := fmt.Sscanf(cell, "%d / %d", &took, &of); n < 2 {
				continue // it reads no keys from a server
			}
			panel.bars = append(panel.bars, bar{name: names[i+1], value: fmt.Sprintf("%d of %d", took, of), ours: i == 0, more: float64(took) / float64(of) * 0.95})
			words = append(words, fmt.Sprintf("%s %d of %d", names[i+1], took, of))
		}
		if len(panel.bars) < 4 {
			return p, fmt.Errorf("./hostile printed %q", row)
		}
		p.panels = append(p.panels, panel)
		p.text += panel.title + ": " + strings.Join(words, ", ") + ". "
	}
	p.text = strings.TrimSpace(p.text)
	return p, nil
}

// cells are those of a row of Markdown.
func cells(row string) []string {
	all := strings.Split(strings.Trim(row, "|"), "|")
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return all
}
