# Reads what `gcov -b -c` prints and says how much of each file of lib/ was reached: lines, and branches taken at least
# once. Fails below `least` per cent of either, in any file or in total, and when gcov saw no file at all.
function percent(reached, all) { return all ? 100 * reached / all : 100 }

function report(name, lines, linesAll, branches, branchesAll) {
    printf "%-16s lines %5.1f %% of %4d   branches %5.1f %% of %4d\n", name, percent(lines, linesAll), linesAll, \
        percent(branches, branchesAll), branchesAll
    if (percent(lines, linesAll) < least || percent(branches, branchesAll) < least) {
        print "  less than " least " %"
        failed = 1
    }
}

function end_of_file() {
    if (name == "") return
    report(name, lines, linesAll, branches, branchesAll)
    sumLines += lines; sumLinesAll += linesAll; sumBranches += branches; sumBranchesAll += branchesAll
    files++
    name = ""
}

/^File / {
    end_of_file()
    inLib = index($0, "lib/") > 0
    if (!inLib) next
    name = $2
    gsub(/\047|.*lib\//, "", name)
    lines = linesAll = branches = branchesAll = 0
}

# gcov rounds its percentages to two places, so whole numbers come back by rounding. Behind the last file stands a sum
# of its own, which isn't the file's.
inLib && !linesAll && /^Lines executed:/ { split($2, part, /[:%]/); linesAll = $4; lines = int(part[2] * $4 / 100 + 0.5) }
inLib && /^Taken at least once:/ { split($4, part, /[:%]/); branchesAll = $6; branches = int(part[2] * $6 / 100 + 0.5) }
/^$/ { end_of_file(); inLib = 0 }

END {
    end_of_file()
    report("total", sumLines, sumLinesAll, sumBranches, sumBranchesAll)
    if (files == 0 || sumLinesAll == 0) { print "gcov saw no file of lib/"; failed = 1 }
    exit failed
}
