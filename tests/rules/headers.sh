#!/bin/sh
# Every header compiles alone, and no two have the same name: headers.sh ROOT COMPILER...
# A file without "#pragma once" is a template that its user fills in, not a header.
set -eu

root=$1
shift
cd "$root"
headers=$(grep -l '^#pragma once' $(find src tests -name '*.h'))
folders=$(for header in $headers; do echo "-I$(dirname "$header")"; done | sort -u)

twice=$(for header in $headers; do basename "$header"; done | sort | uniq -d)
if [ "$twice" ]; then
    echo "headers of the same name:" $twice
    exit 1
fi
for header in $headers; do
    "$@" -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror $folders -fsyntax-only -x c - <<EOF
#include "$(basename "$header")"
EOF
done
