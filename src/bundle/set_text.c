#include "set_text.h"

void set_text_add(Text *text, const bool *member, int count)
{
    const char *comma = "";
    for (int low = 0; low < count; low++) {
        int high = low;
        if (!member[low])
            continue;
        while (high + 1 < count && member[high + 1])
            high++;
        text_add(text, "%s%d", comma, low);
        if (high > low)
            text_add(text, "-%d", high);
        comma = ",";
        low = high;
    }
    CHECK(*comma);
}
