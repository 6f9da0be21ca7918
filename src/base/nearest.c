#include "nearest.h"

#include <string.h>

enum { LONGEST = 63, FAR = 1000 };

static int least(int a, int b)
{
    return a < b ? a : b;
}

// The restricted edit distance (Damerau 1964), one table row per byte of `a`.
int nearest_distance(const char *a, const char *b)
{
    size_t m = strlen(a), n = strlen(b);
    int d[LONGEST + 1][LONGEST + 1];
    if (m > LONGEST || n > LONGEST)
        return FAR;
    for (size_t i = 0; i <= m; i++)
        for (size_t j = 0; j <= n; j++) {
            if (i == 0 || j == 0) {
                d[i][j] = (int)(i + j);
                continue;
            }
            d[i][j] = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            d[i][j] = least(d[i][j], least(d[i - 1][j], d[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
        }
    return d[m][n];
}

int nearest_is_close(const char *typed, int distance)
{
    return distance <= 1 + (int)strlen(typed) / 4;
}

const char *nearest_word(const char *typed, const char *const *words, int count)
{
    const char *best = NULL;
    int least_distance = FAR;
    for (int k = 0; k < count; k++) {
        int distance = nearest_distance(typed, words[k]);
        if (nearest_is_close(typed, distance) && distance < least_distance) {
            best = words[k];
            least_distance = distance;
        }
    }
    return best;
}
