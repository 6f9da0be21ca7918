// Settings as models note them.
#include <string.h>

#include "harness.h"
#include "settings.h"

#define TESTS(X)                                                                                   \
    X(settings_are_read_one_by_one)                                                                \
    X(what_is_none_is_left_where_it_stands)

static void settings_are_read_one_by_one(void)
{
    const char *at = " n=5  digits=-12 ";
    SettingWord word;
    CU_ASSERT_TRUE_FATAL(setting_read(&at, &word));
    CU_ASSERT_TRUE(word.length == 1 && word.name[0] == 'n' && word.value == 5);
    CU_ASSERT_TRUE_FATAL(setting_read(&at, &word));
    CU_ASSERT_TRUE(word.length == 6 && !strncmp(word.name, "digits", 6) && word.value == -12);
    CU_ASSERT_FALSE(setting_read(&at, &word));
    CU_ASSERT_EQUAL(*at, '\0');
}

static void what_is_none_is_left_where_it_stands(void)
{
    static const char *const texts[] = {
        "n", "n=", "=5", "n=x", "n=5x", "n 5", "n=99999999999999999999", "n= =", "=", "n= 5", "n=\t5", "n=+5", "n=-",
    };
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        const char *at = texts[k];
        SettingWord word;
        CU_ASSERT_FALSE(setting_read(&at, &word));
        CU_ASSERT_PTR_EQUAL(at, texts[k]);
    }
}

RUN_TESTS("settings", TESTS)
