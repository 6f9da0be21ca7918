# Turns docs/diagnostics.md into the table that diagnostics.h declares. An entry starts with
# "## CODE: title" and ends before the next heading. Paragraphs are wrapped for a terminal; the lines
# of code blocks are indented and their fences dropped.
function quoted(s) {
    gsub(/\\/, "\\\\", s)
    gsub(/"/, "\\\"", s)
    return "\"" s "\\n\""
}
function line(s) {
    if (blank && started)
        print "     \"\\n\""
    blank = 0
    started = 1
    print "     " quoted(s)
}
# Prints the words gathered so far, at most WIDTH columns a line.
function flush_words(    count, word, i, out) {
    count = split(words, word, " ")
    out = ""
    for (i = 1; i <= count; i++) {
        if (out != "" && length(out) + 1 + length(word[i]) > WIDTH) {
            line(out)
            out = ""
        }
        out = out (out == "" ? "" : " ") word[i]
    }
    if (out != "")
        line(out)
    words = ""
}
function finish() {
    flush_words()
    if (open)
        print "    },"
    open = 0
}
BEGIN {
    WIDTH = 78
    print "#include \"diagnostics.h\"\n\nconst Diagnostic diagnostic_table[] = {"
}
/^## [A-Z][0-9][0-9][0-9]: / {
    finish()
    title = quoted(substr($0, 10))
    sub(/\\n"$/, "\"", title)
    printf "    {\"%s\", %s,\n", substr($2, 1, 4), title
    open = 1
    blank = started = 0
    next
}
/^#/ && !fenced { finish(); next }
!open { next }
/^```/ { flush_words(); fenced = !fenced; next }
fenced { line($0 == "" ? "" : "    " $0); next }
/^$/ { flush_words(); blank = 1; next }
{ words = words " " $0 }
END {
    finish()
    print "};\n\nconst int diagnostic_rows = sizeof diagnostic_table / sizeof *diagnostic_table;"
}
