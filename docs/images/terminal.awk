# SPDX-License-Identifier: MIT OR Apache-2.0
# Draws what a terminal shows, colours included, as SVG.
function escape(text) {
    gsub(/&/, "\\&amp;", text)
    gsub(/</, "\\&lt;", text)
    gsub(/>/, "\\&gt;", text)
    return text
}
function style(codes,    n, code, i) {
    n = split(codes, code, ";")
    if (codes == "") { colour = "#d4d4d4"; weight = "normal"; return }
    for (i = 1; i <= n; i++) {
        if (code[i] + 0 == 0) { colour = "#d4d4d4"; weight = "normal" }
        else if (code[i] == 1) weight = "bold"
        else if (code[i] in palette) colour = palette[code[i]]
    }
}
# A piece of a line, from where the last one ended.
function piece(text) {
    if (text == "") return ""
    return sprintf("<tspan fill=\"%s\" font-weight=\"%s\">%s</tspan>", colour, weight,
                   escape(text))
}
BEGIN {
    palette[31] = "#f47067"; palette[32] = "#8ddb8c"; palette[33] = "#daaa3f"
    palette[34] = "#6cb6ff"; palette[35] = "#dcbdfb"; palette[36] = "#76e3ea"
    palette[90] = "#909dab"
    style("")
}
{
    line = $0
    out = ""
    if (line ~ /^\$ /) { colour = "#8ddb8c"; out = piece("$ "); style("1"); line = substr(line, 3) }
    while (match(line, /\033\[[0-9;]*[mK]/)) {
        out = out piece(substr(line, 1, RSTART - 1))
        if (substr(line, RSTART + RLENGTH - 1, 1) == "m")
            style(substr(line, RSTART + 2, RLENGTH - 3))
        line = substr(line, RSTART + RLENGTH)
    }
    out = out piece(line)
    if ($0 ~ /^\$ /) style("")
    lines[++n] = out
}
END {
    height = n * 18 + 24
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\">\n", 900, height
    print "<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#1e1e1e\"/>"
    print "<g font-family=\"monospace\" font-size=\"13\">"
    for (i = 1; i <= n; i++)
        printf "<text x=\"14\" y=\"%d\" xml:space=\"preserve\">%s</text>\n", i * 18 + 10, lines[i]
    print "</g>\n</svg>"
}
