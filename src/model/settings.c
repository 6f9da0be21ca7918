#include "settings.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool setting_read(const char **at, SettingWord *ret_word)
{
    const char *name = *at + strspn(*at, " ");
    size_t length = strcspn(name, " =");
    char *end;
    if (length == 0 && !*name)
        *at = name;
    if (length == 0 || name[length] != '=')
        return false;
    const char *number = name + length + 1;
    if (!isdigit((unsigned char)number[*number == '-']))
        return false;
    errno = 0;
    long long value = strtoll(number, &end, 10);
    if (errno != 0 || (*end && *end != ' '))
        return false;
    *ret_word = (SettingWord){name, length, value};
    *at = end;
    return true;
}
