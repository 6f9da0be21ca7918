#include <ctype.h>
#include <string.h>

#include "commands.h"
#include "diagnostics.h"

static void list_diagnostics(void)
{
    for (int i = 0; i < diagnostic_rows; i++)
        printf("%s  %s\n", diagnostic_table[i].code, diagnostic_table[i].title);
}

static bool same_code(const char *typed, const char *code)
{
    while (*typed && toupper((unsigned char)*typed) == *code)
        typed++, code++;
    return !*typed && !*code;
}

Status command_explain(const Options *options, Diag *diag)
{
    if (options->n_arguments == 0) {
        list_diagnostics();
        return STATUS_OK;
    }
    for (int i = 0; i < diagnostic_rows; i++)
        if (same_code(options->arguments[0], diagnostic_table[i].code)) {
            printf("%s: %s\n\n%s", diagnostic_table[i].code, diagnostic_table[i].title,
                   diagnostic_table[i].text);
            return STATUS_OK;
        }
    diag_set(diag, STATUS_USAGE, "O012", "there is no diagnostic `%s`", options->arguments[0]);
    diag_hint(diag, "`verify explain` lists all codes");
    return STATUS_USAGE;
}
