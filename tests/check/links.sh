#!/bin/sh
# The checker links the C library and GMP, and nothing else: links.sh PROOFCHECK ROOT
set -eu

proofcheck=$1 root=$2
libraries=$(readelf -d "$proofcheck" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
    grep -vE '^(libc|libgmp|lib[a-z]*san|libm|libgcc_s|libdl|librt|libpthread|ld-linux[-a-z0-9_]*)\.so' || true)
if [ "$libraries" ]; then
    echo "proofcheck links $libraries"
    exit 1
fi

# Its headers are its own and those of the system.
cd "$root/src/check"
own=$(ls ./*.h | sed 's|./||')
bad=0
for header in $(sed -n 's/^#include "\(.*\)"/\1/p' ./*.c ./*.h | sort -u); do
    echo "$own" | grep -qx "$header" || { echo "$header is not its own"; bad=1; }
done
for header in $(sed -n 's/^#include <\(.*\)>/\1/p' ./*.c ./*.h | sort -u); do
    case $header in
    math.h | mpfr.h | fenv.h | tgmath.h | complex.h) echo "$header is included"; bad=1 ;;
    esac
done
exit $bad
