#!/bin/sh
# audit.md counts all files of src/bundle that task.txt is written by: trusted.sh TRUSTED_LINES
# These are task_file.c, the headers that it includes, their sources, and so on.
set -eu
counted=$(realpath "$1")
cd "$(dirname "$counted")"

found='' more=task_file
while [ "$more" ]; do
    found="$found $more" next=''
    for name in $(for part in $more; do sed -n 's/^#include "\(.*\)\.h"$/\1/p' $part.[ch]; done | sort -u); do
        case " $found $next " in
        *" $name "*) ;;
        *) [ ! -e "$name.c" ] || next="$next $name" ;;
        esac
    done
    more=$next
done

for part in $found; do
    for file in $part.c $part.h; do
        grep -qF "/bundle/$file\"" "$counted" || {
            echo "not counted: $file"
            exit 1
        }
    done
    grep -qF "\`$part.c\`" audit.c || {
        echo "audit.md does not name $part.c"
        exit 1
    }
done
[ "$(grep -o '/bundle/[a-z_]*\.[ch]' "$counted" | wc -l)" -eq "$((2 * $(echo $found | wc -w)))" ] || {
    echo "counted, but not used: $(grep -o '/bundle/[a-z_]*\.[ch]' "$counted" | tr '\n' ' ')"
    exit 1
}
