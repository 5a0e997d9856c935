# The independent implementations of gRPC that our own talks to in its tests (tests/Holdfast.Rpc.Tests/Interop). Python's is a package of the system; these two
# are made here, into artifacts/interop, where the tests look. What cannot be had is said, and its tests are skipped by name.
CPP_PEER=artifacts/interop/cpp/interop
NODE_PEER=artifacts/interop/node
PEER_SOURCES=tests/Holdfast.Rpc.Tests/Interop

make_peers() {
  if has g++ && has protoc && has grpc_cpp_plugin && pkg-config --exists grpc++ protobuf 2>/dev/null; then
    make_cpp_peer
  else
    rm -f "$CPP_PEER"
    say "  Not there: the C++ peer (g++, pkg-config, protoc, grpc_cpp_plugin and libgrpc++ are needed)"
  fi
  if has npm; then make_node_peer; fi
}

make_cpp_peer() {
  if [ -x "$CPP_PEER" ] && [ -z "$(find "$PEER_SOURCES/cpp" "$PEER_SOURCES/../Protos/interop.proto" eng/peers.sh -newer "$CPP_PEER")" ]; then
    skip "Compile the C++ peer" "there"
  else
    rm -f "$CPP_PEER"
    step "Compile the C++ peer" compile_cpp_peer
  fi
}

compile_cpp_peer() {
  local made
  made=$(dirname "$CPP_PEER")/made
  mkdir -p "$made"
  protoc -I "$PEER_SOURCES/../Protos" --cpp_out="$made" --grpc_out="$made" --plugin=protoc-gen-grpc="$(command -v grpc_cpp_plugin)" interop.proto || return 1
  # shellcheck disable=SC2046 # several flags are several words
  g++ -std=c++17 -O1 -Wall -Werror -isystem "$made" -I "$PEER_SOURCES/cpp" -o "$CPP_PEER" "$PEER_SOURCES/cpp/interop.cc" \
    $(pkg-config --cflags --libs grpc++ protobuf)
}

# What the lock file names, and nothing else; none of its install scripts is needed.
make_node_peer() {
  if cmp -s "$PEER_SOURCES/node/package-lock.json" "$NODE_PEER/package-lock.json" && [ -f "$NODE_PEER/complete" ]; then
    skip "Get @grpc/grpc-js" "there"
    return
  fi
  rm -rf "$NODE_PEER"
  mkdir -p "$NODE_PEER"
  cp "$PEER_SOURCES"/node/package*.json "$NODE_PEER"
  if try_step "Get @grpc/grpc-js" npm ci --prefix "$NODE_PEER" --ignore-scripts --no-audit --no-fund; then touch "$NODE_PEER/complete"; fi
}
