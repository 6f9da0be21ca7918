#!/bin/sh
# Every reason that the checker has to reject a bundle is the expected one of some attack, or is listed in unreached.txt,
# which lists no other: reasons.sh ROOT
# An attack stands for the only message that can begin as it expects; a conversion is then any words.
set -eu
cd "$1"
awk '
FNR == 1 { file[++files] = FILENAME }
{ text[files] = text[files] $0 "\n" }

# The string literals with which a text begins, joined; `rest` is what follows.
function joined(s,    all, one) {
    all = ""
    while (match(s, /^[ \n\\]*"([^"\\]|\\.)*"/)) {
        one = substr(s, 1, RLENGTH)
        s = substr(s, RLENGTH + 1)
        sub(/^[ \n\\]*"/, "", one)
        all = all substr(one, 1, length(one) - 1)
    }
    rest = s
    return all
}

# The message of a call, from its arguments on. The name of a file may stand before it, as the first of a place.
function message_of(s,    before, found) {
    while (match(s, /"/)) {
        before = substr(s, 1, RSTART - 1)
        if (before ~ /;/)
            break
        found = joined(substr(s, RSTART))
        s = rest
        if (before !~ /\{$/)
            return found
    }
    return ""
}

function read_calls(s, name,    message) {
    while (match(s, /[^a-z_](reject|malformed|stop|fail)\(/)) {
        s = substr(s, RSTART + RLENGTH)
        if (s ~ /^int code, /) # a definition
            continue
        message = message_of(s)
        if (message == "")
            complain(name ": a reason that is no string: " substr(s, 1, 60))
        else if (!(message in source)) {
            source[message] = name
            messages++
        }
    }
}

# What attacks expect begins with a file and a line.
function read_attacks(s,    expect) {
    while (match(s, /"/)) {
        expect = joined(substr(s, RSTART))
        s = rest
        if (sub(/^[A-Za-z0-9_.\/]+:[0-9]+: /, "", expect))
            cover(expect)
    }
}

# Whether a message, from its i-th word on, can go on as an attack expects from the j-th word on. Something has to be
# said that is not filled in, and behind several words that are.
function can_go_on(i, j, literally,    k) {
    if (j > said_words)
        return literally
    if (i > words)
        return 0
    if (match(word[i], /%[.*0-9]*l*[a-z]/)) {
        if (index(said[j], substr(word[i], 1, RSTART - 1)) == 1)
            for (k = j; k == j || k < said_words; k++)
                if (can_go_on(i + 1, k + 1, literally))
                    return 1
        return 0
    }
    if (j == said_words ? index(word[i], said[j]) != 1 : word[i] != said[j])
        return 0
    return can_go_on(i + 1, j + 1, 1)
}

function can_begin(message, expect) {
    said_words = split(expect, said, " ")
    words = split(message, word, " ")
    return can_go_on(1, 1, 0)
}

function cover(expect,    message, count, it) {
    for (message in source)
        if (can_begin(message, expect)) {
            count++
            it = message
        }
    if (count == 1)
        covered[it] = 1
}

function read_list(s,    line, n, i, start, message, found) {
    n = split(s, line, "\n")
    for (i = 1; i <= n; i++) {
        start = line[i]
        if (start == "" || start ~ /^#/)
            continue
        if (!sub(/ \| .*/, "", start))
            complain("unreached.txt: no reason: " start)
        found = 0
        for (message in source)
            if (index(message, start) == 1) {
                found = 1
                if (covered[message])
                    complain("unreached.txt: an attack reaches it: " start)
                covered[message] = 1
            }
        if (!found)
            complain("unreached.txt: the checker does not say it: " start)
    }
}

function complain(what) {
    print what
    bad = 1
}

END {
    for (i = 1; i <= files; i++)
        if (file[i] ~ /^src/)
            read_calls(text[i], file[i])
    for (i = 1; i <= files; i++)
        if (file[i] ~ /attacks_/)
            read_attacks(text[i])
    for (i = 1; i <= files; i++)
        if (file[i] ~ /unreached/)
            read_list(text[i])
    for (message in source)
        if (!covered[message])
            complain(source[message] ": no attack: " message)
    print messages " reasons"
    exit (bad || messages < 100)
}
' src/check/*.c tests/check/attacks_*.c tests/check/unreached.txt
