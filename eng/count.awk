# Counts the results of trx files, and names what failed. Prints "passed failed skipped", then a line per failed test, each followed by
# the first lines of its message, indented.
/<UnitTestResult / {
  outcome = attribute("outcome"); name = attribute("testName")
  failing = 0
  if (outcome == "Passed") passed++
  else if (outcome == "NotExecuted" || outcome == "Inconclusive") skipped++
  else { failed++; names[failed] = name; failing = 1 }
}
failing && /<Message>/ { telling = 1; told = 0 }
telling {
  line = $0
  over = sub(/<\/Message>.*/, "", line)
  sub(/.*<Message>/, "", line)
  gsub(/&lt;/, "<", line); gsub(/&gt;/, ">", line); gsub(/&quot;/, "\"", line); gsub(/&#x[DA];/, "", line); gsub(/&amp;/, "\\&", line)
  if (told++ < 6) names[failed] = names[failed] "\n    " substr(line, 1, 300)
  if (over) telling = 0
}
function attribute(key,   at, rest) {
  at = index($0, " " key "=\"")
  if (!at) return ""
  rest = substr($0, at + length(key) + 3)
  return substr(rest, 1, index(rest, "\"") - 1)
}
END {
  print passed + 0, failed + 0, skipped + 0
  for (i = 1; i <= failed; i++) print names[i]
}
