# SPDX-License-Identifier: MIT OR Apache-2.0
# Draws what a terminal of 112 columns shows, colours included, as SVG.
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
# Columns that a text takes: bytes that continue a UTF-8 character take none.
function columns(text) {
    gsub(/[\200-\277]/, "", text)
    return length(text)
}
function end_line() {
    lines[++n] = out
    out = ""
    column = 0
}
# A piece of a line, from where the last one ended; what is beyond the edge goes to the next line.
function piece(text,    fits) {
    while (text != "") {
        fits = length(text)
        while (column + columns(substr(text, 1, fits)) > width ||
               substr(text, fits + 1, 1) ~ /[\200-\277]/) fits--
        out = out sprintf("<tspan fill=\"%s\" font-weight=\"%s\">%s</tspan>", colour, weight,
                          escape(substr(text, 1, fits)))
        column += columns(substr(text, 1, fits))
        text = substr(text, fits + 1)
        if (text != "") end_line()
    }
}
BEGIN {
    width = 112
    palette[31] = "#f47067"; palette[32] = "#8ddb8c"; palette[33] = "#daaa3f"
    palette[34] = "#6cb6ff"; palette[35] = "#dcbdfb"; palette[36] = "#76e3ea"
    palette[90] = "#909dab"
    style("")
}
{
    line = $0
    if (line ~ /^\$ /) { colour = "#8ddb8c"; piece("$ "); style("1"); line = substr(line, 3) }
    while (match(line, /\033\[[0-9;]*[mK]/)) {
        piece(substr(line, 1, RSTART - 1))
        if (substr(line, RSTART + RLENGTH - 1, 1) == "m")
            style(substr(line, RSTART + 2, RLENGTH - 3))
        line = substr(line, RSTART + RLENGTH)
    }
    piece(line)
    if ($0 ~ /^\$ /) style("")
    end_line()
}
END {
    height = n * 18 + 6
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\">\n", 910, height
    print "<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#1e1e1e\"/>"
    print "<g font-family=\"monospace\" font-size=\"13\">"
    for (i = 1; i < n; i++)
        printf "<text x=\"14\" y=\"%d\" xml:space=\"preserve\">%s</text>\n", i * 18 + 10, lines[i]
    print "</g>\n</svg>"
}
