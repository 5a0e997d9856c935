// The server of the cases. Its settings are the library's own: what it takes for abuse, it takes for abuse here.
#pragma once

#include <chrono>
#include <condition_variable>
#include <iostream>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include <grpcpp/grpcpp.h>

#include "compression.h"

namespace interop {

using namespace grpc::testing;
using grpc::ServerContext;
using grpc::Status;
using grpc::StatusCode;

class Service final : public TestService::Service {
 public:
  Status EmptyCall(ServerContext* context, const Empty*, Empty*) override {
    Echo(context);
    return Status::OK;
  }

  Status UnaryCall(ServerContext* context, const SimpleRequest* request, SimpleResponse* response) override {
    Echo(context);
    if (request->has_expect_compressed() && !CameAs(request->expect_compressed(), context)) return NotAsSaid();
    if (request->response_status().code() != 0) return AsAsked(request->response_status());
    if (request->has_response_compressed()) context->set_compression_algorithm(request->response_compressed().value() ? GRPC_COMPRESS_GZIP : GRPC_COMPRESS_NONE);
    response->mutable_payload()->set_body(std::string(request->response_size(), '\0'));
    return Status::OK;
  }

  Status StreamingOutputCall(ServerContext* context, const StreamingOutputCallRequest* request, grpc::ServerWriter<StreamingOutputCallResponse>* writer) override {
    for (const auto& one : request->response_parameters()) {
      if (one.compressed().value()) context->set_compression_algorithm(GRPC_COMPRESS_GZIP);
    }
    return Answer(context, *request, writer);
  }

  Status StreamingInputCall(ServerContext* context, grpc::ServerReader<StreamingInputCallRequest>* reader, StreamingInputCallResponse* response) override {
    StreamingInputCallRequest request;
    int sum = 0;
    while (reader->Read(&request)) {
      if (request.has_expect_compressed() && !CameAs(request.expect_compressed(), context)) return NotAsSaid();
      sum += static_cast<int>(request.payload().body().size());
    }
    response->set_aggregated_payload_size(sum);
    return Status::OK;
  }

  Status FullDuplexCall(ServerContext* context, grpc::ServerReaderWriter<StreamingOutputCallResponse, StreamingOutputCallRequest>* stream) override {
    Echo(context);
    StreamingOutputCallRequest request;
    while (stream->Read(&request)) {
      if (request.response_status().code() != 0) return AsAsked(request.response_status());
      Status answered = Answer(context, request, stream);
      if (!answered.ok()) return answered;
    }
    return Status::OK;
  }

 private:
  static bool CameAs(const BoolValue& expected, ServerContext* context) { return InteropServerContextInspector::WasCompressed(*context) == expected.value(); }

  static Status NotAsSaid() { return {StatusCode::INVALID_ARGUMENT, "the request did not come as it says"}; }

  static Status AsAsked(const EchoStatus& status) { return {static_cast<StatusCode>(status.code()), status.message()}; }

  static void Echo(ServerContext* context) {
    for (const auto& [name, value] : context->client_metadata()) {
      if (name == "x-grpc-test-echo-initial") context->AddInitialMetadata("x-grpc-test-echo-initial", {value.data(), value.size()});
      if (name == "x-grpc-test-echo-trailing-bin") context->AddTrailingMetadata("x-grpc-test-echo-trailing-bin", {value.data(), value.size()});
    }
  }

  template <typename Writer>
  static Status Answer(ServerContext* context, const StreamingOutputCallRequest& request, Writer* writer) {
    for (const auto& one : request.response_parameters()) {
      Wait(context, std::chrono::microseconds(one.interval_us()));
      if (context->IsCancelled()) return Status::CANCELLED;
      StreamingOutputCallResponse response;
      response.mutable_payload()->set_body(std::string(one.size(), '\0'));
      grpc::WriteOptions options;
      if (one.has_compressed() && !one.compressed().value()) options.set_no_compression();
      if (!writer->Write(response, options)) return Status::CANCELLED;
    }
    return Status::OK;
  }

  // A call that nobody waits for any longer ends its wait. In steps: this kind of server is not told.
  static void Wait(ServerContext* context, std::chrono::microseconds interval) {
    auto until = std::chrono::steady_clock::now() + interval;
    while (std::chrono::steady_clock::now() < until && !context->IsCancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
};

inline int Serve(std::map<std::string, std::string>& files) {
  auto credentials = grpc::InsecureServerCredentials();
  if (files.count("ca")) {
    grpc::SslServerCredentialsOptions options(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    options.pem_root_certs = files["ca"];
    options.pem_key_cert_pairs.push_back({files["key"], files["cert"]});
    credentials = grpc::SslServerCredentials(options);
  }

  Service service;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", credentials, &port);
  builder.RegisterService(&service);
  auto server = builder.BuildAndStart();
  if (!server) return 1;
  std::cout << port << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
  }
  server->Shutdown(std::chrono::system_clock::now());
  return 0;
}

}  // namespace interop
