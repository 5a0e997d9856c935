// The cases as the C++ library goes through them. Names and figures are the specification's (grpc/grpc, doc/interop-test-descriptions.md).
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "compression.h"

namespace interop {

using namespace grpc::testing;
using grpc::ClientContext;
using grpc::Status;
using grpc::StatusCode;

constexpr int kLargeRequest = 271828, kLargeResponse = 314159;
const std::vector<int> kRequests = {27182, 8, 1828, 45904}, kResponses = {31415, 9, 2653, 58979};
const std::string kInitial = "x-grpc-test-echo-initial", kTrailing = "x-grpc-test-echo-trailing-bin";

template <typename A, typename B>
void Expect(const A& actual, const B& wanted, const std::string& what) {
  if (actual == wanted) return;
  std::ostringstream text;
  text << what << ": " << actual << ", wanted " << wanted;
  throw std::runtime_error(text.str());
}

inline void ExpectCode(const Status& status, StatusCode wanted) {
  if (status.error_code() != wanted) Expect(status.error_code(), wanted, "the status (" + status.error_message() + ")");
}

class Client {
 public:
  using Connect = std::function<std::shared_ptr<grpc::Channel>()>;

  explicit Client(Connect connect) : Client(connect, connect()) {}

  void EmptyUnary() {
    Empty response;
    ClientContext context;
    ExpectCode(stub_->EmptyCall(&context, Empty(), &response), StatusCode::OK);
    Expect(response.ByteSizeLong(), 0u, "the size of nothing");
  }

  void LargeUnary() {
    ClientContext context;
    Large(&context, LargeRequest());
  }

  void ClientCompressedUnary() {
    auto request = LargeRequest();
    request.mutable_expect_compressed()->set_value(true);
    ClientContext lie;
    SimpleResponse response;
    ExpectCode(stub_->UnaryCall(&lie, request, &response), StatusCode::INVALID_ARGUMENT);
    for (bool compressed : {true, false}) {
      ClientContext context;
      if (compressed) context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
      request.mutable_expect_compressed()->set_value(compressed);
      Large(&context, request);
    }
  }

  void ServerCompressedUnary() {
    for (bool compressed : {true, false}) {
      auto request = LargeRequest();
      request.mutable_response_compressed()->set_value(compressed);
      ClientContext context;
      Large(&context, request);
      Expect(InteropClientContextInspector::WasCompressed(context), compressed, "the answer is compressed");
    }
  }

  void ClientStreaming() {
    ClientContext context;
    StreamingInputCallResponse response;
    auto writer = stub_->StreamingInputCall(&context, &response);
    for (int size : kRequests) writer->Write(Input(size));
    writer->WritesDone();
    ExpectCode(writer->Finish(), StatusCode::OK);
    Expect(response.aggregated_payload_size(), 74922, "the sum");
  }

  void ClientCompressedStreaming() {
    StreamingInputCallResponse response;
    grpc::WriteOptions as_it_is;
    as_it_is.set_no_compression();
    auto packed = Input(27182), plain = Input(45904);
    packed.mutable_expect_compressed()->set_value(true);
    plain.mutable_expect_compressed()->set_value(false);
    {
      ClientContext lie;
      lie.set_compression_algorithm(GRPC_COMPRESS_GZIP);
      auto writer = stub_->StreamingInputCall(&lie, &response);
      writer->Write(packed, as_it_is);
      writer->WritesDone();
      ExpectCode(writer->Finish(), StatusCode::INVALID_ARGUMENT);
    }

    ClientContext context;
    context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
    auto writer = stub_->StreamingInputCall(&context, &response);
    writer->Write(packed);
    writer->Write(plain, as_it_is);
    writer->WritesDone();
    ExpectCode(writer->Finish(), StatusCode::OK);
    Expect(response.aggregated_payload_size(), 73086, "the sum");
  }

  void ServerStreaming() {
    StreamingOutputCallRequest request;
    for (int size : kResponses) request.add_response_parameters()->set_size(size);
    ClientContext context;
    auto reader = stub_->StreamingOutputCall(&context, request);
    for (int size : kResponses) ReadOne(reader.get(), size);
    End(reader.get(), StatusCode::OK);
  }

  void ServerCompressedStreaming() {
    StreamingOutputCallRequest request;
    for (auto [size, compressed] : {std::pair{31415, true}, std::pair{92653, false}}) {
      auto* one = request.add_response_parameters();
      one->set_size(size);
      one->mutable_compressed()->set_value(compressed);
    }
    ClientContext context;
    auto reader = stub_->StreamingOutputCall(&context, request);
    for (const auto& one : request.response_parameters()) {
      ReadOne(reader.get(), one.size());
      Expect(InteropClientContextInspector::WasCompressed(context), one.compressed().value(), "the answer of " + std::to_string(one.size()) + " is compressed");
    }
    End(reader.get(), StatusCode::OK);
  }

  void PingPong() {
    ClientContext context;
    auto stream = stub_->FullDuplexCall(&context);
    for (size_t i = 0; i < kRequests.size(); i++) {
      stream->Write(Ping(kRequests[i], kResponses[i]));
      ReadOne(stream.get(), kResponses[i]);
    }
    stream->WritesDone();
    End(stream.get(), StatusCode::OK);
  }

  void EmptyStream() {
    ClientContext context;
    auto stream = stub_->FullDuplexCall(&context);
    stream->WritesDone();
    End(stream.get(), StatusCode::OK);
  }

  void CustomMetadata() {
    {
      ClientContext context;
      Mark(&context);
      Large(&context, LargeRequest());
      Echoed(context);
    }

    ClientContext context;
    Mark(&context);
    auto stream = stub_->FullDuplexCall(&context);
    stream->Write(Ping(kLargeRequest, kLargeResponse));
    stream->WritesDone();
    ReadOne(stream.get(), kLargeResponse);
    End(stream.get(), StatusCode::OK);
    Echoed(context);
  }

  void StatusCodeAndMessage() {
    EndsWith("test status message");
    StreamingOutputCallRequest request;
    request.mutable_response_status()->set_code(2);
    request.mutable_response_status()->set_message("test status message");
    ClientContext context;
    auto stream = stub_->FullDuplexCall(&context);
    stream->Write(request);
    stream->WritesDone();
    Expect(End(stream.get(), StatusCode::UNKNOWN), "test status message", "the message");
  }

  void SpecialStatusMessage() { EndsWith("\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n"); }

  void UnimplementedMethod() {
    ClientContext context;
    Empty response;
    ExpectCode(stub_->UnimplementedCall(&context, Empty(), &response), StatusCode::UNIMPLEMENTED);
  }

  void UnimplementedServiceCase() {
    ClientContext context;
    Empty response;
    ExpectCode(unknown_->UnimplementedCall(&context, Empty(), &response), StatusCode::UNIMPLEMENTED);
  }

  void CancelAfterBegin() {
    ClientContext context;
    StreamingInputCallResponse response;
    auto writer = stub_->StreamingInputCall(&context, &response);
    context.TryCancel();
    ExpectCode(writer->Finish(), StatusCode::CANCELLED);
  }

  void CancelAfterFirstResponse() {
    ClientContext context;
    auto stream = stub_->FullDuplexCall(&context);
    stream->Write(Ping(27182, 31415));
    ReadOne(stream.get(), 31415);
    context.TryCancel();
    End(stream.get(), StatusCode::CANCELLED);
  }

  void TimeoutOnSleepingServer() {
    ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(1));
    auto stream = stub_->FullDuplexCall(&context);
    auto request = Ping(27182, 31415);
    request.mutable_response_parameters(0)->set_interval_us(100'000'000);
    stream->Write(request);
    End(stream.get(), StatusCode::DEADLINE_EXCEEDED);
  }

  void ConcurrentLargeUnary() {
    std::vector<std::future<void>> calls;
    for (int i = 0; i < 200; i++) calls.push_back(std::async(std::launch::async, [this] { LargeUnary(); }));
    for (auto& call : calls) call.get();
  }

  void Soak() {
    for (int i = 0; i < 200; i++) LargeUnary();
  }

  void ChannelSoak() {
    for (int i = 0; i < 100; i++) Client(connect_).LargeUnary();
  }

 private:
  Client(Connect connect, std::shared_ptr<grpc::Channel> channel)
      : connect_(std::move(connect)), stub_(TestService::NewStub(channel)), unknown_(UnimplementedService::NewStub(channel)) {}

  static std::string Zeros(int size) { return std::string(size, '\0'); }

  static SimpleRequest LargeRequest() {
    SimpleRequest request;
    request.set_response_size(kLargeResponse);
    request.mutable_payload()->set_body(Zeros(kLargeRequest));
    return request;
  }

  static StreamingInputCallRequest Input(int size) {
    StreamingInputCallRequest request;
    request.mutable_payload()->set_body(Zeros(size));
    return request;
  }

  static StreamingOutputCallRequest Ping(int request_size, int response_size) {
    StreamingOutputCallRequest request;
    request.mutable_payload()->set_body(Zeros(request_size));
    request.add_response_parameters()->set_size(response_size);
    return request;
  }

  void Large(ClientContext* context, const SimpleRequest& request) {
    SimpleResponse response;
    ExpectCode(stub_->UnaryCall(context, request, &response), StatusCode::OK);
    Expect(response.payload().body() == Zeros(kLargeResponse), true, "the answer is what was asked for");
  }

  void EndsWith(const std::string& message) {
    SimpleRequest request;
    request.mutable_response_status()->set_code(2);
    request.mutable_response_status()->set_message(message);
    ClientContext context;
    SimpleResponse response;
    auto status = stub_->UnaryCall(&context, request, &response);
    ExpectCode(status, StatusCode::UNKNOWN);
    Expect(status.error_message(), message, "the message");
  }

  template <typename Reader>
  static void ReadOne(Reader* reader, int size) {
    StreamingOutputCallResponse response;
    if (!reader->Read(&response)) throw std::runtime_error("no answer came: " + reader->Finish().error_message());
    Expect(response.payload().body().size(), static_cast<size_t>(size), "the size of an answer");
  }

  template <typename Reader>
  static std::string End(Reader* reader, StatusCode wanted) {
    StreamingOutputCallResponse response;
    Expect(reader->Read(&response), false, "there is one more answer");
    auto status = reader->Finish();
    ExpectCode(status, wanted);
    return status.error_message();
  }

  static void Mark(ClientContext* context) {
    context->AddMetadata(kInitial, "test_initial_metadata_value");
    context->AddMetadata(kTrailing, "\xab\xab\xab");
  }

  static void Echoed(const ClientContext& context) {
    Expect(One(context.GetServerInitialMetadata(), kInitial), "test_initial_metadata_value", kInitial);
    Expect(One(context.GetServerTrailingMetadata(), kTrailing), "\xab\xab\xab", kTrailing);
  }

  static std::string One(const std::multimap<grpc::string_ref, grpc::string_ref>& metadata, const std::string& name) {
    auto found = metadata.find(name);
    return found == metadata.end() ? "(none)" : std::string(found->second.data(), found->second.size());
  }

  Connect connect_;
  std::unique_ptr<TestService::Stub> stub_;
  std::unique_ptr<UnimplementedService::Stub> unknown_;
};

const std::map<std::string, void (Client::*)()> kCases = {
    {"empty_unary", &Client::EmptyUnary},
    {"large_unary", &Client::LargeUnary},
    {"client_compressed_unary", &Client::ClientCompressedUnary},
    {"server_compressed_unary", &Client::ServerCompressedUnary},
    {"client_streaming", &Client::ClientStreaming},
    {"client_compressed_streaming", &Client::ClientCompressedStreaming},
    {"server_streaming", &Client::ServerStreaming},
    {"server_compressed_streaming", &Client::ServerCompressedStreaming},
    {"ping_pong", &Client::PingPong},
    {"empty_stream", &Client::EmptyStream},
    {"custom_metadata", &Client::CustomMetadata},
    {"status_code_and_message", &Client::StatusCodeAndMessage},
    {"special_status_message", &Client::SpecialStatusMessage},
    {"unimplemented_method", &Client::UnimplementedMethod},
    {"unimplemented_service", &Client::UnimplementedServiceCase},
    {"cancel_after_begin", &Client::CancelAfterBegin},
    {"cancel_after_first_response", &Client::CancelAfterFirstResponse},
    {"timeout_on_sleeping_server", &Client::TimeoutOnSleepingServer},
    {"concurrent_large_unary", &Client::ConcurrentLargeUnary},
    {"rpc_soak", &Client::Soak},
    {"channel_soak", &Client::ChannelSoak},
};

inline int Call(const std::string& address, std::map<std::string, std::string>& files, const std::vector<std::string>& cases) {
  auto credentials = files.count("ca") ? grpc::SslCredentials({files["ca"], files["key"], files["cert"]}) : grpc::InsecureChannelCredentials();
  Client client([&] {
    // Else channels to one address share their connection.
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(address, credentials, arguments);
  });
  for (const auto& name : cases) {
    try {
      (client.*kCases.at(name))();
      std::cout << "ok " << name << std::endl;
    } catch (const std::out_of_range&) {
      std::cout << "FAIL " << name << ": there is no such case here" << std::endl;
    } catch (const std::exception& error) {
      std::cout << "FAIL " << name << ": " << error.what() << std::endl;
    }
  }
  std::cout << "done" << std::endl;
  return 0;
}

}  // namespace interop
