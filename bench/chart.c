/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A chart of times relative to native code, as SVG: a line per program, on it a dot per column; the
 * scale is logarithmic. */
#include <math.h>

#include "bench/bench.h"

enum { LEFT = 130, WIDTH = 700, RIGHT = 30, ROW = 15 };
/* Names of columns above the chart: how wide one is, and how many stand side by side. */
enum { LEGEND = 160, LEGENDS = 5 };

static const char *const colours[] = {"#4e79a7", "#f28e2b", "#59a14f", "#b07aa1", "#e15759",
                                      "#76b7b2", "#9c755f", "#edc948", "#ff9da7", "#7f7f7f"};
enum { COLOURS = sizeof(colours) / sizeof(colours[0]) };

/* The scale reaches from half of native's time to the slowest column's; rows begin at `top`. */
struct scale {
    double low, high;
    int top;
};

static double position(const struct scale *scale, double ratio)
{
    double share = log(ratio / scale->low) / log(scale->high / scale->low);
    return LEFT + WIDTH * (share < 0 ? 0 : share);
}

static struct scale find_scale(const struct bench_result *r)
{
    int legends = (r->column_count + LEGENDS - 1) / LEGENDS;
    struct scale scale = {0.5, 2, 58 + 16 * legends};
    for (int i = 0; i < r->row_count; i++)
        for (int c = 0; c < r->column_count; c++)
            if (r->rows[i].cells[c].ran && r->rows[i].cells[c].ratio_high > scale.high)
                scale.high = r->rows[i].cells[c].ratio_high;
    return scale;
}

static int middle_of_row(const struct scale *scale, int row)
{
    return scale->top + row * ROW + ROW / 2;
}

/* A dot at the median, and a line from quartile to quartile. */
static void print_cell(FILE *out, const struct scale *scale, const struct bench_cell *cell, int y,
                       const char *colour)
{
    fprintf(out, "<path d=\"M%.1f %dH%.1f\" stroke=\"%s\"/>\n", position(scale, cell->ratio_low), y,
            position(scale, cell->ratio_high), colour);
    fprintf(out, "<circle cx=\"%.1f\" cy=\"%d\" r=\"4\" fill=\"%s\"/>\n",
            position(scale, cell->ratio), y, colour);
}

static void print_names(FILE *out, const struct scale *scale, const struct bench_result *r)
{
    for (int i = 0; i < r->row_count; i++) {
        int y = middle_of_row(scale, i);
        fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n", LEFT - 8, y + 4,
                r->rows[i].program->name);
        fprintf(out, "<path d=\"M%d %dh%d\" stroke=\"#eee\"/>\n", LEFT, y, WIDTH);
    }
}

static void print_grid(FILE *out, const struct scale *scale, int rows)
{
    static const double marks[] = {0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500};
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]) && marks[i] <= scale->high; i++) {
        double x = position(scale, marks[i]);
        fprintf(out, "<path d=\"M%.1f %dv%d\" stroke=\"%s\"/>\n", x, scale->top - 4, rows * ROW + 4,
                marks[i] == 1 ? "#000" : "#ccc");
        fprintf(out, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%g</text>\n", x,
                scale->top - 8, marks[i]);
    }
}

static void print_legend(FILE *out, const struct bench_result *r)
{
    fprintf(out,
            "<text x=\"14\" y=\"20\" font-size=\"14\">Time relative to native code (%s): median "
            "and quartiles of each program, and geometric means of all</text>\n",
            r->compiler);
    for (int c = 0; c < r->column_count; c++) {
        struct bench_mean mean = bench_mean_of(r, c);
        int x = 14 + c % LEGENDS * LEGEND, y = 38 + c / LEGENDS * 16;
        if (mean.count == 0)
            continue;
        fprintf(out, "<circle cx=\"%d\" cy=\"%d\" r=\"4\" fill=\"%s\"/>\n", x + 4, y,
                colours[c % COLOURS]);
        fprintf(out, "<text x=\"%d\" y=\"%d\">%s: %.2f</text>\n", x + 14, y + 4,
                r->columns[c].name, mean.ratio);
    }
}

void bench_print_chart(const struct bench_result *r, FILE *out)
{
    struct scale scale = find_scale(r);
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
            "font-family=\"sans-serif\" font-size=\"11\">\n"
            "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
            LEFT + WIDTH + RIGHT, scale.top + r->row_count * ROW + 14);
    print_legend(out, r);
    print_names(out, &scale, r);
    print_grid(out, &scale, r->row_count);
    for (int i = 0; i < r->row_count; i++)
        for (int c = 0; c < r->column_count; c++)
            if (r->rows[i].cells[c].ran)
                print_cell(out, &scale, &r->rows[i].cells[c], middle_of_row(&scale, i),
                           colours[c % COLOURS]);
    fprintf(out, "</svg>\n");
}
