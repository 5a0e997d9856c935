# most FIGURE LIMIT, least FIGURE LIMIT  whether a figure is what was to be reached, in words.
most() { awk -v a="$1" -v b="$2" 'BEGIN { print (a == "-" ? "not measured" : a <= b ? "reached" : sprintf("**missed** by %.0f %%", (a / b - 1) * 100)) }'; }
least() { awk -v a="$1" -v b="$2" 'BEGIN { print (a == "-" ? "not measured" : a >= b ? "reached" : sprintf("**missed** by %.0f %%", (1 - a / b) * 100)) }'; }
