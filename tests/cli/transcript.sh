#!/bin/sh
# Runs one transcript: transcript.sh VERIFY CASE [PROGRAM...]. A case is a file of lines that start
# with
#   #  a comment            $  the command, for the shell, run in the project's top folder
#   >  a line of stdout     !  a line of stderr        =  the exit code
# $TMP names an empty folder for the command; PROGRAMs are called by their names. With UPDATE=1 the
# case is written anew from what the command did; read the difference before you keep it.
set -eu

verify=$(realpath "$1")
case=$(realpath "$2")
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/tmp"
ln -s "$verify" "$work/bin/verify"
for program; do
    ln -s "$(realpath "$program")" "$work/bin/"
done
cd "$(dirname "$0")/../.."

sed -n 's/^\$ //p' "$case" >"$work/command"
code=0
env -u NO_COLOR PATH="$work/bin:$PATH" TMP="$work/tmp" TERM=dumb LC_ALL=C.UTF-8 \
    XDG_CACHE_HOME="$work/cache" \
    sh "$work/command" >"$work/stdout" 2>"$work/stderr" </dev/null || code=$?
{
    grep -E '^(#|\$)' "$case"
    sed 's/^/> /; s/ $//' "$work/stdout"
    sed 's/^/! /; s/ $//' "$work/stderr"
    echo "= $code"
} >"$work/actual"

if [ "${UPDATE:-}" ]; then
    cp "$work/actual" "$case"
fi
diff -u "$case" "$work/actual"
