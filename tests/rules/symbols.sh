#!/bin/sh
# No function of libm decides anything: symbols.sh BUILD VERIFY
# Functions of the C library that compute with rounding errors of their own, which differ between
# versions and processors, are called nowhere but where the lines below allow it. fmaf and sqrtf are
# rounded correctly. MPFR, in src/num, is too.
set -eu

build=$1 verify=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/allowed" <<'EOF'
train log1p
EOF

names='exp|exp2|exp10|expm1|log|log2|log10|log1p|pow|cbrt|hypot|erf|erfc|lgamma|tgamma|gamma'
names="$names|sin|cos|tan|sincos|asin|acos|atan|atan2|sinh|cosh|tanh|asinh|acosh|atanh|j0|j1|y0|y1"

# inexact FILE OPTION... : the forbidden names that the file wants from elsewhere
inexact() {
    file=$1
    shift
    nm "$@" "$file" | awk '$1 == "U" || $1 == "w" { sub(/@.*/, "", $2); print $2 }' | sort -u |
        grep -xE "(__)?($names)(f|l|f32|f64|f128)?(_finite|_r)?" || true
}

for library in "$build"/src/*/libripple_*.a; do
    module=${library##*/libripple_}
    inexact "$library" | sed "s/^/${module%.a} /"
done | sort >"$work/found"
sort "$work/allowed" | comm -23 "$work/found" - | sed 's/^/not allowed: /' >"$work/bad"
sort "$work/allowed" | comm -13 "$work/found" - | sed 's/^/allowed, but not there: /' >>"$work/bad"
inexact "$verify" -D | while read -r name; do
    grep -q " $name\$" "$work/allowed" || echo "verify: $name"
done >>"$work/bad"
cat "$work/bad"
test ! -s "$work/bad"
