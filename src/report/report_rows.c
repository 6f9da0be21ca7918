#include "report_rows.h"

#include "number_text.h"
#include "report_text.h"

enum {
    COLUMN_CLAIM,
    COLUMN_VERDICT,
    COLUMN_INPUTS,
    COLUMN_CASES,
    COLUMN_MARGIN,
    COLUMN_CHECKED,
    COLUMN_SECONDS,
    COLUMNS
};

ReportRows report_rows_new(Arena *arena)
{
    static const char *const titles[COLUMNS] = {"claim",        "verdict", "inputs", "edge cases",
                                                "worst margin", "checked", "seconds"};
    ReportRows rows = {table_new(arena, COLUMNS,
                                 1u << COLUMN_INPUTS | 1u << COLUMN_CASES | 1u << COLUMN_MARGIN |
                                     1u << COLUMN_SECONDS)};
    table_row(&rows.table);
    for (int c = 0; c < COLUMNS; c++)
        table_cell(&rows.table, c, "%s", titles[c]);
    return rows;
}

// "2*10^6", or all digits.
static void add_inputs(Text *text, const mpz_t count)
{
    mpz_t rest;
    int zeros = 0;
    mpz_init_set(rest, count);
    while (mpz_sgn(rest) > 0 && mpz_divisible_ui_p(rest, 10)) {
        mpz_divexact_ui(rest, rest, 10);
        zeros++;
    }
    if (zeros < 5)
        number_add_count(text, count);
    else if (mpz_cmp_ui(rest, 1) == 0)
        text_add(text, "10^%d", zeros);
    else {
        number_add_count(text, rest);
        text_add(text, "*10^%d", zeros);
    }
    mpz_clear(rest);
}

static void add_network(Table *table, const NetworkProof *network)
{
    Text margin = {0};
    Fix worst = FIX_MAX;
    int cases = 0;
    for (int a = 0; a < network->answer; a++) {
        cases += network->position[a].n_cases;
        worst = network->position[a].margin < worst ? network->position[a].margin : worst;
    }
    if (worst < FIX_MAX)
        number_add_margin(&margin, worst, 2);
    table_cell(table, COLUMN_CASES, "%d", cases);
    table_cell(table, COLUMN_MARGIN, "%s", margin.length ? text_chars(&margin) : "-");
    text_free(&margin);
}

void report_rows_add(ReportRows *rows, const Proof *proof, const ReportRun *run)
{
    Text claim = {0}, inputs = {0};
    report_claim(&claim, proof->spec);
    table_row(&rows->table);
    table_cell(&rows->table, COLUMN_CLAIM, "%s", text_chars(&claim));
    table_cell(&rows->table, COLUMN_VERDICT, "%s", report_verdict_word(proof));
    if (proof->counts)
        add_inputs(&inputs, proof->counts->total);
    table_cell(&rows->table, COLUMN_INPUTS, "%s", text_chars(&inputs));
    if (proof->bounded)
        add_network(&rows->table, &proof->network);
    table_cell(&rows->table, COLUMN_CHECKED, "%s", run->checked ? "K" : "-");
    table_cell(&rows->table, COLUMN_SECONDS, "%.1f", run->seconds);
    text_free(&claim);
    text_free(&inputs);
}

void report_rows_add_error(ReportRows *rows, const char *spec)
{
    table_row(&rows->table);
    table_cell(&rows->table, COLUMN_CLAIM, "%s", spec);
    table_cell(&rows->table, COLUMN_VERDICT, "error");
}

void report_rows(const ReportRows *rows, Text *text)
{
    table_render(&rows->table, text);
}
