package main

import (
	"cmp"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// drawPictures measures a token and a login, runs ./hostile, and draws both into the READMEs.
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
		if err := p.write(); err != nil {
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
	for _, one := range []struct{ row, title, note, text, chinese string }{
		{"verify RS256", "Checking an ID token (RS256)", "× SHA-256 and RSA alone", "Checking an ID token costs, in units of its bare signature check: ", "验证一个 ID token 的开销，以单纯的签名验证为 1："},
		{"login callback RS256", "Completing a login (RS256)", "× the bare HTTP call and signature check", "Completing a login costs, in units of its bare HTTP call and signature check: ", "完成一次登录的开销，以单纯的 HTTP 调用加签名验证为 1："},
	} {
		panel := panel{title: one.title, note: one.note}
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
		slices.SortStableFunc(all[1:], func(a, b result) int { // this library, then the peers, the cheapest first
			if a.ours || b.ours {
				return 0
			}
			return cmp.Compare(a.ratio, b.ratio)
		})
		var words, chinese []string
		for _, r := range all[1:] {
			value := fmt.Sprintf("%.2f", r.ratio)
			name := strings.Replace(r.name, "authentication + ", "… + ", 1)
			panel.bars = append(panel.bars, bar{
				name: name, note: fmt.Sprintf("%d allocations", r.allocs), value: value + "×", ours: r.ours, base: 1 / longest, more: max(0, r.ratio-1) / longest,
			})
			english, own := r.name, r.name
			if r.ours {
				english, own = "this library's "+r.name, "本库 "+r.name
			}
			words, chinese = append(words, english+" "+value), append(chinese, own+" "+value)
		}
		p.panels = append(p.panels, panel)
		p.text += one.text + strings.Join(words, ", ") + ". "
		p.chinese += one.chinese + strings.Join(chinese, "，") + "。"
	}
	p.text = strings.TrimSpace(p.text)
	return p, nil
}

// hostilePicture shows the first two rows of the table that ./hostile prints.
func hostilePicture() (picture, error) {
	p := picture{name: "hostile", title: "What is accepted of hostile input", legend: "accepted by this library|by a peer|refused"}
	printed, err := exec.Command("go", "run", "./hostile", "-markdown").Output()
	if err != nil {
		return p, fmt.Errorf("go run ./hostile: %w", err)
	}
	lines := strings.Split(string(printed), "\n")
	names := cells(lines[0])
	for n, row := range lines[2:4] {
		row := cells(row)
		panel := panel{title: strings.ToUpper(row[0][:1]) + row[0][1:], note: "of those whose valid twin the library accepts"}
		var words []string
		for i, cell := range row[1:] {
			var took, of int
			if n, _ := fmt.Sscanf(cell, "%d / %d", &took, &of); n < 2 {
				continue // it reads no keys from a server
			}
			part := float64(took) / float64(of)
			panel.bars = append(panel.bars, bar{name: names[i+1], value: fmt.Sprintf("%d of %d", took, of), ours: i == 0, more: 0.9 * part, rest: 0.9 * (1 - part)})
			words = append(words, fmt.Sprintf("%s %d of %d", names[i+1], took, of))
		}
		if len(panel.bars) < 4 {
			return p, fmt.Errorf("./hostile printed %q", row)
		}
		p.panels = append(p.panels, panel)
		p.text += panel.title + ": " + strings.Join(words, ", ") + ". "
		said := strings.NewReplacer("this library", "本库", " of ", "/", ", ", "，").Replace(strings.Join(words, ", "))
		p.chinese += []string{"被接受的恶意 ID token：", "被接受的恶意密钥和元数据："}[n] + said + "。"
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
