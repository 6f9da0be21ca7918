# Turns docs/diagnostics.md into the table that diagnostics.h declares. An entry starts with
# "## CODE: title" and ends before the next heading; blank lines around its text are dropped, and so
# are the fences of code blocks, whose lines are indented instead.
function quoted(s) {
    gsub(/\\/, "\\\\", s)
    gsub(/"/, "\\\"", s)
    return "\"" s "\\n\""
}
function finish() {
    if (open)
        print "    },"
    open = 0
}
BEGIN {
    print "#include \"diagnostics.h\"\n\nconst Diagnostic diagnostic_table[] = {"
}
/^## [A-Z][0-9][0-9][0-9]: / {
    finish()
    title = substr($0, 10)
    gsub(/\\/, "\\\\", title)
    gsub(/"/, "\\\"", title)
    printf "    {\"%s\", \"%s\",\n", substr($2, 1, 4), title
    open = 1
    blank = started = 0
    next
}
/^#/ && !fenced { finish(); next }
!open { next }
/^```/ { fenced = !fenced; next }
/^$/ { blank = 1; next }
{
    if (blank && started)
        print "     \"\\n\""
    blank = 0
    started = 1
    print "     " quoted(fenced ? "    " $0 : $0)
}
END {
    finish()
    print "};\n\nconst int diagnostic_rows = sizeof diagnostic_table / sizeof *diagnostic_table;"
}
