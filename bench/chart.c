/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A chart of times relative to native code, as SVG: a group of bars per program, logarithmic. */
#include <math.h>

#include "bench/bench.h"

enum { LEFT = 150, TOP = 60, WIDTH = 700, BAR = 7, GAP = 8 };

static const char *const colours[] = {"#4e79a7", "#f28e2b", "#59a14f", "#b07aa1",
                                      "#e15759", "#76b7b2"};
enum { COLOURS = sizeof(colours) / sizeof(colours[0]) };

/* The scale reaches from half of native's time to the slowest bar. */
struct scale {
    double low, high;
};

static double position(const struct scale *scale, double ratio)
{
    double share = log(ratio / scale->low) / log(scale->high / scale->low);
    return LEFT + WIDTH * (share < 0 ? 0 : share);
}

static struct scale find_scale(const struct bench_result *r)
{
    struct scale scale = {0.5, 2};
    for (int i = 0; i < r->row_count; i++)
        for (int c = 0; c < r->column_count; c++)
            if (r->rows[i].cells[c].ran && r->rows[i].cells[c].ratio_high > scale.high)
                scale.high = r->rows[i].cells[c].ratio_high;
    return scale;
}

static void print_bar(FILE *out, const struct scale *scale, const struct bench_cell *cell, int y,
                      int column)
{
    double x = position(scale, cell->ratio);
    fprintf(out, "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n", LEFT, y,
            x - LEFT, BAR - 1, colours[column % COLOURS]);
    fprintf(out, "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#222\"/>\n",
            position(scale, cell->ratio_low), position(scale, cell->ratio_high),
            y + (BAR - 1) / 2.0, y + (BAR - 1) / 2.0);
}

static void print_row(FILE *out, const struct bench_result *r, const struct scale *scale, int i)
{
    int y = TOP + i * (r->column_count * BAR + GAP);
    fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n", LEFT - 6,
            y + (r->column_count * BAR + 9) / 2, r->rows[i].program->name);
    for (int c = 0; c < r->column_count; c++)
        if (r->rows[i].cells[c].ran)
            print_bar(out, scale, &r->rows[i].cells[c], y + c * BAR, c);
}

static void print_grid(FILE *out, const struct scale *scale, int height)
{
    static const double marks[] = {0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500};
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]) && marks[i] <= scale->high; i++) {
        double x = position(scale, marks[i]);
        fprintf(out, "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"%s\"/>\n", x, x,
                TOP - 4, height, marks[i] == 1 ? "#000" : "#ccc");
        fprintf(out, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%g</text>\n", x, TOP - 8,
                marks[i]);
    }
}

void bench_print_chart(const struct bench_result *r, FILE *out)
{
    struct scale scale = find_scale(r);
    int height = TOP + r->row_count * (r->column_count * BAR + GAP);
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
            "font-family=\"sans-serif\" font-size=\"11\">\n"
            "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n"
            "<text x=\"%d\" y=\"16\" font-size=\"14\">Time relative to native code (%s), "
            "logarithmic; lines are quartiles</text>\n",
            LEFT + WIDTH + 30, height + 20, LEFT, r->compiler);
    for (int c = 0; c < r->column_count; c++) {
        struct bench_mean mean = bench_mean_of(r, c);
        fprintf(out, "<text x=\"%d\" y=\"34\" fill=\"%s\">%s: %.2f</text>\n", LEFT + c * 165,
                colours[c % COLOURS], r->columns[c].name, mean.ratio);
    }
    print_grid(out, &scale, height);
    for (int i = 0; i < r->row_count; i++)
        print_row(out, r, &scale, i);
    fprintf(out, "</svg>\n");
}
