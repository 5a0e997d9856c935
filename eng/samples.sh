# Compiles the samples: payments with Go, ledger with the .NET SDK, user-service with what each of its languages has. Each into its own bin/, where its
# holdfast.yaml looks.

build_payments() {
  (cd samples/payments && CGO_ENABLED=0 GOFLAGS=-mod=mod GOTOOLCHAIN=local \
    go build -trimpath -buildvcs=false -ldflags=-buildid= -o bin/payments .)
}

build_ledger() {
  dotnet publish samples/ledger/ledger.csproj -c Release -r "$(host_rid)" -o samples/ledger/bin -v q
}

# Chooses and builds one; SAMPLE is its name.
build_sample() {
  if want go golang-go "compiles the sample"; then
    SAMPLE=payments
    step "Compile samples/payments (Go)" build_payments
  else
    SAMPLE=ledger
    step "Compile samples/ledger (C#)" build_ledger
  fi
}

# samples/user-service, a language after the other. One whose tools are missing is left out by name, and so are its tests.
build_user_service() {
  local language
  step "Compile samples/user-service/csharp" build_user_service_csharp
  for language in go python node java; do
    if ! "has_user_service_$language"; then
      skip "Compile samples/user-service/$language" "no tools"
    elif [ "$language" = node ]; then
      # npm's registry may be out of reach, which is nothing that we did wrong.
      try_step "Install samples/user-service/node" build_user_service_node || true
    else
      step "Compile samples/user-service/$language" "build_user_service_$language"
    fi
  done
}

build_user_service_csharp() {
  dotnet publish samples/user-service/csharp/server/server.csproj -c Release -r "$(host_rid)" -o samples/user-service/csharp/server/bin -v q &&
    dotnet publish samples/user-service/csharp/client/client.csproj -c Release -o samples/user-service/csharp/client/bin -v q
}

# Debian's gRPC for Go is a folder of sources: a GOPATH, and what protoc makes is another.
DEBIAN_GO=/usr/share/gocode

has_user_service_go() {
  has go && has protoc && has protoc-gen-go && has protoc-gen-go-grpc && [ -d "$DEBIAN_GO/src/google.golang.org/grpc" ]
}

build_user_service_go() (
  cd samples/user-service/go || return 1
  export GO111MODULE=off GOPATH="$PWD/bin:$DEBIAN_GO" GOFLAGS= CGO_ENABLED=0
  mkdir -p bin/src
  protoc -I .. --go_out=bin/src --go-grpc_out=bin/src ../user.proto &&
    go build -trimpath -ldflags=-buildid= -o server/bin/user-server ./server &&
    go build -trimpath -ldflags=-buildid= -o client/bin/user-client ./client &&
    go vet ./server ./client
)

has_user_service_python() { has protoc && has grpc_python_plugin && has_module grpc && has_module google.protobuf; }

build_user_service_python() (
  cd samples/user-service/python || return 1
  mkdir -p bin
  protoc -I .. --python_out=bin --grpc_python_out=bin --plugin=protoc-gen-grpc_python="$(command -v grpc_python_plugin)" ../user.proto
)

has_user_service_node() { has npm; }

build_user_service_node() (
  cd samples/user-service/node || return 1
  [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund
)

has_user_service_java() {
  has javac && has protoc && has grpc_java_plugin && [ -e /usr/share/java/grpc-netty.jar ] && [ -e /usr/share/java/netty-tcnative.jar ]
}

# Debian's Netty does TLS for HTTP/2 with its native library alone, and looks for that under another name than Debian gives it.
build_user_service_java() (
  cd samples/user-service/java || return 1
  mkdir -p bin/src
  cp /usr/lib/*/jni/libnetty-tcnative.so bin/libnetty_tcnative.so &&
    protoc -I .. --java_out=bin/src --grpc-java_out=bin/src --plugin=protoc-gen-grpc-java="$(command -v grpc_java_plugin)" ../user.proto &&
    find bin/src -name '*.java' >bin/sources &&
    javac @classpath -d bin UserClient.java @bin/sources
)
