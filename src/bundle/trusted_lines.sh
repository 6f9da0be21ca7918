#!/bin/sh
# Lines of code of the parts that a reader of a proof has to trust: trusted_lines.sh ROOT OUTPUT
#   CHECK   proofcheck
#   TASK    all that the step from a spec to task.txt is compiled from
# All lines count, blank ones and comments too.
set -eu

# count PATH... : of the sources that these are, or hold
count() {
    for path; do
        [ -e "$path" ]
    done
    find "$@" -name '*.[ch]' -exec cat {} + | wc -l | tr -d ' '
}

src=$1/src
check=$(count "$src/check")
task=$(count "$src/spec" "$src/task" "$src/base" \
    "$src/bundle/task_file.c" "$src/bundle/task_file.h" \
    "$src/bundle/clauses.c" "$src/bundle/clauses.h" \
    "$src/bundle/linear_form.c" "$src/bundle/linear_form.h" \
    "$src/bundle/set_text.c" "$src/bundle/set_text.h" \
    "$src/bundle/settled.c" "$src/bundle/settled.h")

{
    echo '#pragma once'
    echo "enum { TRUSTED_LINES_CHECK = $check, TRUSTED_LINES_TASK = $task };"
} >"$2.new"
if cmp -s "$2.new" "$2"; then
    rm "$2.new"
else
    mv "$2.new" "$2"
fi
