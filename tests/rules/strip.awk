# The code of a C file without comments, white space squeezed; a line in the middle of a comment is
# empty. Texts in quotes stay as they are.
{
    out = ""
    for (i = 1; i <= length($0); i++) {
        c = substr($0, i, 1)
        two = substr($0, i, 2)
        if (comment) {
            if (two == "*/") {
                comment = 0
                i++
            }
        } else if (quote != "") {
            out = out c
            if (c == "\\")
                out = out substr($0, ++i, 1)
            else if (c == quote)
                quote = ""
        } else if (two == "//") {
            break
        } else if (two == "/*") {
            comment = 1
            i++
        } else {
            if (c == "\"" || c == "'")
                quote = c
            out = out c
        }
    }
    gsub(/[ \t]+/, " ", out)
    sub(/^ /, "", out)
    sub(/ $/, "", out)
    if (out != "")
        print FILENAME ": " out
}
