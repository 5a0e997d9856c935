# Counts the results of trx files, and names what failed. Prints "passed failed skipped", then a line per failed test.
/<UnitTestResult / {
  outcome = attribute("outcome"); name = attribute("testName")
  if (outcome == "Passed") passed++
  else if (outcome == "NotExecuted" || outcome == "Inconclusive") skipped++
  else { failed++; names[failed] = name }
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
