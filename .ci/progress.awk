# Shows how far pip is: "  12 of 76 packages", on one line that grows; all that pip said when it fails.
BEGIN { tty = (system("test -t 1") == 0) }
/^pip ended: / { status = $3; next }
{ said[++lines] = $0 }
/^[[:space:]]*(Collecting|Requirement already satisfied: |Downloading link|Using cached )/ {
	if ($1 == "Collecting" || $1 == "Requirement") show(++fetched)
}
/^Installing collected packages/ { print (tty ? "\r" : "") "  putting " total " packages in place           " ; fflush() }
function show(done) {
	if (done > total) done = total
	if (tty) printf "\r  %d of %d packages", done, total
	else if (done % 20 == 0) print "  " done " of " total " packages"
	fflush()
}
END {
	if (status != 0) {
		for (line = 1; line <= lines; line++) print said[line] > "/dev/stderr"
		exit status == "" ? 1 : status
	}
}
