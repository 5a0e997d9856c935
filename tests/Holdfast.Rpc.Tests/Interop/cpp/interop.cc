// gRPC's interoperability cases on the C core by its own library, client or server, in plain HTTP/2 or mutual TLS:
//   interop server [--ca FILE --cert FILE --key FILE]            says its port, and serves until its input ends
//   interop client ADDRESS [--ca … --cert … --key …] CASE…       says "ok CASE" or "FAIL CASE: why" for each, then "done"
// One translation unit, the generated code too: the headers take longer to read than all of this to compile.
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "interop.pb.cc"
#include "interop.grpc.pb.cc"

#include "client.h"
#include "server.h"

namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::stringstream content;
  content << file.rdbuf();
  if (!file) throw std::runtime_error("cannot read " + path);
  return content.str();
}

}  // namespace

int main(int count, char** words) {
  std::vector<std::string> plain;
  std::map<std::string, std::string> files;
  for (int i = 1; i < count; i++) {
    std::string word = words[i];
    if (word.rfind("--", 0) == 0 && i + 1 < count) files[word.substr(2)] = ReadFile(words[++i]);
    else plain.push_back(word);
  }

  if (plain.size() == 1 && plain[0] == "server") return interop::Serve(files);
  if (plain.size() > 1 && plain[0] == "client") return interop::Call(plain[1], files, {plain.begin() + 2, plain.end()});
  std::cerr << "interop server | client ADDRESS CASE…, each with --ca, --cert and --key for mutual TLS\n";
  return 2;
}
