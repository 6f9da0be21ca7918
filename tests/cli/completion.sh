#!/bin/sh
# What bash offers after a few beginnings: completion.sh VERIFY SCRIPT
set -eu

command -v bash >/dev/null || exit 77
verify=$(realpath "$1")
script=$(realpath "$2")
cd "$(dirname "$0")/../.."

# offers WORD... : completes the last word
offers() {
    bash -c 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _verify; echo "${COMPREPLY[@]}"' \
        "$script" "$@"
}

expect() {
    wanted=$1
    shift
    got=$(offers "$@")
    if [ "$got" != "$wanted" ]; then
        echo "$*: offered '$got', not '$wanted'"
        exit 1
    fi
}

"$verify" --help=completion | cmp - "$script"
expect train verify tr
expect --model verify specs/addition.spec --mo
expect --resume verify train --re
expect '' verify prove --re
expect 'auto always' verify --color a
expect specs/addition.spec verify specs/addition.
