# Compiles the samples: payments with Go, ledger with the .NET SDK. Each into its own bin/, where its holdfast.yaml looks.

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
