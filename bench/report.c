/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What was measured, as a table and as JSON. */
#include <math.h>

#include "bench/bench.h"

struct bench_mean bench_mean_of(const struct bench_result *result, int column)
{
    struct bench_mean mean = {.count = 0};
    for (int i = 0; i < result->row_count; i++) {
        const struct bench_row *row = &result->rows[i];
        const struct bench_cell *cell = &row->cells[column];
        if (row->tiny || !cell->ran)
            continue;
        mean.count++;
        mean.ratio += log(cell->ratio);
        mean.insn += log(cell->time / (double)row->executed);
        mean.compile += log(cell->compile);
        mean.code_size += log((double)cell->code_size / (double)row->program->native_size);
    }
    if (mean.count == 0)
        return mean;
    mean.ratio = exp(mean.ratio / mean.count);
    mean.insn = exp(mean.insn / mean.count);
    mean.compile = exp(mean.compile / mean.count);
    mean.code_size = exp(mean.code_size / mean.count);
    return mean;
}

void bench_print_head(const struct bench_result *result)
{
    printf("native code by %s; times in ns per call, compile in us; %d samples\n",
           result->compiler, result->samples);
    printf("%-17s %6s %5s %8s", "", "", "", "native");
    for (int c = 0; c < result->column_count; c++)
        printf(" | %33s", result->columns[c].name);
    printf("\n%-17s %6s %5s %8s", "program", "insns", "bytes", "ns");
    for (int c = 0; c < result->column_count; c++)
        printf(" | %8s %5s %11s %6s", "ns", "ratio", "quartiles", "size");
    printf("\n");
}

static void print_cell(const struct bench_row *row, const struct bench_cell *cell)
{
    if (!cell->ran) {
        printf(" | %33s", "-");
        return;
    }
    printf(" | %8.1f %5.2f %5.2f-%5.2f", cell->time, cell->ratio, cell->ratio_low,
           cell->ratio_high);
    if (cell->code_size)
        printf(" %6.2f", (double)cell->code_size / (double)row->program->native_size);
    else
        printf(" %6s", "-");
}

void bench_print_row(const struct bench_result *result, const struct bench_row *row)
{
    printf("%-17s %6llu %5zu %8.1f", row->program->name, (unsigned long long)row->executed,
           row->program->native_size, row->native);
    for (int c = 0; c < result->column_count; c++)
        print_cell(row, &row->cells[c]);
    printf("\n");
    fflush(stdout);
}

void bench_print_means(const struct bench_result *result)
{
    printf("\ngeometric means, those programs left out that do nothing:\n");
    for (int c = 0; c < result->column_count; c++) {
        struct bench_mean mean = bench_mean_of(result, c);
        if (mean.count == 0)
            continue;
        printf("%-20s %3d programs: %6.2f x native, %6.2f ns per instruction",
               result->columns[c].name, mean.count, mean.ratio, mean.insn);
        if (mean.code_size > 0)
            printf(", code %.2f x native", mean.code_size);
        if (mean.compile > 0)
            printf(", compiled in %.1f us", mean.compile / 1e3);
        printf("\n");
    }
}

/* JSON has no numbers that are none. */
static double number(double value)
{
    return isfinite(value) ? value : 0;
}

static void print_json_row(const struct bench_result *result, const struct bench_row *row,
                           FILE *out)
{
    fprintf(out, "    {\"program\": \"%s\", \"executed\": %llu, \"bytecode_bytes\": %zu, ",
            row->program->name, (unsigned long long)row->executed, row->program->size);
    fprintf(out, "\"native_ns\": %.3f, \"native_bytes\": %zu, \"columns\": {", row->native,
            row->program->native_size);
    const char *comma = "";
    for (int c = 0; c < result->column_count; c++) {
        const struct bench_cell *cell = &row->cells[c];
        if (!cell->ran)
            continue;
        fprintf(out, "%s\n      \"%s\": {\"ns\": %.3f, \"ratio\": %.4f, ", comma,
                result->columns[c].name, cell->time, cell->ratio);
        fprintf(out, "\"quartiles\": [%.4f, %.4f]", cell->ratio_low, cell->ratio_high);
        fprintf(out, ", \"code_bytes\": %zu, \"compile_ns\": %.0f}", cell->code_size,
                cell->compile);
        comma = ",";
    }
    fprintf(out, "}}");
}

void bench_print_json(const struct bench_result *result, FILE *out)
{
    fprintf(out, "{\n  \"native_compiler\": \"%s\",\n  \"samples\": %d,\n  \"rows\": [\n",
            result->compiler, result->samples);
    for (int i = 0; i < result->row_count; i++) {
        print_json_row(result, &result->rows[i], out);
        fprintf(out, i + 1 < result->row_count ? ",\n" : "\n");
    }
    fprintf(out, "  ],\n  \"geometric_means\": {");
    for (int c = 0; c < result->column_count; c++) {
        struct bench_mean mean = bench_mean_of(result, c);
        fprintf(out,
                "%s\n    \"%s\": {\"programs\": %d, \"ratio\": %.4f, \"ns_per_insn\": %.4f, "
                "\"code_ratio\": %.4f, \"compile_ns\": %.0f}",
                c ? "," : "", result->columns[c].name, mean.count, number(mean.ratio),
                number(mean.insn), number(mean.code_size), number(mean.compile));
    }
    fprintf(out, "\n  }\n}\n");
}
