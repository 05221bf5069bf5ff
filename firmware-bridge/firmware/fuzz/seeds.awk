# Makes the fuzzers' first inputs of line/golden-lines.tsv (PROTOCOL.md §16): one file a row and fuzzer.
# Run in the C locale, so that characters are bytes: LC_ALL=C awk -v line=DIR -v box=DIR -f fuzz/seeds.awk golden-lines.tsv
function unescape(text,    out, at) {
    out = ""
    while ((at = match(text, /\\x[0-9A-F][0-9A-F]/)) > 0) {
        out = out substr(text, 1, at - 1) sprintf("%c", hex(substr(text, at + 2, 2)))
        text = substr(text, at + 4)
    }
    return out text
}

function hex(digits) { return 16 * digit(substr(digits, 1, 1)) + digit(substr(digits, 2, 1)) }
function digit(character) { return index("0123456789ABCDEF", character) - 1 }

BEGIN { FS = "\t" }
/^#/ || /^$/ { next }
{
    text = unescape($2)
    name = sprintf("/golden-%03d", NR)
    # line_fuzz: even = as it is, odd = the body alone, to be framed there.
    printf "@%s", text > (line name)
    close(line name)
    if ($3 == "ok") {
        printf "A%s", substr(text, 1, length(text) - 5) > (line name "-body")
        close(line name "-body")
    }
    # box_fuzz: EEPROM 2; wait 32 ms twice for the boot; press 1 for 32 ms; the line and its end; wait.
    if (length(text) < 90) {
        printf "%c%c%c%c%c%c%c%c%c%c%c%s\n%c%c", 2, 1, 31, 1, 31, 2, 1, 1, 31, 9, length(text) + 1, text, 1, 31 > (box name)
        close(box name)
    }
}
